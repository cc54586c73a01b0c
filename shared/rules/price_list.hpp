#pragma once
// One version of a price list as the rules read it: a plain copy of a record of kind "price_list".
#include "shared/schema/record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace roadbook::rules {

struct PriceEntry {
    RecordId product;
    std::int64_t minimum_quantity = 0; ///< thousandths; the tier holds from here on
    Money unit_price;
    std::optional<Money> floor_price;
};

/// Each version of a list is a record of its own; versions belong together by their `code` (or name, without a code).
struct PriceList {
    RecordId id;
    std::string code;
    std::int64_t version = 0;
    std::string currency;
    std::string valid_from;  ///< first day, "2026-06-01"; empty: always was
    std::string valid_until; ///< last day; empty: until further notice
    std::string customer_group;      ///< empty: for every group
    std::optional<RecordId> account; ///< a list for this customer only
    std::int64_t priority = 0;       ///< among lists of one level the greater goes first
    bool deleted = false;
    std::vector<PriceEntry> entries;

    /// "STD v13"
    [[nodiscard]] std::string title() const;
};

/// Entries without a product or price are left out: nothing can be sold by them.
[[nodiscard]] PriceList price_list_from(const schema::Record& record);

} // namespace roadbook::rules
