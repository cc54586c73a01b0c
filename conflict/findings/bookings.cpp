// CONFLICT: one person, with his van, is to be in two places at one time; or one machine is to be worked on by two people at one time.
// RESOLUTION: both stand until somebody moves one; the next free slot of a working day is proposed for the later one.
#include "conflict/findings/rule.hpp"
#include "shared/rules/fields.hpp"
#include "shared/rules/working_calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::findings {
namespace {

using schema::Record;

constexpr std::chrono::minutes visit_lasts{60};    // where nobody said until when
constexpr std::chrono::minutes work_lasts{120};
constexpr int days_max = 14;                       // of one booking: longer ones are no appointments
constexpr int days_looked_ahead = 14;              // for a free slot

struct Booking {
    std::optional<RecordId> person;
    std::optional<RecordId> thing;
    Time from, until;
};

std::optional<Booking> booking_of(const Record& record)
{
    const auto status = schema::text_of(record, "status");
    const bool is_visit = record.kind == "visit";
    if (is_visit ? status == "cancelled" || status == "done" : record.kind != "work_order" || status == "cancelled" || status == "completed" || status == "closed")
        return std::nullopt;
    const auto from = rules::value_in<Time>(record.fields, is_visit ? "planned_at" : "appointment_start");
    if (!from) return std::nullopt;
    const auto until = rules::value_in<Time>(record.fields, is_visit ? "planned_until" : "appointment_end");
    const auto usual = *from + (is_visit ? visit_lasts : work_lasts);
    return Booking{schema::reference_of(record, is_visit ? "owner" : "assignee"), is_visit ? std::nullopt : schema::reference_of(record, "asset"), *from,
                   until && *until > *from ? *until : usual};
}

void mark_days(Marks& marks, std::string_view prefix, const RecordId& id, const Record& record, const Booking& booking)
{
    auto day = std::chrono::floor<std::chrono::days>(booking.from);
    for (int n = 0; n < days_max && day < booking.until; ++n, day += std::chrono::days{1})
        marks.push_back({key({prefix, id.text(), day_text(day)}), record.kind, {}, booking.from.time_since_epoch().count(),
                         booking.until.time_since_epoch().count(), {}, booking.person});
}

void mark_person(const merge::Merged& merged, Marks& marks)
{
    if (const auto booking = booking_of(merged.record); booking && booking->person) mark_days(marks, "booked", *booking->person, merged.record, *booking);
}

void mark_thing(const merge::Merged& merged, Marks& marks)
{
    if (const auto booking = booking_of(merged.record); booking && booking->thing) mark_days(marks, "used", *booking->thing, merged.record, *booking);
}

/// Two that share an instant share the day on which the later one begins: found there and nowhere else.
std::vector<Found> overlaps(const Group& group, std::string_view rule, bool of_two_people)
{
    std::vector<Found> found;
    if (group.is_crowded()) return found;
    for (std::size_t i = 0; i < group.members.size(); ++i)
        for (std::size_t j = i + 1; j < group.members.size(); ++j) {
            const auto& a = group.members[i];
            const auto& b = group.members[j];
            const auto from = std::max(a.mark.low, b.mark.low);
            if (from >= std::min(a.mark.high, b.mark.high) || day_text(Time{Duration{from}}) != group.word(2)) continue;
            if (of_two_people && (!a.mark.who || !b.mark.who || a.mark.who == b.mark.who)) continue;
            found.push_back({name_of(rule, a.record, b.record), {a.record, b.record}});
        }
    return found;
}

std::vector<Found> judge_person(const Group& group, const Rate&)
{
    return overlaps(group, "double_booking", false);
}

std::vector<Found> judge_thing(const Group& group, const Rate&)
{
    return overlaps(group, "double_use", true);
}

/// The first calendar that can be used; without one, Monday to Friday from nine to five in the person's zone.
rules::WorkingDays days_of(const RecordId& person, const Source& source)
{
    for (const auto& record : source.all("working_calendar"))
        if (!record.deleted_at)
            if (auto days = rules::WorkingDays::open(rules::working_calendar_from(record))) return *days;
    const auto who = source.record(person, "person");
    const auto zone = who ? schema::text_of(*who, "time_zone") : std::string{};
    const rules::OpenHours office{9 * 60, 17 * 60};
    auto days = rules::WorkingDays::open(rules::five_day_week(zone.empty() ? "UTC" : zone, office));
    return days ? *days : rules::WorkingDays::open(rules::five_day_week("UTC", office)).value();
}

/// The first gap of the wanted length from `from` on, between what the person has: in working hours.
std::optional<Time> free_slot(const RecordId& person, const RecordId& moved, Time from, Duration length, const Here& here)
{
    std::vector<std::pair<Time, Time>> taken;
    for (int n = 0; n <= days_looked_ahead + 1; ++n)
        for (const auto& member : here.group(key({"booked", person.text(), day_text(from + std::chrono::days{n})})).members)
            if (member.record != moved) taken.emplace_back(Time{Duration{member.mark.low}}, Time{Duration{member.mark.high}});
    std::sort(taken.begin(), taken.end());
    const auto days = days_of(person, here.source);
    auto day = days.day_of(from);
    for (int n = 0; n < days_looked_ahead; ++n, day += std::chrono::days{1})
        for (const auto& span : days.hours_of(day)) {
            auto at = std::max(span.start, from);
            for (const auto& [begin, end] : taken)
                if (begin < at + length && at < end) at = end;
            if (at + length <= span.end) return at;
        }
    return std::nullopt;
}

struct Pair {
    Member first, second; ///< by when they begin
    Duration overlap{0};
};

Pair pair_of(const Finding& finding, const Group& group)
{
    std::vector<Member> two;
    for (const auto& member : group.members)
        if (std::find(finding.records.begin(), finding.records.end(), member.record) != finding.records.end()) two.push_back(member);
    std::sort(two.begin(), two.end(), [](const auto& a, const auto& b) { return std::tie(a.mark.low, a.record) < std::tie(b.mark.low, b.record); });
    return {two.at(0), two.at(1), Duration{std::min(two[0].mark.high, two[1].mark.high) - two[1].mark.low}};
}

/// A work order that is promised to a customer stays; a visit, or the later one, moves.
const Member& to_move(const Pair& pair)
{
    return pair.first.mark.tag == "visit" && pair.second.mark.tag == "work_order" ? pair.first : pair.second;
}

std::string quoted(const Member& member, const Source& source)
{
    return fmt::format("\"{}\" ({})", source.title(member.record, member.mark.tag), minute_text(Time{Duration{member.mark.low}}));
}

void explain_person(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& source = here.source;
    const auto pair = pair_of(finding, groups.front());
    const auto person = groups.front().id(1).value();
    const auto who = source.title(person, "person");
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(pair.overlap).count();
    finding.time = pair.overlap;
    finding.words = {fmt::format("{} is booked twice for {} minutes: {} and {}", who, minutes, quoted(pair.first, source), quoted(pair.second, source)),
                     fmt::format("{} 有 {} 分钟被重复安排：{} 与 {}", who, minutes, quoted(pair.first, source), quoted(pair.second, source))};
    const auto& moved = to_move(pair);
    const auto title = source.title(moved.record, moved.mark.tag);
    const auto begin = Time{Duration{std::max(pair.first.mark.low, pair.second.mark.low)}};
    const auto slot = free_slot(person, moved.record, begin, Duration{moved.mark.high - moved.mark.low}, here);
    if (!slot) {
        finding.way_out = {fmt::format("there is no free slot for \"{}\" within {} days: give it to a colleague or cancel it", title, days_looked_ahead),
                           fmt::format("{} 天内没有可安排“{}”的空档：请改派同事或取消", days_looked_ahead, title)};
        return;
    }
    finding.way_out = {fmt::format("move \"{}\" to {}, which is free, or give it to a colleague", title, minute_text(*slot)),
                       fmt::format("将“{}”改到 {}（空闲），或改派同事", title, minute_text(*slot))};
    finding.proposals.push_back({"set", moved.record, moved.mark.tag == "visit" ? "planned_at" : "appointment_start", *slot});
    const auto* end = moved.mark.tag == "visit" ? "planned_until" : "appointment_end";
    const auto record = source.record(moved.record, moved.mark.tag);
    if (record && !schema::is_empty((*record)[end])) finding.proposals.push_back({"set", moved.record, end, *slot + Duration{moved.mark.high - moved.mark.low}});
}

void explain_thing(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& source = here.source;
    const auto pair = pair_of(finding, groups.front());
    const auto thing = source.title(groups.front().id(1).value(), "asset");
    finding.time = pair.overlap;
    finding.words = {fmt::format("two engineers are to work on {} at one time: {} and {}", thing, quoted(pair.first, source), quoted(pair.second, source)),
                     fmt::format("两名工程师被安排在同一时间维修 {}：{} 与 {}", thing, quoted(pair.first, source), quoted(pair.second, source))};
    finding.way_out = {"send one of them, or move one appointment; if both are needed, leave it so", "只派一人，或调整其中一个预约；若确需两人则保持不变"};
}

} // namespace

constinit const Rule double_booking{"booked/", mark_person, judge_person, explain_person};
constinit const Rule double_use{"used/", mark_thing, judge_thing, explain_thing};

} // namespace roadbook::findings
