#include "sync-server/app/settings.hpp"

#include "shared/schema/validation.hpp"
#include "sync-server/session/hub.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>

// toml++ 3.3 holds some mistakes of whoever wrote a file for mistakes of its own ("[:" ends the process): they are answered like the others.
namespace {
struct NoToml {};
[[noreturn]] void no_toml()
{
    throw NoToml{};
}
} // namespace
#define TOML_ASSERT(holds) ((holds) ? static_cast<void>(0) : no_toml())
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace roadbook::server {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& setting_names()
{
    static const std::vector<std::string> names{"data", "listen", "cert", "key", "name", "log-level", "log-file", "lease-days"};
    return names;
}

Error bad(const fs::path& file, const toml::source_region& where, std::string_view what, std::string_view setting = {})
{
    return fail(Errc::bad_argument, fmt::format("{}:{}: {}", file.string(), where.begin.line, what), std::string{setting});
}

Error unknown_key(const fs::path& file, const toml::key& key)
{
    const auto near = schema::nearest_name(key.str(), setting_names());
    return bad(file, key.source(),
               near.empty() ? fmt::format("there is no setting '{}'. Settings: {}", key.str(), fmt::join(setting_names(), ", "))
                            : fmt::format("there is no setting '{}': did you mean '{}'?", key.str(), near),
               key.str());
}

/// A text, or a list of texts for `name`.
Result<std::vector<std::string>> texts_of(const fs::path& file, std::string_view key, const toml::node& node)
{
    const auto wrong = [&] { return bad(file, node.source(), fmt::format("{} must be a text in quotes", key), key); };
    std::vector<std::string> texts;
    if (const auto* list = node.as_array(); list && key == "name") {
        for (const auto& one : *list) {
            const auto* text = one.as_string();
            if (!text) return wrong();
            texts.push_back(text->get());
        }
        return texts;
    }
    const auto* text = node.as_string();
    if (!text) return wrong();
    texts.push_back(text->get());
    return texts;
}

Result<log::Level> level_from(const std::string& name)
{
    constexpr std::array levels{std::pair{"debug", log::Level::debug}, std::pair{"info", log::Level::info}, std::pair{"warning", log::Level::warning},
                                std::pair{"error", log::Level::error}, std::pair{"off", log::Level::off}};
    for (const auto& [text, level] : levels)
        if (name == text) return level;
    return fail(Errc::bad_argument, fmt::format("'{}' is no log level: use debug, info, warning, error or off", name), "log-level");
}

Result<int> lease_from(const std::string& text)
{
    constexpr int days_max = 365; // longer than that, one may as well have none
    int days = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (ec == std::errc{} && end == text.data() + text.size() && days >= 0 && days <= days_max) return days;
    return fail(Errc::bad_argument, fmt::format("'{}' is no number of days from 0 (no lease) to {}", text, days_max), "lease-days");
}

Result<toml::table> table_in(const fs::path& file)
{
    try {
        auto parsed = toml::parse_file(file.string());
        if (!parsed) return bad(file, parsed.error().source(), parsed.error().description());
        return std::move(parsed).table();
    } catch (const NoToml&) {
        return fail(Errc::bad_argument, fmt::format("{} is no settings file: write one setting a line, such as listen = \"0.0.0.0:7443\"", file.string()), "config");
    }
}

/// A path in a settings file is relative to that file, not to wherever the server was started.
void anchor(std::optional<std::string>& path, const fs::path& file)
{
    if (path && !path->empty()) path = (fs::absolute(file).parent_path() / *path).lexically_normal().string();
}

} // namespace

Result<Address> Address::parse(std::string_view text)
{
    const auto colon = text.rfind(':');
    const auto wrong = [&] {
        return fail(Errc::bad_argument, fmt::format("'{}' is no address to listen on: write HOST:PORT, such as 0.0.0.0:7443; port 0 takes a free one", text),
                    "listen");
    };
    if (colon == std::string_view::npos) return wrong();
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos) return wrong();
    Address address{host.empty() ? "::" : std::string{host}, 0};
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (digits.empty() || ec != std::errc{} || end != digits.data() + digits.size()) return wrong();
    return address;
}

Result<Wishes> Wishes::read(const fs::path& file)
{
    std::error_code ec;
    if (!fs::is_regular_file(file, ec)) return fail(Errc::file_unreadable, fmt::format("the settings file {} cannot be read", file.string()), "config");
    const auto settings = table_in(file);
    if (!settings) return settings.error();
    Wishes wishes;
    for (const auto& [key, node] : *settings) {
        auto texts = texts_of(file, key.str(), node);
        const auto take = [&](std::optional<std::string>& wish) { wish = texts->front(); };
        const auto name = key.str();
        const bool known = std::find(setting_names().begin(), setting_names().end(), name) != setting_names().end();
        if (!known) return unknown_key(file, key);
        if (!texts) return texts.error();
        if (name == "data") take(wishes.data);
        if (name == "listen") take(wishes.listen);
        if (name == "cert") take(wishes.cert);
        if (name == "key") take(wishes.key);
        if (name == "log-level") take(wishes.log_level);
        if (name == "log-file") take(wishes.log_file);
        if (name == "lease-days") take(wishes.lease_days);
        if (name == "name") wishes.names = std::move(*texts);
    }
    for (auto* path : {&wishes.data, &wishes.cert, &wishes.key, &wishes.log_file}) anchor(*path, file);
    return wishes;
}

Result<Settings> Settings::from(const Wishes& flags, const Wishes& file)
{
    const auto chosen = [&](std::optional<std::string> Wishes::*wish, const char* otherwise) {
        return (flags.*wish).value_or((file.*wish).value_or(otherwise));
    };
    Settings settings;
    settings.data = chosen(&Wishes::data, "");
    if (settings.data.empty()) return fail(Errc::bad_argument, "which data folder? Name it with --data DIR, or with `data` in the settings file", "data");
    const auto address = Address::parse(chosen(&Wishes::listen, default_listen));
    if (!address) return address.error();
    settings.listen = *address;
    settings.cert = chosen(&Wishes::cert, "");
    settings.key = chosen(&Wishes::key, "");
    if (settings.cert.empty() != settings.key.empty())
        return fail(Errc::bad_argument, "a certificate and its key go together: name both, or neither for a development certificate",
                    settings.cert.empty() ? "cert" : "key");
    settings.names = flags.names.empty() ? file.names : flags.names;
    const auto level = level_from(chosen(&Wishes::log_level, "info"));
    if (!level) return level.error();
    settings.log_level = *level;
    settings.log_file = chosen(&Wishes::log_file, "");
    const auto lease = lease_from(chosen(&Wishes::lease_days, std::to_string(Hub::Options{}.lease_days).c_str()));
    if (!lease) return lease.error();
    settings.lease_days = *lease;
    return settings;
}

} // namespace roadbook::server
