#include "shared/exchange/zone.hpp"

#include <libical/ical.h>

#include <memory>
#include <string>

namespace roadbook::exchange {
namespace {

bool exists(const Civil& at)
{
    using namespace std::chrono;
    constexpr int year_min = 1, year_max = 9999;
    if (at.year < year_min || at.year > year_max || at.month < 1 || at.day < 1) return false;
    const year_month_day date{year{at.year}, month{static_cast<unsigned>(at.month)}, day{static_cast<unsigned>(at.day)}};
    return date.ok() && at.hour >= 0 && at.hour < 24 && at.minute >= 0 && at.minute < 60 && at.second >= 0 && at.second < 60;
}

icaltimezone* builtin(std::string_view zone)
{
    const std::string name{zone};
    if (name == "UTC" || name == "Z") return icaltimezone_get_utc_timezone();
    if (name.empty() || name.find("..") != std::string::npos) return nullptr; // it is looked for among files
    auto* found = icaltimezone_get_builtin_timezone(name.c_str());
    // A name that is listed, but has no data on this machine, would be taken for UTC.
    return found != nullptr && icaltimezone_get_component(found) != nullptr ? found : nullptr;
}

std::optional<Time> convert(const Civil& at, icaltimezone* zone)
{
    auto time = icaltime_null_time();
    time.year = at.year;
    time.month = at.month;
    time.day = at.day;
    time.hour = at.hour;
    time.minute = at.minute;
    time.second = at.second;
    return Time{std::chrono::seconds{icaltime_as_timet_with_zone(time, zone)}};
}

} // namespace

bool is_zone(std::string_view zone)
{
    return builtin(zone) != nullptr;
}

std::optional<Time> utc_of(const Civil& civil, std::string_view zone)
{
    auto* found = builtin(zone);
    return found == nullptr || !exists(civil) ? std::nullopt : convert(civil, found);
}

std::optional<Time> utc_by_rules(const Civil& civil, const std::string& vtimezone)
{
    if (!exists(civil)) return std::nullopt;
    auto* component = icalparser_parse_string(vtimezone.c_str());
    if (component == nullptr) return std::nullopt;
    const std::unique_ptr<icaltimezone, void (*)(icaltimezone*)> zone{icaltimezone_new(), [](icaltimezone* one) { icaltimezone_free(one, 1); }};
    if (icaltimezone_set_component(zone.get(), component) == 0) { // else the zone owns it
        icalcomponent_free(component);
        return std::nullopt;
    }
    return convert(civil, zone.get());
}

} // namespace roadbook::exchange
