#include "conflict/merge/gathering.hpp"

#include "conflict/merge/scalars.hpp"

#include <algorithm>
#include <map>

namespace roadbook::merge {
namespace {

using automerge::Node;
using automerge::Scalar;

bool is_removed(const Node& entry)
{
    const auto* removed = entry.find("removed");
    return removed != nullptr && !removed->values.empty() &&
           std::all_of(removed->values.begin(), removed->values.end(), [](const auto& written) { return written.value == Scalar{true}; });
}

/// What the entry is about; null for nothing.
const Scalar* key_of(const schema::Collection& collection, const Node& entry)
{
    const auto* key = entry.find(collection.key);
    if (key == nullptr || key->values.empty() || key->values.front().value == Scalar{}) return nullptr;
    return &key->values.front().value;
}

} // namespace

std::vector<std::vector<Entry>> groups_of(const schema::Collection& collection, std::span<const Entry> entries)
{
    std::vector<std::vector<Entry>> groups;
    std::vector<const Scalar*> keys; ///< of each group
    for (const auto& entry : entries) {
        const bool may_agree = collection.gathers == schema::Gathering::set && !is_removed(*entry.second);
        const auto* key = may_agree ? key_of(collection, *entry.second) : nullptr;
        const auto same = std::find_if(keys.begin(), keys.end(), [&](const Scalar* other) { return key != nullptr && other != nullptr && *other == *key; });
        if (same != keys.end()) {
            groups[static_cast<std::size_t>(same - keys.begin())].push_back(entry);
            continue;
        }
        groups.push_back({entry});
        keys.push_back(key);
    }
    for (auto& group : groups) std::sort(group.begin(), group.end());
    return groups;
}

Node united(std::span<const Entry> group, std::span<const ActorId> actors)
{
    Node all = *group.front().second;
    for (const auto& [id, entry] : group.subspan(1))
        for (const auto& [name, node] : entry->children) {
            if (name == "position" || name == "removed" || node.kind != Node::Kind::reg) continue; // the first one's place is the entry's
            auto at = std::find_if(all.children.begin(), all.children.end(), [&](const auto& one) { return one.first == name; });
            if (at == all.children.end()) all.children.emplace_back(name, node);
            else at->second.values.insert(at->second.values.end(), node.values.begin(), node.values.end());
        }
    const auto is_later = [&](const auto& a, const auto& b) {
        return std::pair{a.counter, actors[a.actor]} > std::pair{b.counter, actors[b.actor]};
    };
    for (auto& [name, node] : all.children) std::sort(node.values.begin(), node.values.end(), is_later);
    std::sort(all.children.begin(), all.children.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return all;
}

std::vector<schema::Value> totals_of(const schema::Collection& collection, std::span<const schema::Child> children)
{
    std::map<std::string, std::optional<std::int64_t>> sums; ///< by currency; "" for numbers
    for (const auto& child : children) {
        const auto found = child.fields.find(collection.counted);
        if (child.removed || found == child.fields.end()) continue;
        const auto* number = std::get_if<std::int64_t>(&found->second);
        const auto* money = std::get_if<Money>(&found->second);
        if (number == nullptr && money == nullptr) continue;
        auto& sum = sums.try_emplace(money != nullptr ? money->currency : "", 0).first->second;
        if (sum) sum = checked_add(*sum, money != nullptr ? money->minor : *number);
    }
    std::vector<schema::Value> totals;
    for (const auto& [currency, sum] : sums) {
        if (!sum) continue;
        if (currency.empty()) totals.emplace_back(*sum);
        else totals.emplace_back(Money{*sum, currency});
    }
    return totals;
}

} // namespace roadbook::merge
