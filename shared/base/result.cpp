#include "shared/base/result.hpp"

#include <array>
#include <utility>

namespace roadbook {
namespace {

constexpr std::array names{
    std::pair{Errc::ok, "ok"},
    std::pair{Errc::bad_argument, "bad_argument"},
    std::pair{Errc::not_found, "not_found"},
    std::pair{Errc::not_allowed, "not_allowed"},
    std::pair{Errc::invalid_value, "invalid_value"},
    std::pair{Errc::too_large, "too_large"},
    std::pair{Errc::conflict_open, "conflict_open"},
    std::pair{Errc::bad_frame, "bad_frame"},
    std::pair{Errc::bad_change, "bad_change"},
    std::pair{Errc::actor_forbidden, "actor_forbidden"},
    std::pair{Errc::out_of_order, "out_of_order"},
    std::pair{Errc::missing_parents, "missing_parents"},
    std::pair{Errc::stranded, "stranded"},
    std::pair{Errc::document_damaged, "document_damaged"},
    std::pair{Errc::document_poisoned, "document_poisoned"},
    std::pair{Errc::hash_conflict, "hash_conflict"},
    std::pair{Errc::bad_code, "bad_code"},
    std::pair{Errc::bad_token, "bad_token"},
    std::pair{Errc::revoked, "revoked"},
    std::pair{Errc::not_enrolled, "not_enrolled"},
    std::pair{Errc::locked, "locked"},
    std::pair{Errc::unsupported_version, "unsupported_version"},
    std::pair{Errc::link_lost, "link_lost"},
    std::pair{Errc::timed_out, "timed_out"},
    std::pair{Errc::tls_failed, "tls_failed"},
    std::pair{Errc::upgrade_refused, "upgrade_refused"},
    std::pair{Errc::server_busy, "server_busy"},
    std::pair{Errc::epoch_changed, "epoch_changed"},
    std::pair{Errc::session_over, "session_over"},
    std::pair{Errc::storage_full, "storage_full"},
    std::pair{Errc::storage_busy, "storage_busy"},
    std::pair{Errc::storage_damaged, "storage_damaged"},
    std::pair{Errc::newer_file, "newer_file"},
    std::pair{Errc::port_in_use, "port_in_use"},
    std::pair{Errc::file_unreadable, "file_unreadable"},
    std::pair{Errc::outbox_full, "outbox_full"},
    std::pair{Errc::internal, "internal"},
};
static_assert(names.size() == static_cast<std::size_t>(Errc::internal) + 1, "each code has one name");

} // namespace

std::string_view name(Errc code) noexcept
{
    for (const auto& [value, text] : names)
        if (value == code) return text;
    return "internal";
}

Errc errc_from_name(std::string_view text) noexcept
{
    for (const auto& [value, candidate] : names)
        if (text == candidate) return value;
    return Errc::internal;
}

void throw_exception_from_error(const Error& error, const boost::source_location&)
{
    throw Fault{error};
}

} // namespace roadbook
