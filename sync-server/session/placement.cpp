#include "sync-server/session/inside.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

using Entry = protocol::v1::Entry;

constexpr std::size_t move_bytes = 16; // as an id
constexpr int depth_max = 8; // records hang on records at most so deep: quote line of visit of account ...

std::set<schema::ScopeId> as_set(const std::vector<schema::ScopeId>& scopes)
{
    return {scopes.begin(), scopes.end()};
}

} // namespace

Placement place(store::Store& store, const schema::Kind& kind, const schema::Record& record)
{
    Placement placement;
    const auto follow = [&](const RecordId& target, schema::ScopeRule::How how) {
        using How = schema::ScopeRule::How;
        placement.hangs_on.push_back(target);
        const auto parent = store.document(target);
        if (!parent) placement.waiting_for = target; // and by the same statements as one that is here
        const auto guests = how == How::along ? std::set<schema::ScopeId>{} : store.guest_scopes(target);
        for (const auto& scope : store.scopes_of(parent ? parent->num : 0)) {
            if (guests.contains(scope) || scope.kind == schema::ScopeId::Kind::roles) continue;
            if (how != How::office) placement.scopes.insert(scope);
            else if (scope.kind == schema::ScopeId::Kind::territory) placement.scopes.insert(schema::ScopeId::office(scope.id));
        }
    };
    for (const auto& rule : kind.scopes) {
        using How = schema::ScopeRule::How;
        if (rule.how == How::company) placement.scopes.insert(schema::ScopeId::company());
        if (rule.how == How::roles) placement.scopes.insert(schema::ScopeId::of_roles(rule.roles));
        if (rule.how == How::company || rule.how == How::roles) continue;
        const auto target = rule.field.empty() ? std::optional{record.id} : schema::reference_of(record, rule.field);
        if (!target) continue;
        const auto* field = kind.field(rule.field);
        const bool is_direct = field == nullptr || field->target == "territory" || field->target == "person";
        if (rule.how == How::territory) placement.scopes.insert(schema::ScopeId::territory(*target));
        else if (rule.how == How::person) placement.scopes.insert(schema::ScopeId::person(*target));
        else if (rule.how == How::office && is_direct) placement.scopes.insert(schema::ScopeId::office(*target));
        else follow(*target, rule.how);
    }
    if (schema::is_brought(kind)) placement.scopes.merge(store.guest_scopes(record.id));
    for (const auto& companion : kind.brings) {
        const auto target = schema::reference_of(record, companion.field);
        const auto state = schema::text_of(record, kind.state);
        if (!target || record.deleted_at || std::find(companion.closed.begin(), companion.closed.end(), state) != companion.closed.end()) continue;
        placement.brings.push_back(*target);
    }
    for (const auto& scope : placement.scopes)
        if (scope.kind == schema::ScopeId::Kind::person) placement.brings_to.push_back(scope);
    return placement;
}

store::ScopeHead& Feeds::head(const schema::ScopeId& scope)
{
    const auto found = heads_.find(scope);
    return found != heads_.end() ? found->second : heads_.emplace(scope, hub_.store.ensure_scope(scope)).first->second;
}

std::vector<protocol::ServerSession::FeedHead> Feeds::grown() const
{
    std::vector<protocol::ServerSession::FeedHead> all;
    for (const auto& [scope, head] : heads_) all.push_back({scope, head.seq});
    return all;
}

void Feeds::spread(const store::DocumentRow& row, const Placement& placement, std::span<const store::ChangeRow> changes, bool is_new)
{
    const auto before = is_new ? placement.scopes : as_set(hub_.store.scopes_of(row.num));
    for (const auto& scope : placement.scopes) {
        if (!before.contains(scope)) continue; // it enters whole, below
        for (const auto& change : changes) hub_.store.append_entry(head(scope), {0, Entry::CHANGE, row.id, row.num, change, {}, {}});
    }
    hub_.store.set_hangs_on(row.num, placement.hangs_on);
    const auto move = [&] { return hub_.options.random->bytes(move_bytes); };
    if (is_new) {
        std::vector<std::int64_t> joined;
        for (const auto& scope : placement.scopes) joined.push_back(head(scope).num);
        hub_.store.set_scopes(row.num, joined, {});
        if (!hub_.store.hanging_on(row.id).empty()) move_dependents(row.id, move(), Moved::home, 0); // they were told to hang on it before it was here
    } else if (before != placement.scopes) {
        const auto id = move();
        enter_and_leave(row, before, placement.scopes, id);
        move_dependents(row.id, id, Moved::home, 0);
    }
    move_brought(row, placement);
}

/// Work that begins, ends or goes to another person takes along what it is about.
void Feeds::move_brought(const store::DocumentRow& row, const Placement& placement)
{
    const auto* kind = schema::find_kind(row.kind);
    if (kind == nullptr || kind->brings.empty()) return;
    std::set<std::pair<RecordId, std::int64_t>> now;
    for (const auto& target : placement.brings)
        for (const auto& scope : placement.brings_to) now.emplace(target, head(scope).num);
    const auto before = hub_.store.brought_by(row.num);
    if (before == now) return;
    hub_.store.set_brought_by(row.num, now);
    std::set<RecordId> touched;
    for (const auto& [target, scope] : before) touched.insert(target);
    for (const auto& [target, scope] : now) touched.insert(target);
    const auto move = hub_.options.random->bytes(move_bytes);
    for (const auto& target : touched)
        if (const auto brought = hub_.store.document(target)) settle(*brought, move, Moved::guests, 0);
}

void Feeds::depart_with_parents(const store::DocumentRow& row, const Placement& placement)
{
    std::set<schema::ScopeId> left;
    for (const auto& parent : placement.hangs_on)
        for (const auto& departure : hub_.store.departures(parent, DeviceId{})) left.insert(departure.scope);
    depart(row, left, placement);
}

void Feeds::depart(const store::DocumentRow& row, const std::set<schema::ScopeId>& from, const Placement& now)
{
    for (const auto& scope : from) {
        if (now.scopes.contains(scope)) continue;
        hub_.store.append_entry(head(scope), {0, Entry::LEAVE, row.id, row.num, std::nullopt, hub_.options.random->bytes(move_bytes), {}});
        hub_.store.put_departure(row.num, head(scope), hub_.options.clock->now());
    }
}

void Feeds::enter_and_leave(const store::DocumentRow& row, const std::set<schema::ScopeId>& before, const std::set<schema::ScopeId>& after, const Bytes& move)
{
    std::vector<std::int64_t> joined;
    std::vector<std::int64_t> left;
    for (const auto& scope : after)
        if (!before.contains(scope)) {
            hub_.store.append_entry(head(scope), {0, Entry::ENTER, row.id, row.num, std::nullopt, move, {}});
            joined.push_back(head(scope).num);
            hub_.store.delete_departure(row.num, head(scope).num);
        }
    for (const auto& scope : before)
        if (!after.contains(scope)) {
            hub_.store.append_entry(head(scope), {0, Entry::LEAVE, row.id, row.num, std::nullopt, move, {}});
            left.push_back(head(scope).num);
            hub_.store.put_departure(row.num, head(scope), hub_.options.clock->now());
        }
    hub_.store.set_scopes(row.num, joined, left);
}

void Feeds::move_dependents(const RecordId& target, const Bytes& move, Moved moved, int depth)
{
    if (depth == depth_max) return;
    for (const auto& row : hub_.store.hanging_on(target)) {
        const auto* kind = schema::find_kind(row.kind);
        if (kind == nullptr) continue; // a type that only a newer server knows, after a downgrade: it stays where it is
        const bool follows = moved == Moved::home || std::any_of(kind->scopes.begin(), kind->scopes.end(), [](const auto& rule) {
                                 return rule.how == schema::ScopeRule::How::along;
                             });
        if (follows) settle(row, move, moved, depth + 1);
    }
}

/// Where the rules say that it is now, with all that hangs on it.
void Feeds::settle(const store::DocumentRow& row, const Bytes& move, Moved moved, int depth)
{
    const auto placement = place(hub_.store, *schema::find_kind(row.kind), hub_.read(row).record);
    const auto before = as_set(hub_.store.scopes_of(row.num));
    if (before == placement.scopes) return;
    enter_and_leave(row, before, placement.scopes, move);
    move_dependents(row.id, move, moved, depth);
}

} // namespace roadbook::server
