#include "conflict/merge/as_of.hpp"

#include "conflict/merge/merged_record.hpp"

#include <algorithm>
#include <set>

namespace roadbook::merge {

Result<std::optional<schema::Record>> as_of(const schema::Kind& kind, const RecordId& id, const automerge::Document& document, const WasMade& was_made)
{
    const auto changes = document.changes_since({});
    if (!changes) return changes.error();
    std::set<Hash> until;
    std::set<Hash> heads;
    for (const auto& change : *changes) { // causal order: what one builds on came before it
        const bool builds_on_later = std::any_of(change.deps.begin(), change.deps.end(), [&](const auto& dep) { return !until.contains(dep); });
        if (builds_on_later || !was_made(change)) continue;
        until.insert(change.hash);
        heads.insert(change.hash);
        for (const auto& dep : change.deps) heads.erase(dep);
    }
    const auto content = document.read_at(std::vector<Hash>{heads.begin(), heads.end()});
    if (!content) return content.error();
    if (content->root.find("id") == nullptr) return std::optional<schema::Record>{};
    return std::optional{read(kind, id, *content).record};
}

} // namespace roadbook::merge
