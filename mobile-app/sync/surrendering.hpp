#pragma once
// A connection of a device that may not be given anything: its unsent edits go to the server, sealed as they lie, and when the server says so
// the device is wiped. Neither PIN nor key is needed.
#include "mobile-app/replica/vault.hpp"
#include "shared/protocol/frames.hpp"

namespace roadbook::sync {

/// The device's half, without the network. One object is one connection; a broken one is begun anew, since the server takes nothing twice.
/// Ownership: borrows the vault, which after a wipe can be asked for nothing. Threads: the vault's.
class Surrendering {
public:
    /// What is handed over: all of it; or nothing, unless the access has ended.
    enum class Hand { all, if_access_ended };
    /// `why`: a stable name, as the protocol has it: "pin", "lease", "key", "revoked", "asked".
    Surrendering(replica::Vault& vault, std::string why, Hand hand = Hand::all) : vault_{vault}, why_sent_{std::move(why)}, hand_{hand} {}

    /// Errors: not_enrolled.
    [[nodiscard]] Result<std::vector<Bytes>> open();
    [[nodiscard]] std::vector<Bytes> receive(ByteView frame);

    [[nodiscard]] bool is_done() const noexcept { return done_; }
    /// Errc::ok while nothing is wrong.
    [[nodiscard]] const Error& failure() const noexcept { return failure_; }
    [[nodiscard]] std::int64_t handed_over() const noexcept { return handed_over_; } ///< edits
    [[nodiscard]] std::int64_t files_handed_over() const noexcept { return files_handed_over_; }
    [[nodiscard]] bool is_wiped() const noexcept { return wiped_; }

private:
    std::vector<Bytes> begin();
    std::vector<Bytes> next();
    std::vector<Bytes> failed(Error why);

    replica::Vault& vault_;
    std::string why_sent_;
    Hand hand_;
    std::vector<replica::SealedIntent> under_way_; ///< without their content
    bool greeted_ = false;
    bool asked_last_ = false; ///< the empty list is under way
    bool done_ = false;
    bool wiped_ = false;
    std::int64_t handed_over_ = 0;
    std::int64_t files_handed_over_ = 0;
    Error failure_{Errc::ok, {}, {}};
};

} // namespace roadbook::sync
