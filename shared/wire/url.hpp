#pragma once
#include "shared/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace roadbook::wire {

/// Where a server is. The path is always ours, so an address is a host and a port.
struct Url {
    static constexpr std::uint16_t default_port = 443;

    std::string host; ///< a name in lower case, or an IP address without brackets
    std::uint16_t port = default_port;

    /// "wss://host:port", "https://host:port", "host:port" or "host"; IPv6 in brackets. `bad_argument` with the reason
    /// for anything else, also for ws:// and http://: without TLS anybody on the way reads and changes what is sent.
    [[nodiscard]] static Result<Url> parse(std::string_view text);
    /// "wss://host:port"
    [[nodiscard]] std::string text() const;
    /// "host:port", the port only when it is not the default: what the HTTP Host field holds.
    [[nodiscard]] std::string authority() const;

    bool operator==(const Url&) const = default;
};

} // namespace roadbook::wire
