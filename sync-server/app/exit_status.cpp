#include "sync-server/app/exit_status.hpp"

namespace roadbook::server {

Exit exit_for(Errc code) noexcept
{
    switch (code) {
    case Errc::ok: return Exit::done;
    case Errc::bad_argument:
    case Errc::invalid_value: return Exit::bad_call;
    case Errc::port_in_use: return Exit::port_in_use;
    case Errc::storage_busy: return Exit::folder_busy;
    case Errc::newer_file: return Exit::newer_file;
    case Errc::tls_failed: return Exit::bad_certificate;
    case Errc::storage_full: return Exit::disk_full;
    default: return Exit::failed;
    }
}

} // namespace roadbook::server
