#include "sync-server/session/pack_blocks.hpp"

namespace roadbook::server {

std::shared_ptr<const PackBlock> PackBlocks::find(std::int64_t scope, std::uint64_t position)
{
    const auto found = by_key_.find({scope, position});
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front().second;
}

void PackBlocks::put(std::int64_t scope, std::uint64_t position, std::shared_ptr<const PackBlock> block)
{
    const Key key{scope, position};
    if (const auto old = by_key_.find(key); old != by_key_.end()) {
        bytes_ -= old->second->second->packed.size();
        entries_.erase(old->second);
    }
    bytes_ += block->packed.size();
    entries_.emplace_front(key, std::move(block));
    by_key_[key] = entries_.begin();
    while (bytes_ > bytes_max && entries_.size() > 1) {
        bytes_ -= entries_.back().second->packed.size();
        by_key_.erase(entries_.back().first);
        entries_.pop_back();
    }
}

void PackBlocks::clear()
{
    entries_.clear();
    by_key_.clear();
    bytes_ = 0;
}

} // namespace roadbook::server
