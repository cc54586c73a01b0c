#include "conflict/merge/endorsement_rules.hpp"

#include "conflict/merge/endorsement.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/payout.hpp"
#include "conflict/merge/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Node;

std::string text_in(const Node& entry, std::string_view name)
{
    const auto* node = entry.find(name);
    return node == nullptr || node->values.empty() ? std::string{} : text_of(node->values.front().value);
}

std::int64_t number_in(const Node& entry, std::string_view name, std::int64_t otherwise)
{
    const auto* node = entry.find(name);
    const auto* number = node == nullptr || node->values.empty() ? nullptr : std::get_if<std::int64_t>(&node->values.front().value);
    return number != nullptr ? *number : otherwise;
}

/// The entries that the change made.
std::vector<std::pair<std::string, const Node*>> new_entries(const Content& before, const Content& after, const std::string& collection)
{
    std::vector<std::pair<std::string, const Node*>> found;
    const auto* then = before.root.find(collection);
    const auto* now = after.root.find(collection);
    if (now == nullptr) return found;
    for (const auto& [key, node] : now->children)
        if (then == nullptr || then->find(key) == nullptr) found.emplace_back(key, &node);
    return found;
}

class Judge {
public:
    Judge(const schema::Kind& kind, const RecordId& id, const Placed& change, const Author& author, bool is_system, const StepsNeeded& steps_needed)
        : kind_{kind}, id_{id}, change_{change}, author_{author}, is_system_{is_system}, steps_needed_{steps_needed}
    {
    }

    Result<void> judge() const
    {
        for (const auto& endorsement : kind_.endorsements) {
            for (const auto& [key, node] : new_entries(change_.before, change_.after, endorsement.collection))
                ROADBOOK_CHECK(check_entry(endorsement, endorsement.collection + "/" + key, *node));
            if (!endorsement.state.empty()) ROADBOOK_CHECK(check_state(endorsement));
        }
        return kind_.payout ? check_payments() : Result<void>{};
    }

private:
    Result<void> check_entry(const schema::Endorsement& endorsement, const std::string& path, const Node& entry) const
    {
        const auto seal = seal_from(entry);
        const auto& what = kind_.collection(endorsement.collection)->item;
        if (!seal && is_system_ && entry.find("digest") == nullptr) return {};
        if (!seal)
            return fail(Errc::not_allowed,
                        Bilingual{fmt::format("{}: is made by approving or signing what is on the screen, not typed in; nothing was saved", what.en),
                                  fmt::format("{}：须对所见内容进行审批或签名，不可直接填写。未保存任何内容", what.zh)},
                        path);
        if (seal->version != digest_version)
            return fail(Errc::unsupported_version, Bilingual{"it was made by a newer version of the app, which cannot be checked here yet",
                                                             "由更新版本的应用生成，此处尚无法核验"}, path + "/digest_version");
        ROADBOOK_CHECK(check_seen(seal->heads, path));
        const auto seen = change_.document.read_at(seal->heads);
        if (!seen) return seen.error();
        // The same judgement by which it will be read.
        const auto read = endorsements_of(change_.document, kind_, change_.after);
        if (!read) return read.error();
        for (const auto& made : read->entries)
            if (made.collection + "/" + made.id.text() == path && made.standing == Endorsed::Standing::does_not_fit)
                return fail(Errc::not_allowed,
                            Bilingual{fmt::format("{}: {}; look at the record and do it again", what.en, made.why.en),
                                      fmt::format("{}：{}。请查看记录后重新操作", what.zh, made.why.zh)},
                            path + "/digest");
        const bool says_no = endorsement.is_approval() && text_in(entry, "decision") != "approved";
        if (!says_no) ROADBOOK_CHECK(check_no_open_conflict(kind_, id_, *seen, endorsement));
        if (endorsement.is_approval()) ROADBOOK_CHECK(check_step(endorsement, path, entry));
        if (endorsement.is_approval() && !says_no) ROADBOOK_CHECK(check_steps_needed(path, entry, *seen));
        if (endorsement.is_approval() && !says_no && kind_.payout) return check_total(path, entry, *seen);
        return {};
    }

    /// What an honest device saw is what the change builds on, or came before that.
    Result<void> check_seen(const std::vector<Hash>& heads, const std::string& path) const
    {
        const auto is_dep = [&](const Hash& head) { return std::find(change_.deps.begin(), change_.deps.end(), head) != change_.deps.end(); };
        if (std::all_of(heads.begin(), heads.end(), is_dep)) return {};
        const auto past = change_.document.fork_at(change_.deps);
        if (!past) return past.error();
        for (const auto& head : heads) {
            const auto has = past->has(head);
            if (!has) return has.error();
            if (!*has)
                return fail(Errc::not_allowed, Bilingual{"it is over a version that its author cannot have seen: one that was refused, or came later; look at the record and do it again",
                                                         "其所依据的版本作者不可能看到（已被拒绝或晚于该操作）。请查看记录后重新操作"}, path + "/heads");
        }
        return {};
    }

    Result<void> check_step(const schema::Endorsement& endorsement, const std::string& path, const Node& entry) const
    {
        const auto last = static_cast<std::int64_t>(endorsement.steps.size());
        const auto step = number_in(entry, "step", 1);
        if (step < 1 || step > last || number_in(entry, "steps_needed", 1) > last)
            return fail(Errc::invalid_value, Bilingual{fmt::format("a {} is approved in at most {} steps", kind_.label.en, last), fmt::format("{}最多经过 {} 个审批环节", kind_.label.zh, last)}, path + "/step");
        const auto& of = endorsement.steps.at(static_cast<std::size_t>(step - 1));
        if (of.roles.has(author_.role) || is_system_) return {};
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("{}: the role {} may not give it", of.label.en, schema::name(author_.role)),
                              fmt::format("{}：“{}”角色不可办理", of.label.zh, schema::label(author_.role).zh)},
                    path + "/step");
    }

    /// An approval says how many have to approve, and all who read it believe it: so it must not say too few.
    Result<void> check_steps_needed(const std::string& path, const Node& entry, const Content& seen) const
    {
        if (!steps_needed_ || is_system_) return {};
        const auto needed = steps_needed_(read(kind_, id_, seen).record);
        if (!needed) return needed.error();
        if (number_in(entry, "steps_needed", 1) >= *needed) return {};
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("this {} is over a limit of the company's: {} persons have to approve it; look at it again with the limits of now", kind_.label.en, *needed),
                              fmt::format("该{}超出公司规定的限额，须由 {} 人审批。请按当前限额重新查看", kind_.label.zh, *needed)},
                    path + "/steps_needed");
    }

    Result<void> check_total(const std::string& path, const Node& entry, const Content& seen) const
    {
        if (approved_items(read(kind_, id_, seen).record, text_in(entry, "total"), text_in(entry, "amounts"))) return {};
        return fail(Errc::not_allowed, Bilingual{"the total approved is not what the items come to; look at the record and do it again",
                                                 "批准总额与费用明细不符。请查看记录后重新操作"}, path + "/total");
    }

    /// Nobody calls a record approved before all who have to have said yes to what it says.
    Result<void> check_state(const schema::Endorsement& endorsement) const
    {
        const auto* after = change_.after.root.find(kind_.state);
        const auto* before = change_.before.root.find(kind_.state);
        if (after == nullptr || is_system_) return {};
        const auto says = [&](const Node* node) {
            return node != nullptr && std::any_of(node->values.begin(), node->values.end(), [&](const auto& w) { return w.value == automerge::Scalar{endorsement.state}; });
        };
        if (!says(after) || says(before) || is_beyond(endorsement.state, before)) return {};
        const auto read = endorsements_of(change_.document, kind_, change_.after);
        if (!read) return read.error();
        if (read->is_approved()) return {};
        const auto& step = endorsement.steps.at(static_cast<std::size_t>(std::max(read->next_step, 1) - 1));
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("this {} is not approved yet: it lacks “{}” over what it says now", kind_.label.en, step.label.en),
                              fmt::format("该{}尚未获批：缺少针对当前内容的“{}”", kind_.label.zh, step.label.zh)},
                    kind_.state);
    }

    /// Back from a state that follows on it: that was approved once.
    [[nodiscard]] bool is_beyond(const std::string& state, const Node* before) const
    {
        const auto& choices = kind_.field(kind_.state)->choices;
        const auto rank = [&](const std::string& value) {
            return std::find_if(choices.begin(), choices.end(), [&](const auto& one) { return one.value == value; }) - choices.begin();
        };
        if (before == nullptr || kind_.field(kind_.state)->merge != schema::Policy::furthest) return false;
        const auto end = std::ssize(choices);
        return std::any_of(before->values.begin(), before->values.end(), [&](const auto& written) {
            const auto* value = std::get_if<std::string>(&written.value);
            return value != nullptr && rank(*value) < end && rank(*value) > rank(state);
        });
    }

    // ---- payments

    Result<void> check_payments() const
    {
        const auto& collection = *kind_.collection(kind_.payout->payments);
        const auto made = new_entries(change_.before, change_.after, collection.name);
        if (made.empty()) return {};
        const auto endorsements = endorsements_of(change_.document, kind_, change_.before);
        if (!endorsements) return endorsements.error();
        auto state = payout_of(change_.document, kind_, id_, change_.before, *endorsements, nullptr);
        if (!state) return state.error();
        for (const auto& [key, node] : made) ROADBOOK_CHECK(check_payment(*endorsements, *state, collection.name + "/" + key, *node));
        return {};
    }

    Result<void> check_payment(const Endorsements& endorsements, PayoutState& state, const std::string& path, const Node& payment) const
    {
        const auto item_text = text_in(payment, "item"), approval_text = text_in(payment, "approval");
        if (is_system_ && item_text.empty()) return {};
        if (item_text.empty() || approval_text.empty())
            return fail(Errc::not_allowed, Bilingual{"a payment is for one item by one approval: pay what is due, do not type it in; nothing was saved",
                                                     "付款须对应一项费用及其审批，请使用付款功能，不可直接填写。未保存任何内容"}, path + "/item");
        if (!is_system_ && path.ends_with("/" + server_payment_id(id_, item_text, approval_text).text()))
            return fail(Errc::bad_change, Bilingual{"this payment's id is the server's own", "该付款的编号仅供服务器使用"}, path);
        const auto item = ChildId::parse(item_text), approval = ChildId::parse(approval_text);
        const auto approved = state.approval ? endorsements.approved.front().entries : std::vector<ChildId>{};
        if (!approval || std::find(approved.begin(), approved.end(), *approval) == approved.end())
            return fail(Errc::not_allowed, Bilingual{"only what all who have to have approved is paid, by the last such approval", "只能依据最近一次完整的审批付款"}, path + "/approval");
        const auto of = std::find_if(state.items.begin(), state.items.end(), [&](const auto& one) { return item && one.item == *item; });
        if (of == state.items.end() || !of->approved)
            return fail(Errc::not_allowed, Bilingual{"this item is not among what was approved", "该费用不在已批准的范围内"}, path + "/item");
        if (of->due() == 0)
            return fail(Errc::not_allowed, Bilingual{"this item was paid already by this approval", "该费用已依据此审批付款"}, path + "/item");
        const Money due{of->due(), state.currency};
        if (from_scalar(schema::Type::money, text_in(payment, "amount")) != std::optional<schema::Value>{due})
            return fail(Errc::not_allowed, Bilingual{fmt::format("{} is due for this item, no more and no less", due.text()), fmt::format("该费用应付 {}，不多不少", due.text())}, path + "/amount");
        of->is_settled = true; // a second one in this change
        return {};
    }

    const schema::Kind& kind_;
    const RecordId& id_;
    const Placed& change_;
    const Author& author_;
    const bool is_system_;
    const StepsNeeded& steps_needed_;
};

} // namespace

Result<void> check_endorsements(const schema::Kind& kind, const RecordId& id, const Placed& change, const Author& author, bool is_system,
                                const StepsNeeded& steps_needed)
{
    return Judge{kind, id, change, author, is_system, steps_needed}.judge();
}

Result<void> check_no_open_conflict(const schema::Kind& kind, const RecordId& id, const Content& content, const schema::Endorsement& endorsement)
{
    const auto is_covered = [&](const std::string& path) {
        const auto first = path.find('/');
        const auto root = path.substr(0, first);
        const auto field = first == std::string::npos ? root : root + "/" + path.substr(path.rfind('/') + 1);
        const auto& out = endorsement.leaves_out;
        return std::find(out.begin(), out.end(), root) == out.end() && std::find(out.begin(), out.end(), field) == out.end();
    };
    for (const auto& conflict : read(kind, id, content).conflicts)
        if (conflict.needs_person() && is_covered(conflict.path))
            return fail(Errc::conflict_open,
                        Bilingual{fmt::format("{} was written differently by several people: somebody must choose before this {} is approved or signed", conflict.path, kind.label.en),
                                  fmt::format("{} 由多人分别填写且内容不同：须先选定，才能对该{}进行审批或签名", conflict.path, kind.label.zh)},
                        conflict.path);
    return {};
}

} // namespace roadbook::merge
