#pragma once
// Failures are of three kinds. Expected ones are values: Result<T> with an Error. Faults of the machine throw and are
// caught once, at the edge of a session or a job. A broken invariant asserts.
#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace roadbook {

/// Every expected failure of the product. Names are stable: they go into --json output, frames and logs.
enum class Errc : int {
    ok = 0,
    // what a caller asked for
    bad_argument,      ///< the call itself is wrong: unknown command, kind or field
    not_found,         ///< no such record, or one that this person may not see: deliberately the same
    not_allowed,       ///< a write rule forbids it to this person in this state
    invalid_value,     ///< a value breaks a rule of its field
    too_large,         ///< over a named limit
    conflict_open,     ///< needs a person to settle a conflict first
    // changes, documents, frames
    bad_frame,         ///< bytes that are no frame, or a frame that cannot come now
    bad_change,        ///< a change that does not parse or that no honest device makes
    actor_forbidden,   ///< a change under an actor that belongs to another device
    out_of_order,      ///< a sequence number that is used or leaves a gap
    missing_parents,   ///< the change builds on changes not known here: send those first
    stranded,          ///< the change builds on one that was refused
    document_damaged,  ///< stored bytes that do not load, or differ from the change log
    document_poisoned, ///< the merge core panicked in this document; it must be loaded afresh
    hash_conflict,     ///< one hash, two contents
    // identity
    bad_code,          ///< enrolment code wrong, used or expired: deliberately the same
    bad_token,         ///< device token unknown or revoked
    revoked,           ///< the person or device lost access
    not_enrolled,      ///< this replica has no identity yet
    locked,            ///< nothing can be read here: `field` says why: "pin", "lease" or "key"
    // link and server
    unsupported_version, ///< the other end speaks a protocol version that this end does not
    link_lost,         ///< no network, or the connection broke
    timed_out,         ///< no answer within a named limit
    tls_failed,        ///< certificate foreign, expired or not the pinned one
    upgrade_refused,   ///< the server answered, but not as a Roadbook server
    server_busy,       ///< try again after the hinted wait
    epoch_changed,     ///< the server was restored: cursors of the old epoch do not count
    session_over,      ///< this session object is closed; make a new one
    // storage and machine
    storage_full,      ///< the disk is full: nothing was saved, all earlier data is safe
    storage_busy,      ///< another process holds the data folder
    storage_damaged,   ///< the file is no database, or failed its own checks
    newer_file,        ///< written by a newer version of Roadbook: not touched
    port_in_use,
    file_unreadable,
    outbox_full,       ///< too many unsent edits; they are all safe
    internal,          ///< a fault of this program, caught at an edge
};

/// The stable name, such as "not_found".
[[nodiscard]] std::string_view name(Errc code) noexcept;
/// Errc::internal for a name that this version does not know.
[[nodiscard]] Errc errc_from_name(std::string_view name) noexcept;

/// One sentence in both languages of the product.
struct Bilingual {
    std::string en;
    std::string zh;

    bool operator==(const Bilingual&) const = default;
};

/// One failure in words for the person who meets it: what happened, what is safe, what to do. `field` names the field or
/// column at fault, empty where there is none.
struct Error {
    Errc code = Errc::internal;
    std::string message;
    std::string field;
    std::string message_zh{}; ///< where a rule of the records is broken, which is said to their authors; empty for faults of machine and link

    [[nodiscard]] const std::string& chinese() const noexcept { return message_zh.empty() ? message : message_zh; }
    bool operator==(const Error&) const = default;
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

[[nodiscard]] inline Error fail(Errc code, std::string message, std::string field = {})
{
    return Error{code, std::move(message), std::move(field)};
}
/// Of a broken rule: fail(Errc::invalid_value, Bilingual{"...", "..."}, "amount")
[[nodiscard]] inline Error fail(Errc code, Bilingual words, std::string field = {})
{
    return Error{code, std::move(words.en), std::move(field), std::move(words.zh)};
}

/// A fault of the machine, thrown; caught at the edge of a session or job and turned into an Error there.
class Fault : public std::runtime_error {
public:
    explicit Fault(Error error) : std::runtime_error{error.message}, error_{std::move(error)} {}
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

} // namespace roadbook

/// `const auto x = ROADBOOK_TRY(expression);` is not portable C++; these two are, and read nearly as well.
#define ROADBOOK_CHECK(expression)                                                                                     \
    do {                                                                                                               \
        if (auto roadbook_result_ = (expression); !roadbook_result_) return roadbook_result_.error();                  \
    } while (false)
