#pragma once
// `roadbookd export payments`.
#include "sync-server/app/administer.hpp"

namespace roadbook::server {

/// Errors: bad_argument for a day or a person; file_unreadable, storage_full when the file cannot be written: what was paid is noted all the
/// same, and `--again DAY` lists it.
[[nodiscard]] Result<Answer> export_payments(Hub& hub, const ExportPaymentsCall& call);

} // namespace roadbook::server
