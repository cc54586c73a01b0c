// Taking an edit back, by another edit: what it wrote says again what it said before. What somebody has written since stays.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/scalars.hpp"
#include "mobile-app/replica/inside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace roadbook::replica {
namespace {

using automerge::Content;
using automerge::Node;

/// Both are registers with the same operations: nobody has written here in between.
bool is_same(const Node& a, const Content& in_a, const Node& b, const Content& in_b)
{
    return a.values.size() == b.values.size() && std::equal(a.values.begin(), a.values.end(), b.values.begin(), [&](const auto& one, const auto& other) {
        return one.counter == other.counter && in_a.actors.at(one.actor) == in_b.actors.at(other.actor);
    });
}

/// What has to be written to take one change back.
class Reversal {
public:
    /// What the author of an operation had before him.
    using Seen = std::function<std::vector<Hash>(const ActorId&, std::uint64_t)>;
    Reversal(const schema::Kind& kind, const Content& before, const Content& after, const Content& now, Seen seen)
        : kind_{kind}, before_{before}, after_{after}, now_{now}, seen_{std::move(seen)}
    {
    }

    void take_back(const std::vector<std::string>& path)
    {
        const auto *was = merge::node_at(before_, path), *wrote = merge::node_at(after_, path), *is = merge::node_at(now_, path);
        if (wrote == nullptr || is == nullptr || wrote->kind != is->kind) return;
        if (path.size() == 1 && (path.front() == "id" || path.front() == "kind")) return;
        if (path.size() == 2 && wrote->kind == Node::Kind::map) return put(path, "removed", true); // an entry that it added
        if (path.size() > 2 && merge::node_at(before_, {path[0], path[1]}) == nullptr) return; // goes with its entry
        const auto type = type_of(path);
        if (!type) return;
        if (wrote->kind == Node::Kind::text) {
            if (wrote->text != is->text) return skip();
            return put(path, path.back(), was != nullptr ? was->text : std::string{});
        }
        if (!is_same(*wrote, after_, *is, now_)) return skip();
        std::vector<schema::Value> values;
        std::vector<const automerge::Written*> writes; // of each value
        static const std::vector<automerge::Written> none;
        for (const auto& written : was != nullptr ? was->values : none) {
            auto value = merge::from_scalar(*type, written.value);
            if (!value || std::find(values.begin(), values.end(), *value) != values.end()) continue;
            values.push_back(std::move(*value));
            writes.push_back(&written);
        }
        if (path.back() == "removed" && values.empty()) return put(path, "removed", false);
        const auto shown = is->values.empty() ? std::nullopt : merge::from_scalar(*type, is->values.front().value);
        const auto stays = shown ? std::find(values.begin(), values.end(), *shown) : values.end();
        // It was one of them: it stays, and the others come to stand beside it again, each made as its author saw the record. (Choosing the value that
        // shows only takes the others out, so what is made on top of their conflict would replace it.)
        const bool was_among = values.size() > 1 && stays != values.end();
        if (!was_among) put(path, path.back(), values.empty() ? schema::Value{} : values.front());
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (was_among ? values[i] == *stays : i == 0) continue;
            const auto seen = was_among ? seen_(before_.actors.at(writes[i]->actor), writes[i]->counter) : std::vector<Hash>{};
            beside_.push_back({step_at(path), path.back(), values[i], seen});
        }
    }

    /// An edit to make: on the record as it is now, or as it was at these heads.
    struct Making {
        merge::Intent intent;
        std::vector<Hash> seen;
    };
    /// The edit, and beside it those that put back what stood in conflict: none replaces another.
    [[nodiscard]] std::vector<Making> intents(const RecordId& record, std::string_view reason) const
    {
        std::vector<Making> all;
        const auto add = [&](std::vector<merge::Intent::Step> steps, const std::vector<Hash>& seen) {
            all.push_back({{}, seen});
            auto& intent = all.back().intent;
            intent.record = record;
            intent.kind = kind_.name;
            intent.reason = reason;
            intent.steps = std::move(steps);
        };
        if (!steps_.empty()) add(steps_, {});
        for (const auto& [step, field, value, seen] : beside_) {
            auto made = step;
            made.values[field] = value;
            add({std::move(made)}, seen);
        }
        return all;
    }
    [[nodiscard]] int skipped() const noexcept { return skipped_; }

private:
    void skip() { ++skipped_; }

    static merge::Intent::Step step_at(const std::vector<std::string>& path)
    {
        if (path.size() == 1) return {};
        return {path.front(), ChildId::parse(path[1]).value_or(ChildId{}), false, {}};
    }

    void put(const std::vector<std::string>& path, const std::string& field, schema::Value value)
    {
        const auto wanted = step_at(path);
        auto step = std::find_if(steps_.begin(), steps_.end(), [&](const auto& one) { return one.collection == wanted.collection && one.child == wanted.child; });
        if (step == steps_.end()) step = steps_.insert(steps_.end(), wanted);
        step->values[field] = std::move(value);
    }

    [[nodiscard]] std::optional<schema::Type> type_of(const std::vector<std::string>& path) const
    {
        if (path.size() == 1 && path.front() == "deleted_at") return schema::Type::time;
        if (path.size() == 1) return kind_.field(path.front()) != nullptr ? std::optional{kind_.field(path.front())->type} : std::nullopt;
        const auto* collection = kind_.collection(path.front());
        if (path.size() != 3 || collection == nullptr) return std::nullopt;
        if (path.back() == "removed") return schema::Type::boolean;
        if (path.back() == "position") return schema::Type::text;
        return collection->field(path.back()) != nullptr ? std::optional{collection->field(path.back())->type} : std::nullopt;
    }

    const schema::Kind& kind_;
    const Content &before_, &after_, &now_;
    const Seen seen_;
    std::vector<merge::Intent::Step> steps_;
    struct Beside {
        merge::Intent::Step step;
        std::string field;
        schema::Value value;
        std::vector<Hash> seen;
    };
    std::vector<Beside> beside_;
    int skipped_ = 0;
};

} // namespace

Result<std::optional<automerge::Change>> Replica::Inside::last_of_mine(const Held& held)
{
    const auto me = identity();
    const auto changes = held.document.changes_since({});
    if (!changes) return changes.error();
    std::optional<automerge::Change> last;
    for (const auto& change : *changes)
        if (const auto by = people.find(held.num, change.actor, change.seq); me && by && by->device == me->device) last = change;
    return last;
}

Result<Replica::Undone> Replica::undo(const RecordId& id, const std::optional<Hash>& change, std::string_view reason)
{
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    const auto& document = (*held)->document;
    const auto wanted = change ? document.change(*change) : inside_->last_of_mine(**held);
    if (!wanted) return wanted.error();
    if (!*wanted || (*wanted)->actor == merge::genesis_actor())
        return fail(Errc::not_found, Bilingual{"there is no such edit of this record to take back", "此记录没有可撤销的这项修改"});
    const auto& edit = **wanted;
    const auto before = document.read_at(edit.deps), after = document.read_at(std::span{&edit.hash, 1}), now = document.read();
    const auto patches = document.patches(edit.deps, std::span{&edit.hash, 1});
    const auto heads = document.heads();
    if (!before || !after || !now || !patches || !heads) return fail(Errc::document_damaged, "the history of this record cannot be read");
    if (before->root.find("id") == nullptr)
        return fail(Errc::bad_argument, Bilingual{"this edit made the record: delete the record instead", "该修改新建了此记录：请改为删除记录"});
    const auto seen = [&](const ActorId& actor, std::uint64_t counter) {
        const auto hash = document.change_of(actor, counter);
        const auto made = hash && *hash ? document.change(**hash) : Result<std::optional<automerge::Change>>{std::nullopt};
        return made && *made ? (*made)->deps : std::vector<Hash>{};
    };
    Reversal reversal{*(*held)->kind, *before, *after, *now, seen};
    std::set<std::vector<std::string>> paths;
    for (const auto& patch : *patches)
        if (paths.insert(patch.path).second && !merge::is_touch(patch.path, *before, *after)) reversal.take_back(patch.path);
    const auto intents = reversal.intents(id, reason);
    if (intents.empty() && reversal.skipped() > 0)
        return fail(Errc::not_allowed, Bilingual{"everything that this edit wrote has been written anew since; nothing was changed", "该修改写入的内容此后都已被重新填写；未做任何更改"});
    Undone undone{edit.hash, 0, reversal.skipped()};
    for (const auto& making : intents) {
        const auto saved = inside_->save(making.intent, {}, making.seen.empty() ? *heads : making.seen);
        if (!saved) return saved.error();
        undone.edits += saved->changed ? 1 : 0;
    }
    return undone;
}

} // namespace roadbook::replica
