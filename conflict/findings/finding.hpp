#pragma once
// What is wrong with a set of records, though each of them is right by itself: two visits at one time, one receipt claimed twice. A finding
// refuses nothing and changes nothing: it names the records, says what they cost and proposes a way out.
#include "shared/base/clock.hpp"
#include "shared/rules/finding.hpp"
#include "shared/schema/record.hpp"

#include <functional>
#include <span>

namespace roadbook::findings {

using rules::Words;

/// An edit that a person may make to end it, as data. Nothing is ever made by itself.
struct Proposal {
    std::string act;      ///< "set": the field `path` of `record` to `value`; "merge_accounts": `value` is the one that goes into `record`
    RecordId record;
    std::string path;     ///< "planned_at", "lines/ID/unit_price"
    schema::Value value;
    bool operator==(const Proposal&) const = default;
};

struct Finding {
    std::string name;                ///< its identity, the same on every replica: "double_booking/ID/ID"
    std::string rule;                ///< stable: "double_booking"
    std::vector<RecordId> records;   ///< that cause it, the oldest first; of very many the oldest
    std::vector<RecordId> people;    ///< whom it concerns, by id
    std::optional<Money> money;      ///< what is at stake
    std::optional<Duration> time;    ///< of somebody's day
    std::optional<std::int64_t> quantity; ///< missing, in thousandths
    Words words;                     ///< what it is
    Words way_out;                   ///< what one may do about it
    std::vector<Proposal> proposals; ///< the same as data; empty: only people can find a way
    bool operator==(const Finding&) const = default;
};

/// The other records that an explanation reads, as far as its reader has them. Borrowed for one call.
struct Source {
    std::function<std::optional<schema::Record>(const RecordId& id, std::string_view kind)> record;
    std::function<std::vector<schema::Record>(std::string_view kind)> all; ///< of a kind that is few: price lists, calendars; deleted ones may be there

    /// What people call it; a short form of the id for one that is not here.
    [[nodiscard]] std::string title(const RecordId& id, std::string_view kind) const;
};

} // namespace roadbook::findings
