#pragma once
// From an accepted TCP connection to a Wire: TLS, then the HTTP upgrade.
#include "shared/wire/listener.hpp"
#include "shared/wire/tls.hpp"
#include "shared/wire/wire.hpp"

#include <functional>
#include <optional>

namespace roadbook::wire {

/// What the server answers to HTTP.
struct UpgradeRules {
    std::string path = "/roadbook/v1";
    std::string subprotocol = "roadbook.v1";
    /// A plain page for GET on another path, such as /healthz: its text, or nothing (then 404). Must not throw.
    std::function<std::optional<std::string>(std::string_view path)> page;
    /// When set, everybody is asked to come again after so many seconds (503): the server starts, drains or is overrun.
    std::optional<std::chrono::seconds> busy;
    Options options;
};

/// TLS, then the HTTP upgrade, each under its time limit; await it on the socket's executor. Anything that is no
/// upgrade gets its status (400 403 404 405 426 431 503) without a body, and is closed. `tls_failed`: no agreement on
/// TLS, no byte of HTTP was read; `upgrade_refused`: answered by a page or a status, which the message names;
/// `timed_out`; `link_lost`.
[[nodiscard]] boost::asio::awaitable<Result<Wire>> serve_upgrade(Socket socket, ServerTls tls, UpgradeRules rules);

} // namespace roadbook::wire
