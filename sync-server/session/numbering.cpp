#include "sync-server/session/numbering.hpp"

#include "shared/base/log.hpp"
#include "shared/rules/number_parse.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr int wants_max = 32;               // in one Hello: every numbered type, this period and the next
constexpr std::int64_t leases_max = 1'000;  // of one installation, type and period: fifty thousand quotes a year from one phone

bool is_due(const rules::NumberRule& rule, std::string_view period, Time now)
{
    return period == rules::period_of(rule.period, now) || period == rules::next_period(rule.period, now);
}

/// Behind all leases, and behind what imported records bear: looked for only when they stand in the way, since it reads all of a period's.
std::int64_t first_free(Hub::Inside& hub, const rules::NumberRule& rule, const store::LeaseKey& key)
{
    auto first = hub.store.next_to_lease(key);
    if (hub.store.bearers(key.record_type, rules::number_text(rule, key.period, first)).empty()) return first;
    for (const auto& number : hub.store.numbers_like(key.record_type, rule.prefix + key.period))
        if (const auto parts = rules::parse_number(rule, number); parts && parts->period == key.period) first = std::max(first, parts->count + 1);
    return first;
}

} // namespace

rules::NumberRule rule_of(Hub::Inside& hub, const schema::Kind& kind)
{
    rules::NumberRule rule;
    rule.prefix = kind.number_field()->number_prefix;
    for (const auto& id : hub.store.documents_of("numbering_rule")) { // few, oldest first
        const auto record = hub.read(*hub.store.document(id)).record;
        if (!record.deleted_at && schema::text_of(record, "record_type") == kind.name) rule = rules::number_rule_from(record, rule);
    }
    return rule;
}

void lease_numbers(Hub::Inside& hub, const store::Device& device, schema::Role role, const protocol::v1::Hello& hello, protocol::v1::Welcome& welcome)
{
    const auto install = as_bytes(hello.install());
    if (hello.wants_size() == 0 || hello.wants_size() > wants_max || install.size() != store::install_bytes) return;
    const auto now = hub.options.clock->now();
    for (const auto& want : hello.wants()) {
        const auto* kind = schema::find_kind(want.record_type());
        if (kind == nullptr || kind->number_field() == nullptr || !kind->creators.has(role)) continue;
        const auto rule = rule_of(hub, *kind);
        // A device that does not know the rule yet asks by another one: it gets what it will need once it does.
        const store::LeaseKey key{kind->name, is_due(rule, want.period(), now) ? want.period() : rules::period_of(rule.period, now)};
        auto lease = hub.store.newest_lease(key, device.id, install);
        // A newest one that the device does not name got lost on its way and comes again, unless the device was set back since it used it.
        const bool is_lost = lease && lease->first != want.newest() && hub.store.bearers(kind->name, rules::number_text(rule, key.period, lease->first)).empty();
        if (!is_lost) {
            if (hub.store.lease_count(key, device.id, install) >= leases_max) {
                log::warning("leases_refused", "device={} type={} period={}", device.id.text(), kind->name, key.period);
                continue;
            }
            lease = hub.store.lease(key, device.id, install, first_free(hub, rule, key), rule.block, now);
        }
        auto& frame = *welcome.add_leases();
        frame.set_record_type(kind->name);
        frame.set_period(key.period);
        frame.set_first(lease->first);
        frame.set_count(lease->count);
    }
}

std::vector<merge::Intent> note_number(Hub::Inside& hub, const store::DocumentRow& row, const schema::Kind& kind, const schema::Record& record)
{
    const auto* field = kind.number_field();
    if (field == nullptr) return {};
    const auto number = schema::text_of(record, field->name);
    if (!hub.store.note_number(kind.name, row.num, number) || number.empty()) return {}; // it bore it before
    auto bearers = hub.store.bearers(kind.name, number);
    if (bearers.size() < 2) return {};
    std::sort(bearers.begin(), bearers.end()); // ids rise with the time at which records were made
    std::vector<merge::Intent> edits;
    int nth = 1;
    for (auto bearer = std::next(bearers.begin()); bearer != bearers.end(); ++bearer) {
        auto renamed = rules::with_suffix(number, ++nth);
        while (!hub.store.bearers(kind.name, renamed).empty()) renamed = rules::with_suffix(number, ++nth);
        merge::Intent intent;
        intent.id = new_id<IntentId>(hub.options.clock->now(), *hub.options.random);
        intent.record = *bearer;
        intent.kind = kind.name;
        intent.reason = fmt::format("{} was given out twice", number);
        intent.steps.push_back({{}, {}, false, {{field->name, renamed}}});
        edits.push_back(std::move(intent));
    }
    log::warning("number_twice", "type={} number={} records={}", kind.name, number, bearers.size());
    return edits;
}

std::vector<NumberLease> Hub::number_leases()
{
    std::vector<NumberLease> rows;
    for (const auto& lease : inside_->store.leases()) {
        NumberLease row{lease.key.record_type, lease.key.period, lease.first, lease.count, 0, lease.person, lease.device, lease.leased_at};
        if (const auto* kind = schema::find_kind(row.record_type); kind != nullptr && kind->number_field() != nullptr) {
            const auto rule = rule_of(*inside_, *kind);
            for (auto n = row.first; n < row.first + row.count; ++n)
                row.used += inside_->store.bearers(row.record_type, rules::number_text(rule, row.period, n)).empty() ? 0 : 1;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace roadbook::server
