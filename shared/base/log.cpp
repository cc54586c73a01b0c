#include "shared/base/log.hpp"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace roadbook::log {
namespace {

constexpr std::size_t file_bytes_max = 10 << 20;
constexpr std::size_t files_kept = 5;

spdlog::level::level_enum to_spdlog(Level level) noexcept
{
    switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    case Level::off: break;
    }
    return spdlog::level::off;
}

std::shared_ptr<spdlog::logger>& logger()
{
    // Warnings only until start() says otherwise: tools and tests print what people read, not events.
    static auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("roadbook", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return instance;
}

} // namespace

void start(Level level, const std::string& file)
{
    if (!file.empty())
        logger() = std::make_shared<spdlog::logger>(
            "roadbook", std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, file_bytes_max, files_kept));
    logger()->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger()->set_level(to_spdlog(level));
    logger()->flush_on(spdlog::level::info);
}

bool enabled(Level level) noexcept
{
    return logger()->should_log(to_spdlog(level));
}

void write(Level level, std::string_view event, std::string_view details)
{
    logger()->log(to_spdlog(level), "{} {}", event, details);
}

} // namespace roadbook::log
