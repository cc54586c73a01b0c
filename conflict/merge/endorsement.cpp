#include "conflict/merge/endorsement.hpp"

#include "conflict/merge/scalars.hpp"

#include <algorithm>
#include <map>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Document;
using automerge::Node;
using Standing = Endorsed::Standing;

/// The one value of a register of an entry; null for one that is missing or was written twice apart.
template <class T>
const T* only(const Node& entry, std::string_view field)
{
    const auto* node = entry.find(field);
    return node != nullptr && node->values.size() == 1 ? std::get_if<T>(&node->values.front().value) : nullptr;
}

std::string hex_of(std::span<const Hash> heads)
{
    std::string text;
    for (const auto& head : heads) text += (text.empty() ? "" : " ") + head.hex();
    return text;
}

std::optional<std::vector<Hash>> heads_from(std::string_view text)
{
    constexpr std::size_t digits = 64;
    std::vector<Hash> heads;
    while (text.size() >= digits) {
        const auto bytes = from_hex(text.substr(0, digits));
        if (!bytes) return std::nullopt;
        heads.push_back(*Hash::from(*bytes));
        text.remove_prefix(digits);
        if (!text.empty() && text.front() != ' ') return std::nullopt;
        if (!text.empty()) text.remove_prefix(1);
    }
    if (!text.empty() || heads.empty()) return std::nullopt;
    return heads;
}

/// A name that this version knows and that must be covered; a newer version may leave out what only it knows.
bool leaves_out_too_much(const Seal& seal, const schema::Kind& kind, const schema::Endorsement& endorsement)
{
    const auto is_known = [&](const std::string& name) {
        const auto slash = name.find('/');
        if (slash == std::string::npos) return name == "id" || name == "kind" || name == "deleted_at" || kind.field(name) != nullptr || kind.collection(name) != nullptr;
        const auto* collection = kind.collection(name.substr(0, slash));
        const auto field = name.substr(slash + 1);
        return collection != nullptr && (field == "removed" || field == "position" || collection->field(field) != nullptr);
    };
    return std::any_of(seal.left_out.begin(), seal.left_out.end(), [&](const auto& name) {
        return is_known(name) && std::find(endorsement.leaves_out.begin(), endorsement.leaves_out.end(), name) == endorsement.leaves_out.end();
    });
}

/// An entry with what is needed to judge it beside others.
struct Entry {
    Endorsed endorsed;
    std::string key; ///< equal: over the same content
    const Content* seen = nullptr;
    std::optional<RecordId> approver;
    int steps_needed = 1;
};

class Reading {
public:
    Reading(const Document& document, const schema::Kind& kind, const Content& content) : document_{document}, kind_{kind}, content_{content} {}

    Result<Endorsements> read()
    {
        Endorsements all;
        for (const auto& endorsement : kind_.endorsements) {
            const auto* entries = content_.root.find(endorsement.collection);
            if (entries == nullptr || entries->kind != Node::Kind::map) continue;
            std::vector<Entry> read;
            for (const auto& [key, node] : entries->children)
                if (const auto id = ChildId::parse(key); id && node.kind == Node::Kind::map) read.push_back(read_entry(endorsement, *id, node));
            std::sort(read.begin(), read.end(), [](const auto& a, const auto& b) { return is_before(a.endorsed.written, b.endorsed.written); });
            if (endorsement.is_approval()) count(endorsement, read, all);
            for (auto& entry : read) all.entries.push_back(std::move(entry.endorsed));
        }
        if (const auto* approval = kind_.approval(); approval != nullptr && all.steps_needed == 0) all.steps_needed = unconditional(*approval), all.next_step = 1;
        return all;
    }

private:
    static bool is_before(const Moved::Writer& a, const Moved::Writer& b) { return std::tie(a.counter, a.actor) < std::tie(b.counter, b.actor); }

    static int unconditional(const schema::Endorsement& endorsement)
    {
        return static_cast<int>(std::count_if(endorsement.steps.begin(), endorsement.steps.end(), [](const auto& step) { return !step.only_over_limit; }));
    }

    Entry read_entry(const schema::Endorsement& endorsement, const ChildId& id, const Node& node)
    {
        Entry entry;
        auto& made = entry.endorsed;
        made.collection = endorsement.collection;
        made.id = id;
        const auto& collection = *kind_.collection(endorsement.collection);
        bool is_torn = false;
        for (const auto& [name, value] : node.children) {
            is_torn = is_torn || value.values.size() != 1;
            const auto* field = collection.field(name);
            auto typed = field != nullptr && !value.values.empty() ? from_scalar(field->type, value.values.front().value) : std::nullopt;
            if (typed) made.fields[name] = std::move(*typed);
            for (const auto& written : value.values)
                if (const Moved::Writer by{content_.actors.at(written.actor), written.counter}; is_before(made.written, by)) made.written = by;
        }
        if (endorsement.is_approval()) read_approval(endorsement, node, entry);
        const auto seal = is_torn ? std::nullopt : seal_from(node);
        if (!seal) {
            made.why = is_torn ? Bilingual{"it was written by several people apart", "该条目由多人分别写入"}
                               : Bilingual{"it does not say what was looked at", "未注明所依据的内容"};
            return entry;
        }
        made.heads = seal->heads;
        judge(endorsement, *seal, entry);
        entry.key = to_text(seal->left_out) + "/" + seal->digest;
        return entry;
    }

    void read_approval(const schema::Endorsement& endorsement, const Node& node, Entry& entry) const
    {
        const auto* decision = only<std::string>(node, "decision");
        const auto* approver = only<Bytes>(node, "approver");
        const auto* step = only<std::int64_t>(node, "step");
        const auto* needed = only<std::int64_t>(node, "steps_needed");
        entry.endorsed.rejects = decision == nullptr || *decision != "approved"; // what a newer version says is no yes
        entry.approver = approver != nullptr ? RecordId::from(*approver) : std::nullopt;
        const auto last = static_cast<std::int64_t>(endorsement.steps.size());
        entry.endorsed.step = static_cast<int>(std::clamp<std::int64_t>(step != nullptr ? *step : 1, 1, last));
        entry.steps_needed = static_cast<int>(std::clamp<std::int64_t>(needed != nullptr ? *needed : 1, unconditional(endorsement), last));
    }

    void judge(const schema::Endorsement& endorsement, const Seal& seal, Entry& entry)
    {
        auto& made = entry.endorsed;
        if (seal.version != digest_version) {
            made.why = {"it was made by a newer version of the app: this one cannot check it", "由更新版本的应用生成，此版本无法核验"};
        } else if (leaves_out_too_much(seal, kind_, endorsement)) {
            made.why = {"it leaves out what it must cover", "其范围遗漏了必须涵盖的内容"};
        } else if ((entry.seen = content_at(seal.heads)) == nullptr) {
            made.why = {"what it is over is not here", "其所依据的版本不在此处"};
        } else if (digest_of(*entry.seen, seal.left_out) != seal.digest) {
            made.why = {"its digest is not that of what it says it is over", "内容摘要与其所依据的版本不符"};
        } else {
            made.moved = differences(*entry.seen, content_, seal.left_out);
            made.standing = made.moved.empty() ? Standing::holds : Standing::changed_since;
        }
    }

    /// Null where it cannot be read: hashes that are not in the document. Approvals over one version share it.
    const Content* content_at(const std::vector<Hash>& heads)
    {
        const auto [found, is_new] = seen_.try_emplace(heads);
        if (is_new)
            if (auto content = document_.read_at(heads)) found->second = std::move(*content);
        return found->second ? &*found->second : nullptr;
    }

    // ---- steps

    /// Whose no was not answered: an approval that has seen it answers it.
    static bool is_unanswered(const Entry& no, std::span<const Entry* const> group)
    {
        return std::none_of(group.begin(), group.end(), [&](const Entry* yes) {
            const auto* seen = yes->endorsed.rejects ? nullptr : yes->seen->root.find(no.endorsed.collection);
            return seen != nullptr && seen->find(no.endorsed.id.text()) != nullptr;
        });
    }

    /// Is there for each step from `step` on a person of its own?
    static bool has_all(std::span<const Entry* const> group, int step, int last, std::set<RecordId>& taken)
    {
        if (step > last) return true;
        for (const auto* entry : group) {
            if (entry->endorsed.rejects || entry->endorsed.step != step || !entry->approver || !taken.insert(*entry->approver).second) continue;
            if (has_all(group, step + 1, last, taken)) return true;
            taken.erase(*entry->approver);
        }
        return false;
    }
    static bool has_first(std::span<const Entry* const> group, int steps)
    {
        std::set<RecordId> taken;
        return has_all(group, 1, steps, taken);
    }

    void count(const schema::Endorsement& endorsement, std::vector<Entry>& entries, Endorsements& all) const
    {
        std::map<std::string, std::vector<Entry*>> groups;
        for (auto& entry : entries)
            if (entry.endorsed.standing != Standing::does_not_fit) groups[entry.key].push_back(&entry);
        std::vector<std::pair<Moved::Writer, Approved>> approved;
        for (const auto& [key, group] : groups) {
            const bool holds = group.front()->endorsed.standing == Standing::holds;
            const std::vector<const Entry*> whole{group.begin(), group.end()};
            int needed = unconditional(endorsement);
            for (const auto* entry : whole)
                if (!entry->endorsed.rejects) needed = std::max(needed, entry->steps_needed);
            const bool is_rejected = std::any_of(whole.begin(), whole.end(), [&](const Entry* entry) { return entry->endorsed.rejects && is_unanswered(*entry, whole); });
            int reached = 0;
            while (!is_rejected && reached < needed && has_first(whole, reached + 1)) ++reached;
            for (auto* entry : group) entry->endorsed.counts = holds && !entry->endorsed.rejects && entry->endorsed.step <= reached;
            if (holds) all.steps_needed = std::max(all.steps_needed, needed), all.next_step = reached == needed ? 0 : reached + 1;
            if (!is_rejected && reached == needed) approved.push_back(approved_by(whole, holds));
        }
        std::sort(approved.begin(), approved.end(), [](const auto& a, const auto& b) { return is_before(b.first, a.first); });
        for (auto& [by, one] : approved) all.approved.push_back(std::move(one));
    }

    /// `group`: in the order in which they were made.
    static std::pair<Moved::Writer, Approved> approved_by(std::span<const Entry* const> group, bool holds)
    {
        Approved made;
        made.holds = holds;
        const Entry* last = nullptr;
        for (auto at = group.rbegin(); at != group.rend(); ++at) {
            if ((*at)->endorsed.rejects) continue;
            if (last == nullptr) last = *at;
            made.entries.push_back((*at)->endorsed.id);
        }
        made.heads = last->endorsed.heads;
        const auto text = [&](std::string_view name) {
            const auto found = last->endorsed.fields.find(name);
            return found == last->endorsed.fields.end() ? automerge::Scalar{} : to_scalar(found->second);
        };
        made.total = text_of(text("total"));
        made.amounts = text_of(text("amounts"));
        return {last->endorsed.written, std::move(made)};
    }

    const Document& document_;
    const schema::Kind& kind_;
    const Content& content_;
    std::map<std::vector<Hash>, std::optional<Content>> seen_;
};

} // namespace

Seal seal_of(const Content& content, std::vector<Hash> heads, const schema::Endorsement& endorsement)
{
    LeftOut left_out{endorsement.leaves_out.begin(), endorsement.leaves_out.end()};
    auto digest = digest_of(content, left_out);
    return {std::move(heads), std::move(digest), digest_version, std::move(left_out)};
}

void write(const Seal& seal, schema::Fields& entry)
{
    entry["heads"] = hex_of(seal.heads);
    entry["digest"] = seal.digest;
    entry["digest_version"] = seal.version;
    entry["exclusions"] = to_text(seal.left_out);
}

std::optional<Seal> seal_from(const Node& entry)
{
    const auto* heads = only<std::string>(entry, "heads");
    const auto* digest = only<std::string>(entry, "digest");
    const auto* version = only<std::int64_t>(entry, "digest_version");
    const auto* left_out = only<std::string>(entry, "exclusions");
    auto seen = heads != nullptr ? heads_from(*heads) : std::nullopt;
    if (!seen || digest == nullptr || version == nullptr || left_out == nullptr) return std::nullopt;
    return Seal{std::move(*seen), *digest, *version, left_out_from(*left_out)};
}

Result<Endorsements> endorsements_of(const Document& document, const schema::Kind& kind, const Content& content)
{
    return Reading{document, kind, content}.read();
}

} // namespace roadbook::merge
