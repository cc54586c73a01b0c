#pragma once
// What a quote, an order or an expense report comes to: computed from its lines and items each time, never stored, so
// that no total can contradict what it adds up. Pure and exact: integers of minor units, the same on every device and
// the server.
#include "shared/schema/record.hpp"

#include <vector>

namespace roadbook::rules {

/// One currency of a record. total = lines - discount + freight.
struct Sum {
    std::string currency;
    std::int64_t lines = 0;    ///< of lines after their own discounts, or of items
    std::int64_t discount = 0; ///< the discount on the whole, rounded half away from zero
    std::int64_t freight = 0;  ///< not discounted
    [[nodiscard]] Money total() const { return {lines - discount + freight, currency}; }
    bool operator==(const Sum&) const = default;
};

struct Totals {
    std::vector<Sum> sums; ///< one a currency, by its code; currencies are never mixed
    int incomplete = 0;    ///< lines or items that have no price or quantity yet: not in the sums
    bool operator==(const Totals&) const = default;
};

/// Does a record of this kind come to a total?
[[nodiscard]] bool has_totals(std::string_view kind) noexcept;

/// quantity * unit_price less the line's discount, rounded once, half away from zero; an item's `amount`. An empty
/// currency: the line is incomplete. Errors: too_large.
[[nodiscard]] Result<Money> amount_of(const schema::Fields& line);

/// Removed lines do not count. Errors: too_large when a sum leaves 64 bits; bad_argument for a kind without totals.
[[nodiscard]] Result<Totals> totals_of(const schema::Record& record);

} // namespace roadbook::rules
