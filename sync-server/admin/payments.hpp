#pragma once
// The finance department's run: everything that was approved and is due is noted as paid, once, and listed for the bank.
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

struct PaymentRow {
    RecordId report;
    std::string number;
    RecordId person; ///< who is paid
    ChildId item;
    std::string spent_on, category, description;
    Money amount;    ///< less than zero: a credit
    std::string approval, paid_on, reference;
};

struct PaymentRun {
    std::vector<PaymentRow> rows; ///< by number of the report, then as its items stand
    struct Left {
        RecordId report;
        std::string number;
        Error why;
    };
    std::vector<Left> left; ///< refused, and not in `rows`
};

struct PaymentOptions {
    std::string paid_on;   ///< "2026-12-01"
    std::string reference; ///< of the bank; may be empty
    RecordId by;           ///< on whose behalf; nil: the server's own. Nobody pays his own report.
    bool dry_run = false;  ///< writes nothing
};

/// What is due is paid at most once, however often and wherever this runs: an entry's id follows from what it pays, and what another run has
/// paid meanwhile is refused. Ids may be derived here only, since only the server's actor makes them.
[[nodiscard]] PaymentRun pay_due(Hub& hub, const PaymentOptions& options);
/// What was noted as paid on this day, by whomever: pays nothing.
[[nodiscard]] PaymentRun payments_of(Hub& hub, std::string_view day);

} // namespace roadbook::server
