// A false finding, said to be one by a person: an ordinary edit of the older of the two records, with its reason, which can be taken back.
#include "conflict/findings/apart.hpp"
#include "mobile-app/replica/inside.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

Error cannot_dismiss(std::string_view finding)
{
    return fail(Errc::bad_argument, Bilingual{fmt::format("{} cannot be dismissed: only that two customers or two contacts look like one can be a mistake; nothing was changed", finding),
                                              fmt::format("{} 不能忽略：只有“两个客户或两个联系人疑似重复”可能是误判；未做任何更改", finding)});
}

Error no_finding(std::string_view finding)
{
    return fail(Errc::not_found, Bilingual{fmt::format("there is no finding {} here", finding), fmt::format("此处没有发现项 {}", finding)});
}

/// "duplicate_account/ID/ID", the older one first.
struct Pair {
    std::string kind;
    RecordId older, younger;
};
std::optional<Pair> pair_of(std::string_view finding)
{
    const auto first = finding.find('/'), last = finding.rfind('/');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto kind = findings::kind_of_dismissable(finding.substr(0, first));
    const auto older = RecordId::parse(finding.substr(first + 1, last - first - 1));
    const auto younger = RecordId::parse(finding.substr(last + 1));
    if (kind.empty() || !older || !younger) return std::nullopt;
    return Pair{std::string{kind}, *older, *younger};
}

std::string compared_of(const schema::Record& older, const schema::Record& younger)
{
    return findings::compared_in(older) + findings::compared_in(younger);
}

} // namespace

Result<Saved> Replica::dismiss(std::string_view finding, std::string_view reason)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto found = inside_->findings.find(std::string{finding}, inside_->finding_source());
    if (!found) return no_finding(finding);
    const auto pair = pair_of(finding);
    if (!pair) return cannot_dismiss(finding);
    const auto older = inside_->read_model.get(pair->older, pair->kind);
    const auto younger = inside_->read_model.get(pair->younger, pair->kind);
    if (!older || !younger) return no_finding(finding);

    schema::Fields said{{"compared", compared_of(*older, *younger)}, {"reason", std::string{reason}}};
    const auto before = findings::aparts_of(*older);
    const auto same = std::find_if(before.begin(), before.end(), [&](const auto& apart) { return apart.other == pair->younger; });
    merge::Intent intent;
    intent.record = pair->older;
    intent.kind = pair->kind;
    intent.reason = reason;
    if (same == before.end()) {
        said["other"] = pair->younger;
        said["position"] = Inside::position_in(*older, findings::apart_collection);
        intent.steps.push_back({std::string{findings::apart_collection}, new_id<ChildId>(inside_->options.clock->now(), *inside_->options.random), true, std::move(said)});
    } else {
        intent.steps.push_back({std::string{findings::apart_collection}, same->entry, false, std::move(said)});
    }
    return save(std::move(intent));
}

Result<Saved> Replica::restore_finding(std::string_view finding)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto pair = pair_of(finding);
    if (!pair) return cannot_dismiss(finding);
    for (const auto& [one, other] : {std::pair{pair->older, pair->younger}, std::pair{pair->younger, pair->older}}) {
        const auto record = inside_->read_model.get(one, pair->kind);
        if (!record) continue;
        merge::Intent intent;
        intent.record = one;
        intent.kind = pair->kind;
        for (const auto& apart : findings::aparts_of(*record))
            if (apart.other == other) intent.steps.push_back({std::string{findings::apart_collection}, apart.entry, false, {{"removed", true}}});
        if (!intent.steps.empty()) return save(std::move(intent));
    }
    return fail(Errc::not_found, Bilingual{fmt::format("{} was not dismissed here; nothing was changed", finding), fmt::format("{} 未被忽略；未做任何更改", finding)});
}

std::vector<Replica::Dismissed> Replica::dismissed()
{
    std::vector<Dismissed> all;
    if (inside_->is_locked()) return all;
    for (const auto& id : inside_->findings.said_apart()) {
        const auto row = inside_->documents.find(id);
        const auto record = row ? inside_->read_model.get(id, row->kind) : std::nullopt;
        if (!record) continue;
        for (const auto& apart : findings::aparts_of(*record)) {
            const auto [older, younger] = std::minmax({id, apart.other});
            const auto a = inside_->read_model.get(older, row->kind), b = inside_->read_model.get(younger, row->kind);
            all.push_back({fmt::format("duplicate_{}/{}/{}", row->kind, older.text(), younger.text()), {older, younger}, apart.reason, a && b && compared_of(*a, *b) == apart.compared});
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.finding < b.finding; });
    return all;
}

} // namespace roadbook::replica
