#pragma once
// Two records that look like one and are two. A person says so once, with a reason, in the collection `apart_from` of the older one; it holds on
// every replica until something of what was compared changes, since then it may be another case.
#include "shared/schema/record.hpp"

#include <string_view>

namespace roadbook::findings {

inline constexpr std::string_view apart_collection = "apart_from";

/// The record type of a finding by its rule ("duplicate_account"); empty: nobody can dismiss such a finding.
[[nodiscard]] std::string_view kind_of_dismissable(std::string_view rule) noexcept;

/// What of one record is compared with others, as a digest. Of two: the older one's before the younger one's.
[[nodiscard]] std::string compared_in(const schema::Record& record);

/// One thing that somebody has said. `compared`: of both.
struct Apart {
    ChildId entry;
    RecordId other;
    std::string compared;
    std::string reason;
};
/// Entries that were taken back are left out.
[[nodiscard]] std::vector<Apart> aparts_of(const schema::Record& record);

} // namespace roadbook::findings
