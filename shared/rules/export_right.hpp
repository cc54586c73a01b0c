#pragma once
// Who may take records out as a file. All that a device holds its person may read; a whole book of customers on a stick is another matter.
#include "shared/base/result.hpp"
#include "shared/schema/roles.hpp"

#include <chrono>
#include <cstdint>

namespace roadbook::rules {

/// So many records in this time without the right: one's own customers and the month's visits, but not a company's books in slices.
inline constexpr std::int64_t export_records_max = 500;
inline constexpr std::chrono::hours export_window{24};

struct Exporting {
    schema::Role role = schema::Role::rep;
    bool has_right = false;          ///< `may_export` of the person; an administrator needs none
    std::int64_t records = 0;
    std::int64_t before = 0;         ///< exported by this person within export_window
    std::int64_t by_role_alone = 0;  ///< of `records`: neither his own nor of his people, seen only since his role sees them in the whole company
};

/// Errors: not_allowed, with the reason.
[[nodiscard]] Result<void> may_export(const Exporting& exporting);

} // namespace roadbook::rules
