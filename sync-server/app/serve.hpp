#pragma once
#include "sync-server/app/exit_status.hpp"
#include "sync-server/app/settings.hpp"

#include <iosfwd>

namespace roadbook::server {

/// Why a server did not run, or ended by itself.
struct Stopped {
    Exit status = Exit::done;
    Error why; ///< Errc::ok: it was asked to end, and all it had promised is on disk
};

/// Runs a server until SIGTERM or SIGINT. Once it serves it writes one line to `out`, for people and scripts:
/// "listening wss://127.0.0.1:7443 fingerprint sha256:..."
[[nodiscard]] Stopped serve(const Settings& settings, std::ostream& out);

} // namespace roadbook::server
