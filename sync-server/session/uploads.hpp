#pragma once
// Files on their way: who may begin another one, and which readings were written down already. In memory, beside the files themselves.
#include "sync-server/session/limits.hpp"
#include "sync-server/store/attachments.hpp"

#include <map>

namespace roadbook::server {

/// Ownership: none; it is told what there is. Bounds: limits::unfinished_files_per_device hashes a device, limits::fetches_remembered_max readings.
class Uploads {
public:
    /// May the device begin this file? One that it has not gone on with for an hour counts no more: it may have lost it.
    [[nodiscard]] bool may_begin(const DeviceId& device, const Hash& hash, Time now)
    {
        const auto found = begun_.find(device);
        if (found == begun_.end()) return true;
        std::erase_if(found->second, [&](const auto& each) { return now - each.second >= limits::unfinished_counts; });
        return found->second.contains(hash) || found->second.size() < limits::unfinished_files_per_device;
    }
    void note_begun(const DeviceId& device, const Hash& hash, Time now) { begun_[device][hash] = now; }
    void note_part(const DeviceId& device, const Hash& hash, Time now)
    {
        const auto found = begun_.find(device);
        if (found != begun_.end() && found->second.contains(hash)) found->second[hash] = now;
    }
    /// It is whole, or gone.
    void note_ended(const DeviceId& device, const Hash& hash)
    {
        const auto found = begun_.find(device);
        if (found == begun_.end()) return;
        found->second.erase(hash);
        if (found->second.empty()) begun_.erase(found);
    }
    /// Shall this reading be written down? Once for each device, file and hour.
    [[nodiscard]] bool is_first_fetch(const DeviceId& device, const Hash& hash, Time now)
    {
        if (fetched_.size() >= limits::fetches_remembered_max) std::erase_if(fetched_, [&](const auto& each) { return now - each.second >= limits::fetch_noted_again; });
        if (fetched_.size() >= limits::fetches_remembered_max) fetched_.clear(); // then some are written down twice
        const auto [at, is_new] = fetched_.try_emplace({device, hash}, now);
        if (!is_new && now - at->second < limits::fetch_noted_again) return false;
        at->second = now;
        return true;
    }
    [[nodiscard]] bool may_note_refusal(const DeviceId& device, Time now) { return refusals_.take(device, 1, now) == Duration{0}; }

private:
    std::map<DeviceId, std::map<Hash, Time>> begun_; ///< when the last part came
    std::map<std::pair<DeviceId, Hash>, Time> fetched_;
    Buckets<DeviceId> refusals_{limits::refused_fetches_noted, limits::devices_counted_max};
};

} // namespace roadbook::server
