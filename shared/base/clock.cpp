#include "shared/base/clock.hpp"

#include <fmt/format.h>

#include <charconv>

namespace roadbook {
namespace {

class SystemClock final : public Clock {
public:
    Time now() override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
};

/// Reads exactly `digits` digits at the front of `text` and takes them off.
std::optional<int> take(std::string_view& text, std::size_t digits)
{
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + digits, value);
    if (ec != std::errc{} || end != text.data() + digits || text.front() == '-') return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take_char(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Time> take_date(std::string_view& text)
{
    const auto year = take(text, 4);
    if (!year || !take_char(text, '-')) return std::nullopt;
    const auto month = take(text, 2);
    if (!month || !take_char(text, '-')) return std::nullopt;
    const auto day = take(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Time{std::chrono::sys_days{date}};
}

std::optional<Duration> take_time_of_day(std::string_view& text)
{
    const auto hours = take(text, 2);
    if (!hours || *hours > 23 || !take_char(text, ':')) return std::nullopt;
    const auto minutes = take(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    int seconds = 0;
    int millis = 0;
    if (take_char(text, ':')) {
        const auto read = take(text, 2);
        if (!read || *read > 59) return std::nullopt;
        seconds = *read;
        if (take_char(text, '.')) {
            const auto fraction = take(text, 3);
            if (!fraction) return std::nullopt;
            millis = *fraction;
        }
    }
    take_char(text, 'Z');
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{seconds} + Duration{millis};
}

} // namespace

Clock& system_clock()
{
    static SystemClock clock;
    return clock;
}

std::string to_text(Time time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Time> time_from_text(std::string_view text)
{
    const auto day = take_date(text);
    if (!day || text.empty()) return day;
    if (!take_char(text, 'T') && !take_char(text, ' ')) return std::nullopt;
    const auto since_midnight = take_time_of_day(text);
    if (!since_midnight || !text.empty()) return std::nullopt;
    return *day + *since_midnight;
}

} // namespace roadbook
