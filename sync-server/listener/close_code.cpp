#include "sync-server/listener/close_code.hpp"

namespace roadbook::server {

wire::CloseCode close_code(Errc why) noexcept
{
    using wire::CloseCode;
    switch (why) {
    case Errc::ok: return CloseCode::normal;
    case Errc::bad_frame:
    case Errc::unsupported_version: return CloseCode::protocol_error;
    case Errc::too_large: return CloseCode::too_large;
    case Errc::bad_code:
    case Errc::bad_token:
    case Errc::revoked: return CloseCode::not_authenticated;
    case Errc::timed_out: return CloseCode::policy;
    case Errc::session_over: return CloseCode::going_away;
    case Errc::server_busy:
    case Errc::storage_full:
    case Errc::storage_busy: return CloseCode::try_later;
    default: return CloseCode::internal;
    }
}

} // namespace roadbook::server
