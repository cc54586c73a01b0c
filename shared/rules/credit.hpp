#pragma once
// How much of a customer's credit is taken by what was promised but not finished: open orders and accepted quotes. A
// function of what the viewer holds; two devices that hold different orders may differ until they have synced.
#include "shared/rules/exchange.hpp"
#include "shared/rules/finding.hpp"

namespace roadbook::rules {

/// One open promise of an account.
struct OpenAmount {
    RecordId record;
    std::string kind; ///< "order" or "quote"
    std::string number;
    Money amount;
    bool operator==(const OpenAmount&) const = default;
};

struct CreditExposure {
    Money total; ///< in the limit's currency; what could not be converted is not in it
    std::vector<OpenAmount> parts;       ///< by kind, number, id; amounts as they stand in their records
    std::vector<OpenAmount> unconverted; ///< no rate known by the day
    std::vector<Finding> findings;       ///< "over_credit_limit" (`over` is by how much), "rate_missing"
    bool operator==(const CreditExposure&) const = default;
};

/// The open amounts of one account, among its quotes and orders: orders that are neither delivered nor cancelled, and accepted
/// quotes that no order of the list was made from (its `quote`). Deleted records do not count. Errors: too_large.
[[nodiscard]] Result<std::vector<OpenAmount>> open_amounts_of(RecordId account, std::span<const schema::Record> records);

/// Amounts in other currencies are converted by the latest rate up to `day`. Errors: too_large; invalid_value for a limit in
/// an unknown currency.
[[nodiscard]] Result<CreditExposure> credit_exposure(const Money& limit, std::vector<OpenAmount> open,
                                                     std::span<const ExchangeRate> rates, std::string_view day);

} // namespace roadbook::rules
