// A manager hands a territory over, with or without a network.
#include "conflict/merge/handover.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

namespace roadbook::replica {
namespace {

constexpr std::size_t day_length = 10; // of "2026-12-31T08:00:00.000Z"

/// By the server's clock and in UTC: the server judges a day that has just begun somewhere, too, when it carries the hand-over out.
Result<void> check_day(std::string_view on, Time now)
{
    ROADBOOK_CHECK(schema::parse(*schema::find_kind("territory")->field("next_holder_from"), on));
    if (on > to_text(now).substr(0, day_length)) return {};
    return fail(Errc::bad_argument, Bilingual{fmt::format("{} has begun: leave the day out to hand over now; nothing was changed", on),
                                              fmt::format("{} 已经开始：不写日期即为立即移交；未做任何更改", on)}, "on");
}

} // namespace

Result<Saved> Replica::hand_over(const RecordId& territory, const RecordId& to, std::string_view on)
{
    if (!on.empty()) ROADBOOK_CHECK(check_day(on, inside_->corrected_now()));
    const auto shown = show(territory);
    if (!shown) return shown.error();
    return set(territory, merge::handover(shown->merged.record, to, on));
}

Result<Saved> Replica::undo_handover(const RecordId& territory)
{
    const auto held = inside_->hold_shown(territory);
    if (!held) return held.error();
    const auto received_at = [&](const automerge::Change& change) {
        const auto by = inside_->people.find((*held)->num, change.actor, change.seq);
        return by ? by->received_at : std::nullopt;
    };
    const auto fields = merge::undo_of_handover((*held)->document, territory, received_at, inside_->corrected_now());
    if (!fields) return fields.error();
    return set(territory, *fields);
}

} // namespace roadbook::replica
