#pragma once
// How a server runs: the same settings as flags and in a file; a flag wins.
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace roadbook::server {

/// Where to listen.
struct Address {
    std::string host;
    std::uint16_t port = 0;

    /// "HOST:PORT", ":PORT" (every address of this machine) or "[::1]:PORT". Errors: bad_argument.
    [[nodiscard]] static Result<Address> parse(std::string_view text);
};

/// As they were said: nothing where nobody said anything.
struct Wishes {
    std::optional<std::string> data, listen, cert, key, log_level, log_file, lease_days;
    std::vector<std::string> names;

    /// A TOML file of the flags' names: `listen = "0.0.0.0:7443"`. Errors: file_unreadable; bad_argument with file, line and the nearest
    /// name for one that does not exist.
    [[nodiscard]] static Result<Wishes> read(const std::filesystem::path& file);
};

struct Settings {
    static constexpr auto default_listen = "127.0.0.1:7443"; ///< nobody else gets in before somebody says so

    std::filesystem::path data;
    Address listen;
    std::filesystem::path cert, key; ///< both empty: a development certificate in the data folder
    std::vector<std::string> names;  ///< hosts that a development certificate is made for, besides this machine
    log::Level log_level = log::Level::info;
    int lease_days = 0;
    std::string log_file;            ///< empty: standard error

    /// `flags` over `file` over the defaults. Errors: bad_argument with the setting.
    [[nodiscard]] static Result<Settings> from(const Wishes& flags, const Wishes& file);
};

} // namespace roadbook::server
