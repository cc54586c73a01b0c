#include "sync-server/session/document_cache.hpp"

namespace roadbook::server {

std::optional<automerge::Document> DocumentCache::take(const RecordId& id)
{
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return std::nullopt;
    auto document = std::move(found->second->second);
    entries_.erase(found->second);
    by_id_.erase(found);
    return document;
}

void DocumentCache::put(const RecordId& id, automerge::Document document)
{
    (void)take(id);
    entries_.emplace_front(id, std::move(document));
    by_id_[id] = entries_.begin();
    if (entries_.size() > kept_max) {
        by_id_.erase(entries_.back().first);
        entries_.pop_back();
    }
}

void DocumentCache::clear()
{
    by_id_.clear();
    entries_.clear();
}

} // namespace roadbook::server
