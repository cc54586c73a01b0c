#pragma once
// A rule sees records through marks: small facts under a key, so that only records that share a key are ever compared. Judging reads marks
// alone and no clock, so findings are a function of the set of records. Inside this room.
#include "conflict/findings/finding.hpp"
#include "conflict/merge/merged_record.hpp"

#include <map>

namespace roadbook::findings {

/// One fact of one record in one group.
struct Mark {
    std::string group;           ///< "booked/PERSON/2026-03-02"
    std::string tag;             ///< the record's kind, or what part it plays
    std::string unit;            ///< a currency, or the text that is compared
    std::int64_t low = 0;        ///< amount, or when it begins
    std::int64_t high = 0;       ///< when it ends
    std::optional<RecordId> ref; ///< another record
    std::optional<RecordId> who; ///< the person concerned
    /// It counts only while no other record of the group that does not yield names the same `ref`: a quote, until it became an order.
    bool yields = false;
    std::string compared = {}; ///< of what can be said to be two: apart.hpp
    std::string apart = {};    ///< and which others are not this one, as people have said: lines of id and what was compared
    auto operator<=>(const Mark&) const = default;
};
using Marks = std::vector<Mark>;

struct Member {
    RecordId record;
    Mark mark;
};

/// More share a key only where it says nothing (a switchboard, a common word): then only sums are judged.
inline constexpr std::size_t members_max = 256;

struct Group {
    std::string key;
    std::vector<Member> members; ///< by record; at most members_max + 1, of a rule that sums the latest
    std::map<std::string, std::int64_t> sums; ///< of `low` by tag over all that count, however many; where the rule asks for it
    [[nodiscard]] std::int64_t sum() const;
    [[nodiscard]] bool is_crowded() const noexcept { return members.size() > members_max; }
    /// The n-th word of the key.
    [[nodiscard]] std::string_view word(int n) const;
    [[nodiscard]] std::optional<RecordId> id(int n) const { return RecordId::parse(word(n)); }
};
/// Without those that yield.
[[nodiscard]] std::vector<Member> counting(std::span<const Member> members);

/// What judging gives: enough to find it again.
struct Found {
    std::string name;
    std::vector<RecordId> records;
    auto operator<=>(const Found&) const = default;
};
[[nodiscard]] std::string name_of(std::string_view rule, const RecordId& one, const RecordId& other);
/// Every two members of different records of which this is true, each two once. Nothing in a crowded group.
[[nodiscard]] std::vector<Found> found_pairs(const Group& group, const std::function<std::string(const Member& one)>& rule,
                                             const std::function<bool(const Member& one, const Member& other)>& do_meet);

/// Latest rate for one unit of `from` in `to`, in millionths, as it is known here.
using Rate = std::function<std::optional<std::int64_t>(std::string_view from, std::string_view to)>;

/// What an explanation may look at.
struct Here {
    const Source& source;
    const Rate& rate;
    std::function<Group(const std::string& key)> group; ///< any group, such as the bookings of another day
};

struct Rule {
    std::string_view prefix; ///< of its groups, with the slash
    void (*mark)(const merge::Merged& merged, Marks& marks);
    std::vector<Found> (*judge)(const Group& group, const Rate& rate);
    /// `finding` has name, rule, records and people; `groups` are those in which it was found.
    void (*explain)(Finding& finding, std::span<const Group> groups, const Here& here);
    bool sums = false;
};
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const Rule* rule_of(std::string_view group);
/// Changes when marks or judging change: what stands in a file is then made anew.
inline constexpr int rules_version = 2;

/// All marks of a record, sorted. A deleted one has none.
[[nodiscard]] Marks marks_of(const merge::Merged& merged);

// One file each.
extern const Rule double_booking, double_use, duplicates_by_tax, duplicates_by_phone, duplicates_by_mail, duplicates_by_name, overdrawn_stock, oversold,
    over_credit, exchange_rates, receipt_file_twice, receipt_number_twice, two_prices, lead_twice, completed_after_cancel, account_aliases;

// What several rules need.
[[nodiscard]] std::string key(std::initializer_list<std::string_view> words);
/// "2026-03-02 09:30 UTC"
[[nodiscard]] std::string minute_text(Time time);
[[nodiscard]] std::string day_text(Time time);
/// When a record was made, as its id says.
[[nodiscard]] Time made_at(const RecordId& id);

} // namespace roadbook::findings
