// What is found in the records that are here, and merging accounts that are one customer.
#include "conflict/findings/merged_accounts.hpp"
#include "mobile-app/replica/inside.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

Error no_account(const RecordId& id)
{
    return fail(Errc::bad_argument, Bilingual{fmt::format("{} is no account on this device", id.text()), fmt::format("{} 不是此设备上的客户", id.text())});
}

} // namespace

findings::Source Replica::Inside::finding_source()
{
    return {[this](const RecordId& id, std::string_view kind) { return read_model.get(id, kind); },
            [this](std::string_view kind) {
                auto listed = read_model.list({std::string{kind}, {}, "id", false, 1'000, 0});
                return listed ? std::move(*listed) : std::vector<schema::Record>{};
            }};
}

RecordId Replica::Inside::standing_for(const RecordId& account)
{
    return findings::standing_for(account, [this](const RecordId& id) {
        const auto record = read_model.get(id, "account");
        return record ? schema::reference_of(*record, "merged_into") : std::nullopt;
    });
}

std::vector<findings::Finding> Replica::findings()
{
    if (inside_->is_locked()) return {};
    return inside_->findings.all(inside_->finding_source());
}

std::vector<findings::Finding> Replica::findings_of(const RecordId& id)
{
    if (inside_->is_locked()) return {};
    return inside_->findings.of(id, inside_->finding_source());
}

std::vector<RecordId> Replica::aliases_of(const RecordId& account)
{
    if (inside_->is_locked() || inside_->standing_for(account) != account) return {};
    return findings::aliases_of(account, inside_->findings);
}

RecordId Replica::standing_for(const RecordId& account)
{
    return inside_->is_locked() ? account : inside_->standing_for(account);
}

storage::Query Replica::with_aliases(storage::Query query)
{
    const auto* kind = schema::find_kind(query.kind);
    for (auto& filter : query.filters) {
        const auto* field = kind != nullptr ? kind->field(filter.field) : nullptr;
        const auto* account = std::get_if<RecordId>(&filter.value);
        if (field == nullptr || account == nullptr || field->target != "account" || kind->name == "account") continue;
        for (const auto& alias : aliases_of(*account)) filter.or_else.emplace_back(alias);
    }
    return query;
}

Result<Saved> Replica::merge_accounts(const RecordId& keep, const RecordId& other, std::string_view reason)
{
    ROADBOOK_CHECK(inside_->may_read());
    for (const auto& id : {keep, other})
        if (!inside_->read_model.get(id, "account")) return no_account(id);
    if (inside_->standing_for(other) != other)
        return fail(Errc::bad_argument, Bilingual{fmt::format("\"{}\" is merged into another account already: unmerge it first; nothing was changed", title_of(other)),
                                                  fmt::format("“{}”已并入其他客户：请先撤销合并；未做任何更改", title_of(other))});
    const auto into = inside_->standing_for(keep);
    if (into == other)
        return fail(Errc::bad_argument, Bilingual{"an account is not merged into itself, nor into one that was merged into it; nothing was changed",
                                                  "客户不能并入自身，也不能并入已并入它的客户；未做任何更改"});
    return set(other, {{"merged_into", into}}, reason);
}

Result<Saved> Replica::unmerge_account(const RecordId& other, std::string_view reason)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto record = inside_->read_model.get(other, "account");
    if (!record) return no_account(other);
    if (schema::is_empty((*record)["merged_into"]))
        return fail(Errc::bad_argument, Bilingual{fmt::format("\"{}\" was not merged into another account", title_of(other)), fmt::format("“{}”未并入其他客户", title_of(other))});
    return set(other, {{"merged_into", schema::Value{}}}, reason);
}

} // namespace roadbook::replica
