#pragma once
// What screens need of sync, and no more.
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace roadbook::viewmodels {

/// The five states of the sync pill. What needs a person comes before what needs a network.
enum class SyncState { synced, to_send, syncing, offline, to_review };

struct SyncPicture {
    SyncState state = SyncState::offline;
    std::int64_t unsent = 0;    ///< edits saved here that the server has not taken
    std::int64_t done = 0;      ///< syncing: this many ...
    std::int64_t total = 0;     ///< ... of so many; 0: not known yet
    std::int64_t to_review = 0; ///< fields that a person must settle, and refused edits
    std::optional<Time> last_success;
    std::optional<Error> trouble; ///< why the last attempt failed; the network being away is no trouble
};

/// Threads: the GUI thread for every call and every callback.
class SyncSource {
public:
    SyncSource() = default;
    SyncSource(const SyncSource&) = delete;
    SyncSource& operator=(const SyncSource&) = delete;
    virtual ~SyncSource() = default;

    [[nodiscard]] virtual SyncPicture picture() const = 0;
    /// Tries now instead of at the next time. Harmless while it already syncs.
    virtual void sync_now() = 0;
    /// Called after the picture changed; one listener.
    virtual void listen(std::function<void()> changed) = 0;
};

} // namespace roadbook::viewmodels
