#pragma once
// What a quote, an order or an expense report comes to: computed from its lines and items each time, never stored, so
// that no total can contradict what it adds up. Pure and exact: integers of minor units, the same on every device and
// the server.
#include "shared/schema/record.hpp"

#include <vector>

namespace roadbook::rules {

/// The lines of one tax rate. The tax is on what is left after the discount on the whole; unit prices never include it.
struct Tax {
    std::int64_t rate = 0;   ///< hundredths of a percent: 13 % is 1300
    std::int64_t net = 0;    ///< lines of this rate less their share of the discount on the whole
    std::int64_t amount = 0; ///< exact over all lines of the rate, then rounded once, half away from zero
    bool operator==(const Tax&) const = default;
};

/// One currency of a record. total = lines - discount + freight + tax.
struct Sum {
    std::string currency;
    std::int64_t lines = 0;    ///< of lines after their own discounts, or of items
    std::int64_t discount = 0; ///< the discount on the whole, rounded half away from zero
    std::int64_t freight = 0;  ///< neither discounted nor taxed: taxed freight is a line
    std::int64_t tax = 0;      ///< of all rates
    std::vector<Tax> taxes{};  ///< one a rate that a line names, by rate; a line that names none is not taxed
    [[nodiscard]] Money total() const { return {lines - discount + freight + tax, currency}; }
    bool operator==(const Sum&) const = default;
};

struct Totals {
    std::vector<Sum> sums; ///< one a currency, by its code; currencies are never mixed
    int incomplete = 0;    ///< lines or items that have no price or quantity yet: not in the sums
    bool operator==(const Totals&) const = default;
};

/// Does a record of this kind come to a total?
[[nodiscard]] bool has_totals(std::string_view kind) noexcept;

/// quantity * unit_price less the line's discount, before tax, rounded once, half away from zero; an item's `amount`. An
/// empty currency: the line is incomplete. Errors: too_large.
[[nodiscard]] Result<Money> amount_of(const schema::Fields& line);

/// Removed lines do not count. Errors: too_large when a sum leaves 64 bits; bad_argument for a kind without totals.
[[nodiscard]] Result<Totals> totals_of(const schema::Record& record);

} // namespace roadbook::rules
