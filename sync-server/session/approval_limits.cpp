#include "sync-server/session/approval_limits.hpp"

#include "conflict/merge/as_of.hpp"
#include "shared/rules/approval_need.hpp"
#include "sync-server/session/notices.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr auto believed_back = std::chrono::days{30}; // as late edits are

using Records = std::vector<schema::Record>;
using Read = std::function<std::optional<schema::Record>(const store::DocumentRow& row)>;

/// All records of the server, each as `read` reads it.
rules::Known known(Hub::Inside& hub, const Read& read)
{
    const auto all_of = [&hub, read](std::string_view kind) {
        Records found;
        for (const auto& id : hub.store.documents_of(kind))
            if (const auto row = hub.store.document(id))
                if (auto record = read(*row)) found.push_back(std::move(*record));
        return found;
    };
    const auto terms_of = [&hub, read](const RecordId& account) {
        Records found;
        for (const auto& row : hub.store.hanging_on(account))
            if (row.kind == "account_terms")
                if (auto record = read(row)) found.push_back(std::move(*record));
        return found;
    };
    const auto one = [&hub, read](const RecordId& id, std::string_view kind) {
        const auto row = hub.store.document(id);
        return row && row->kind == kind ? read(*row) : std::nullopt;
    };
    return {one, all_of, terms_of};
}

std::optional<schema::Record> record_then(Hub::Inside& hub, const store::DocumentRow& row, Time then)
{
    std::set<Hash> later;
    for (const auto& change : hub.store.changes_of(row.num, false))
        if (change.by.when() > then) later.insert(change.hash);
    const auto document = hub.load(row);
    if (!document) return std::nullopt;
    const auto record = merge::as_of(*schema::find_kind(row.kind), row.id, *document, [&](const automerge::Change& change) { return !later.contains(change.hash); });
    return record ? *record : std::nullopt;
}

} // namespace

Result<int> steps_needed(Hub::Inside& hub, const schema::Kind& kind, const schema::Record& seen, Time made_at, Time now)
{
    const auto over_now = rules::is_over_limit(seen, known(hub, [&](const auto& row) { return std::optional{hub.read(row).record}; }));
    if (!over_now) return over_now.error();
    if (!*over_now) return 1;
    const auto then = std::clamp(made_at, now - believed_back, now);
    const auto over_then = rules::is_over_limit(seen, known(hub, [&](const auto& row) { return record_then(hub, row, then); }));
    if (!over_then) return over_then.error();
    return *over_then ? static_cast<int>(kind.approval()->steps.size()) : 1;
}

} // namespace roadbook::server
