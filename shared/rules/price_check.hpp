#pragma once
// A quote line against what holds: is its price still the list's, is it above the floor, is the discount one that this
// person may give? Nothing here changes a line: it says what a person may want to do.
#include "shared/rules/price_resolution.hpp"
#include "shared/schema/kind.hpp"

#include <array>

namespace roadbook::rules {

/// What a line keeps of the price it was made with.
struct QuotedLine {
    ChildId id;
    std::optional<RecordId> product;
    std::int64_t quantity = 0; ///< thousandths
    Money unit_price;
    std::int64_t discount = 0;        ///< the line's, hundredths of a percent
    std::optional<RecordId> list;     ///< the line's, or the quote's
    std::int64_t version = 0;         ///< of the list; 0: not kept
};
/// Lines without a price are left out: there is nothing to compare yet.
[[nodiscard]] std::vector<QuotedLine> quoted_lines_of(const schema::Record& quote);

enum class Standing {
    holds,
    superseded,    ///< another version of the list is in force, and the price changed
    other_list,    ///< another list goes first now, and the price changed
    other_price,   ///< same list and version: the price was typed in
    no_price,      ///< no list in force names a price
};

/// "List superseded, re-price to 92?"
struct PriceCheck {
    Standing standing = Standing::holds;
    std::optional<Money> reprice_to; ///< offered, never applied by itself
    Words words;
    bool operator==(const PriceCheck&) const = default;
};
[[nodiscard]] PriceCheck compare(const QuotedLine& line, const PriceAnswer& answer);

/// How much off the list price a role may give, hundredths of a percent; nothing: as much as it likes.
struct DiscountLimits {
    std::array<std::optional<std::int64_t>, schema::role_count> by_role;
    std::optional<std::int64_t> of_account; ///< account_terms.discount_limit; the lower of the two counts
    [[nodiscard]] std::optional<std::int64_t> of(schema::Role role) const noexcept;
};

/// What the discount limits of the company say for prices of this list and currency. A limit for the list goes before one for the currency,
/// that before a general one; of equals the lowest counts. Deleted records say nothing.
[[nodiscard]] DiscountLimits discount_limits_from(std::span<const schema::Record> limits, const std::optional<RecordId>& price_list,
                                                  std::string_view currency);

/// Findings "below_floor" (`over` is what one unit lacks) and "discount_over_limit". Both look at the price after the line's
/// discount and the discount on the whole, so a low price typed in counts like a discount. Errors: too_large.
[[nodiscard]] Result<std::vector<Finding>> check_limits(const QuotedLine& line, std::int64_t discount_on_whole, const Price& price,
                                                        schema::Role role, const DiscountLimits& limits);

} // namespace roadbook::rules
