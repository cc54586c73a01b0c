#pragma once
#include "conflict/automerge-cpp/document.hpp"

#include <list>
#include <unordered_map>

namespace roadbook::server {

/// Documents that were written lately: a second edit of one does not load it again. Some 16 KiB each. One thread.
class DocumentCache {
public:
    static constexpr std::size_t kept_max = 1'024;

    /// Takes the document out, if it is here; put() it back when done.
    [[nodiscard]] std::optional<automerge::Document> take(const RecordId& id);
    void put(const RecordId& id, automerge::Document document);
    void clear();

private:
    using Entry = std::pair<RecordId, automerge::Document>;
    std::list<Entry> entries_; ///< most recently used first
    std::unordered_map<RecordId, std::list<Entry>::iterator> by_id_;
};

} // namespace roadbook::server
