// What giving a territory to somebody would move: asked before it is done, and nothing is changed by asking.
#include "sync-server/access/handover.hpp"

#include "conflict/merge/handover.hpp"
#include "shared/rules/totals.hpp"
#include "sync-server/session/inside.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

namespace v1 = protocol::v1;

/// Records whose state or amount counts are loaded one by one while nobody else is served: some 0.3 ms each, so two seconds at most.
constexpr std::uint64_t examined_max = 6'000;
constexpr int members_at_once = 1'000;

/// The same answer by the same path for a territory that does not exist, one that the caller does not lead, and a person who is none.
Error no_such_territory()
{
    return fail(Errc::not_found, Bilingual{"there is no such territory or person, or you do not lead the territory; nothing was changed",
                                           "没有这个区域或人员，或您不是该区域的上级；未做任何更改"});
}

bool is_one_of(const std::string& state, std::initializer_list<std::string_view> states)
{
    return std::find(states.begin(), states.end(), state) != states.end();
}

/// Counts what lies in the scopes that move.
class Survey {
public:
    Survey(Hub::Inside& hub, Time now, v1::HandoverPreview& preview) : hub_{hub}, now_{now}, preview_{preview} {}

    void count(const std::set<schema::ScopeId>& scopes)
    {
        for (const auto& id : scopes) {
            const auto scope = hub_.store.scope(id);
            if (!scope) continue; // nothing was ever in it
            std::int64_t after = 0;
            for (auto rows = next(*scope, after); !rows.empty(); rows = next(*scope, after))
                for (const auto& row : rows) count(row);
        }
        for (const auto& [kind, count] : counts_) {
            auto& line = *preview_.add_records();
            line.set_record_type(kind);
            line.set_count(count);
        }
        tell(quotes_, *preview_.mutable_quotes());
        tell(opportunities_, *preview_.mutable_opportunities());
        if (next_) preview_.set_next_appointment(next_->time_since_epoch().count());
    }

private:
    struct Sales {
        std::uint64_t count = 0, without_amount = 0;
        std::map<std::string, std::int64_t> sums;
    };

    std::vector<store::DocumentRow> next(const store::ScopeHead& scope, std::int64_t& after)
    {
        auto rows = hub_.store.members(scope.num, after, members_at_once);
        if (!rows.empty()) after = rows.back().num;
        return rows;
    }

    void count(const store::DocumentRow& row)
    {
        if (!seen_.insert(row.num).second) return;
        ++counts_[row.kind];
        if (!is_one_of(row.kind, {"quote", "opportunity", "visit", "work_order"})) return;
        if (examined_++ >= examined_max) return preview_.set_not_examined(preview_.not_examined() + 1);
        const auto record = hub_.read(row).record;
        if (record.deleted_at) return;
        const auto status = schema::text_of(record, "status");
        if (row.kind == "quote" && !is_one_of(status, {"rejected", "accepted"})) add_quote(record);
        if (row.kind == "opportunity" && !is_one_of(schema::text_of(record, "stage"), {"lost", "won"})) add_opportunity(record);
        if (row.kind == "visit" && is_one_of(status, {"", "planned"}) && is_ahead(record["planned_at"])) preview_.set_visits_ahead(preview_.visits_ahead() + 1);
        if (row.kind == "work_order" && !is_one_of(status, {"completed", "cancelled", "closed"}) && is_ahead(record["appointment_start"]))
            preview_.set_work_orders_ahead(preview_.work_orders_ahead() + 1);
    }

    bool is_ahead(const schema::Value& value)
    {
        const auto* at = std::get_if<Time>(&value);
        if (at == nullptr || *at < now_) return false;
        next_ = next_ ? std::min(*next_, *at) : *at;
        return true;
    }

    void add_quote(const schema::Record& quote)
    {
        ++quotes_.count;
        const auto totals = rules::totals_of(quote);
        if (!totals || totals->sums.empty()) return void(++quotes_.without_amount);
        for (const auto& sum : totals->sums) add(quotes_, sum.total());
    }

    void add_opportunity(const schema::Record& opportunity)
    {
        ++opportunities_.count;
        if (const auto* amount = std::get_if<Money>(&opportunity["amount"])) add(opportunities_, *amount);
        else ++opportunities_.without_amount;
    }

    /// No sum overflows: examined_max amounts of at most money_minor_max, and a sum that would is left out as one without an amount.
    static void add(Sales& sales, const Money& amount)
    {
        auto& sum = sales.sums[amount.currency];
        if (const auto both = checked_add(sum, amount.minor)) sum = *both;
        else ++sales.without_amount;
    }

    static void tell(const Sales& sales, v1::OpenSales& told)
    {
        told.set_count(sales.count);
        told.set_without_amount(sales.without_amount);
        for (const auto& [currency, minor] : sales.sums) {
            auto& sum = *told.add_sums();
            sum.set_minor(minor);
            sum.set_currency(currency);
        }
    }

    Hub::Inside& hub_;
    Time now_;
    v1::HandoverPreview& preview_;
    std::set<std::int64_t> seen_;
    std::map<std::string, std::uint64_t> counts_;
    Sales quotes_, opportunities_;
    std::optional<Time> next_;
    std::uint64_t examined_ = 0;
};

std::string name_of(const Hub::Inside& hub, const RecordId& person)
{
    const auto* known = hub.organisation.person(person);
    return known != nullptr ? known->name : std::string{};
}

void tell_people(const Hub::Inside& hub, const access::Shift::Scopes& side, google::protobuf::RepeatedPtrField<v1::PersonShift>& told)
{
    for (const auto& [person, scopes] : side) {
        auto& line = *told.Add();
        line.set_person(protocol::to_field(person));
        line.set_name(name_of(hub, person));
        line.set_territories(static_cast<std::uint64_t>(
            std::count_if(scopes.begin(), scopes.end(), [](const auto& scope) { return scope.kind == schema::ScopeId::Kind::territory; })));
    }
}

void tell_devices(Hub::Inside& hub, const access::Shift::Scopes& losing, v1::HandoverPreview& preview)
{
    for (const auto& device : hub.store.devices()) {
        if (device.revoked_at || !losing.contains(device.person)) continue;
        auto& line = *preview.add_devices();
        line.set_device(protocol::to_field(device.id));
        line.set_name(device.name);
        line.set_person(protocol::to_field(device.person));
        line.set_person_name(name_of(hub, device.person));
        if (device.last_contact) line.set_last_contact(device.last_contact->time_since_epoch().count());
        line.set_unsent(static_cast<std::uint64_t>(std::max<std::int64_t>(device.unsent, 0)));
    }
}

v1::Reply reply_of(Result<v1::HandoverPreview> preview)
{
    v1::Reply reply;
    if (preview) {
        *reply.mutable_handover() = std::move(*preview);
    } else {
        reply.set_code(std::string{name(preview.error().code)});
        reply.set_message(preview.error().message);
        reply.set_message_zh(preview.error().message_zh);
    }
    return reply;
}

} // namespace

void note_pushed(Hub::Inside& hub, const Hub::Batch& batch, const v1::Answers& answers, Time now)
{
    if (batch.caller.is_system) return;
    std::int64_t answered = answers.count();
    for (const auto& one : answers.exceptions())
        if (one.status() != v1::ACCEPTED && one.status() != v1::REFUSED) --answered;
    hub.store.note_pushed(batch.caller.device, now, answered);
}

Result<v1::HandoverPreview> Hub::preview_handover(const RecordId& territory, const RecordId& to, const std::string& on)
{
    auto& hub = *inside_;
    hub.refresh();
    const auto found = hub.organisation.territories().find(territory);
    if (found == hub.organisation.territories().end() || (!to.is_nil() && hub.organisation.person(to) == nullptr)) return no_such_territory();
    const auto now = hub.options.clock->now();
    const auto at = on.empty() ? now : hub.organisation.start_of(on, 0, to);
    if (at == Time::max()) return fail(Errc::bad_argument, Bilingual{fmt::format("'{}' is no day: write 2026-12-31", on), fmt::format("“{}”不是日期：请写成 2026-12-31", on)}, "on");
    if (!on.empty() && at <= now)
        return fail(Errc::bad_argument, Bilingual{fmt::format("{} has begun: leave the day out to hand over now", on), fmt::format("{} 已经开始：不写日期即为立即移交", on)}, "on");
    v1::HandoverPreview preview;
    preview.set_territory(protocol::to_field(territory));
    preview.set_territory_name(schema::text_of(hub.read(hub.store.document(territory).value()).record, "name"));
    if (const auto& holder = found->second.holder) {
        preview.set_from(protocol::to_field(*holder));
        preview.set_from_name(name_of(hub, *holder));
    }
    if (!to.is_nil()) {
        preview.set_to(protocol::to_field(to));
        preview.set_to_name(name_of(hub, to));
    }
    preview.set_on(on);
    preview.set_as_of(now.time_since_epoch().count());
    const auto shift = access::shift_of(hub.organisation, territory, to, at);
    Survey{hub, now, preview}.count(shift.moved);
    tell_people(hub, shift.lost, *preview.mutable_losing());
    tell_people(hub, shift.gained, *preview.mutable_gaining());
    tell_devices(hub, shift.lost, preview);
    return preview;
}

Result<schema::Fields> Hub::undo_of_handover(const RecordId& territory)
{
    auto& hub = *inside_;
    hub.refresh();
    const auto row = hub.store.document(territory);
    if (!row || row->kind != "territory") return no_such_territory();
    const auto document = hub.load(*row);
    if (!document) return document.error();
    std::map<Hash, std::optional<Time>> received;
    for (const auto& change : hub.store.changes_of(row->num, false)) received[change.hash] = change.by.received_at;
    return merge::undo_of_handover(*document, territory, [&](const automerge::Change& change) { return received[change.hash]; }, hub.options.clock->now());
}

v1::Reply Hub::answer(const Caller& caller, const v1::Enquiry& enquiry)
{
    keep_calendar();
    inside_->refresh();
    if (enquiry.has_quarantine()) return answer_quarantine(*this, *inside_, caller, enquiry.quarantine());
    const auto& asked = enquiry.handover();
    const auto territory = RecordId::from(as_bytes(asked.territory())).value_or(RecordId{});
    const auto to = RecordId::from(as_bytes(asked.to())).value_or(RecordId{});
    // Who leads a territory is granted its office.
    if (to.is_nil() || !inside_->grants(caller.person).contains(schema::ScopeId::office(territory))) return reply_of(no_such_territory());
    return reply_of(preview_handover(territory, to, asked.on()));
}

} // namespace roadbook::server
