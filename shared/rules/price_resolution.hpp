#pragma once
// Which price holds for this product, quantity, customer and day, and why: the price that holds and, for each list that
// does not, the reason. Pure; the order of the lists decides nothing, so every device and the server answer alike.
//
// A customer's own list goes before a list of the customer's group, and that before a standard list. On one level the
// greater priority goes first, then the list that came into force later. Of one list only the highest version in force
// counts, and it counts whole: what it no longer names is no longer on the list. The tier is the highest that the
// quantity reaches.
#include "shared/rules/finding.hpp"
#include "shared/rules/price_list.hpp"

#include <span>

namespace roadbook::rules {

struct PriceQuery {
    RecordId product;
    std::int64_t quantity = 1'000; ///< thousandths
    std::string day;               ///< "2026-06-01"
    RecordId account;
    std::string customer_group; ///< of the account
    std::string currency;       ///< empty: any
};

enum class PriceLevel { standard, group, customer }; ///< the later goes first

enum class LeftOut {
    deleted,
    other_currency,
    other_customer,
    other_group,
    not_yet,         ///< comes into force after the day
    expired,
    superseded,      ///< a higher version of the same list is in force
    not_listed,      ///< the product is not on it
    below_tier,      ///< the quantity reaches no tier
    behind_another,  ///< applies, but another goes first
};
[[nodiscard]] std::string_view name(LeftOut reason) noexcept;

struct ListLeftOut {
    RecordId list;
    std::string code;  ///< of the list, whatever the version
    std::string title; ///< "STD v12"
    LeftOut reason = LeftOut::deleted;
    Words why;
    bool operator==(const ListLeftOut&) const = default;
};

/// What holds. list, version and unit_price are what a quote line keeps.
struct Price {
    RecordId list;
    std::string code;
    std::int64_t version = 0;
    std::string valid_from;
    PriceLevel level = PriceLevel::standard;
    std::int64_t tier_from = 0; ///< thousandths
    Money unit_price;
    std::optional<Money> floor_price;
    bool operator==(const Price&) const = default;
};

struct PriceAnswer {
    std::optional<Price> price; ///< nothing: no list names a price
    Words why;
    std::vector<ListLeftOut> left_out; ///< by title, then id
    bool operator==(const PriceAnswer&) const = default;
};

[[nodiscard]] PriceAnswer resolve_price(const PriceQuery& query, std::span<const PriceList> lists);

} // namespace roadbook::rules
