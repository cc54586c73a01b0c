#include "conflict/findings/rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace roadbook::findings {

std::string_view Group::word(int n) const
{
    std::string_view rest = key;
    for (int i = 0; i < n; ++i) {
        const auto slash = rest.find('/');
        if (slash == std::string_view::npos) return {};
        rest.remove_prefix(slash + 1);
    }
    return rest.substr(0, rest.find('/'));
}

std::int64_t Group::sum() const
{
    std::int64_t all = 0;
    for (const auto& [tag, part] : sums) all += part;
    return all;
}

std::vector<Member> counting(std::span<const Member> members)
{
    std::set<RecordId> overruled;
    for (const auto& member : members)
        if (!member.mark.yields && member.mark.ref) overruled.insert(*member.mark.ref);
    std::vector<Member> all;
    for (const auto& member : members)
        if (!member.mark.yields || !member.mark.ref || !overruled.contains(*member.mark.ref)) all.push_back(member);
    return all;
}

std::string name_of(std::string_view rule, const RecordId& one, const RecordId& other)
{
    return fmt::format("{}/{}/{}", rule, std::min(one, other).text(), std::max(one, other).text());
}

std::vector<Found> found_pairs(const Group& group, const std::function<std::string(const Member&)>& rule,
                               const std::function<bool(const Member&, const Member&)>& do_meet)
{
    std::set<Found> found;
    if (group.is_crowded()) return {};
    for (std::size_t i = 0; i < group.members.size(); ++i)
        for (std::size_t j = i + 1; j < group.members.size(); ++j) {
            const auto& a = group.members[i];
            const auto& b = group.members[j];
            if (a.record != b.record && do_meet(a, b)) found.insert({name_of(rule(a), a.record, b.record), {a.record, b.record}});
        }
    return {found.begin(), found.end()};
}

std::span<const Rule> rules()
{
    static const Rule all[] = {double_booking,     double_use,           duplicates_by_tax, duplicates_by_phone, duplicates_by_mail,     duplicates_by_name,
                               overdrawn_stock,    oversold,             over_credit,       exchange_rates,      receipt_file_twice,     receipt_number_twice,
                               two_prices,         lead_twice,           completed_after_cancel, account_aliases};
    return all;
}

const Rule* rule_of(std::string_view group)
{
    for (const auto& rule : rules())
        if (group.starts_with(rule.prefix)) return &rule;
    return nullptr;
}

Marks marks_of(const merge::Merged& merged)
{
    Marks marks;
    if (merged.record.deleted_at) return marks;
    for (const auto& rule : rules()) rule.mark(merged, marks);
    std::sort(marks.begin(), marks.end());
    marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
    return marks;
}

std::string Source::title(const RecordId& id, std::string_view kind_name) const
{
    const auto* kind = schema::find_kind(kind_name);
    const auto found = kind != nullptr ? record(id, kind_name) : std::nullopt;
    auto title = found ? schema::text_of(*found, kind->title) : std::string{};
    constexpr std::size_t enough = 13; // the time and a little: people compare it with what a list prints
    return title.empty() ? id.text().substr(0, enough) : title;
}

std::string key(std::initializer_list<std::string_view> words)
{
    return fmt::format("{}", fmt::join(words, "/"));
}

std::string minute_text(Time time)
{
    constexpr std::size_t up_to_minutes = 16;
    auto text = to_text(time).substr(0, up_to_minutes);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text + " UTC";
}

std::string day_text(Time time)
{
    constexpr std::size_t up_to_days = 10;
    return to_text(time).substr(0, up_to_days);
}

Time made_at(const RecordId& id)
{
    constexpr int bytes = 6; // of a UUIDv7: milliseconds since 1970
    std::int64_t at = 0;
    for (int i = 0; i < bytes; ++i) at = at << 8 | std::to_integer<std::int64_t>(id.bytes[static_cast<std::size_t>(i)]);
    return Time{Duration{at}};
}

} // namespace roadbook::findings
