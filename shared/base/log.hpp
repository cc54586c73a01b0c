#pragma once
// Structured logs: one line an event, key=value. Never a name, note, price or secret of a customer; ids are fine.
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace roadbook::log {

enum class Level { debug, info, warning, error, off };

/// Where lines go: standard error by default; a file is rotated at 10 MiB, 5 kept. Call once, before other threads start.
void start(Level level, const std::string& file = {});
[[nodiscard]] bool enabled(Level level) noexcept;
/// Thread-safe. `event` is a stable word such as "session_opened".
void write(Level level, std::string_view event, std::string_view details);

template <class... Args>
void debug(std::string_view event, fmt::format_string<Args...> format, Args&&... args)
{
    if (enabled(Level::debug)) write(Level::debug, event, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(std::string_view event, fmt::format_string<Args...> format, Args&&... args)
{
    if (enabled(Level::info)) write(Level::info, event, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(std::string_view event, fmt::format_string<Args...> format, Args&&... args)
{
    if (enabled(Level::warning)) write(Level::warning, event, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(std::string_view event, fmt::format_string<Args...> format, Args&&... args)
{
    if (enabled(Level::error)) write(Level::error, event, fmt::format(format, std::forward<Args>(args)...));
}

} // namespace roadbook::log
