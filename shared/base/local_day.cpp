#include "shared/base/local_day.hpp"

#include <date/tz.h>

namespace roadbook {
namespace {

/// Null: UTC.
const date::time_zone* find_zone(std::string_view name)
{
    if (name.empty()) return nullptr;
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

} // namespace

std::optional<Time> start_of_day(std::string_view day, int days_later, std::string_view zone)
{
    constexpr std::size_t length_of_a_day = 10; // "2026-12-01"
    const auto midnight = day.size() == length_of_a_day ? time_from_text(day) : std::nullopt;
    if (!midnight) return std::nullopt;
    const auto there = *midnight + std::chrono::days{days_later};
    const auto* rules = find_zone(zone);
    if (rules == nullptr) return there;
    const date::local_time<Duration> local{there.time_since_epoch()};
    const auto info = rules->get_info(local);
    if (info.result == date::local_info::nonexistent) return Time{std::chrono::duration_cast<Duration>(info.first.end.time_since_epoch())};
    return Time{local.time_since_epoch() - std::chrono::duration_cast<Duration>(info.first.offset)};
}

} // namespace roadbook
