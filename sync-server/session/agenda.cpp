// What somebody needs today: his appointments and open work, with the customers, contacts and equipment that they are about. It goes ahead of the
// pack that brings the whole scope.
#include "shared/base/local_day.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/inside.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::size_t agenda_max = 64;   // of one scope: two days' appointments, and what is late
constexpr int hanging_max = 4;           // of what is opened from an account, of each type: the newest
constexpr auto prepared_setting = "agenda_version";
constexpr auto prepared_version = "1";   // raised when Kind::agenda changes

/// What somebody opens from the page of a customer whom he is about to see: all of it, or the newest.
constexpr std::pair<std::string_view, bool> of_an_account[] = {{"contact", true}, {"asset", true}, {"opportunity", false}, {"quote", false}};

/// The local day of `now`: UTC's is at most one off.
std::string today(Time now, const access::Organisation& organisation, const RecordId& person)
{
    std::string day;
    for (const int off : {-1, 0, 1}) {
        const auto one = to_text(now + std::chrono::days{off}).substr(0, 10);
        if (organisation.start_of(one, 0, person) <= now) day = one;
    }
    return day;
}

std::optional<Time> time_of(const schema::Record& record, const std::string& field, const access::Organisation& organisation, const RecordId& person)
{
    if (field.empty()) return std::nullopt;
    const auto& value = record[field];
    if (const auto* at = std::get_if<Time>(&value)) return *at;
    const auto* day = std::get_if<std::string>(&value);
    return day != nullptr ? std::optional{organisation.start_of(*day, 0, person)} : std::nullopt;
}

std::optional<store::AgendaRow> agenda_of(const schema::Kind& kind, const schema::Record& record, const access::Organisation& organisation)
{
    const auto& agenda = *kind.agenda;
    const auto person = schema::reference_of(record, agenda.who);
    if (!person || record.deleted_at) return std::nullopt;
    std::optional<Time> begins;
    for (const auto& field : agenda.begins)
        if (!begins) begins = time_of(record, field, organisation, *person);
    if (!begins) return std::nullopt;
    const auto ends = time_of(record, agenda.ends, organisation, *person).value_or(*begins);
    const bool is_done = !agenda.done.empty() && record[agenda.done] == schema::Value{true};
    const auto state = schema::text_of(record, kind.state);
    const bool is_closed = std::find(agenda.closed.begin(), agenda.closed.end(), state) != agenda.closed.end();
    return store::AgendaRow{*person, *begins, std::max(*begins, ends), !is_done && !is_closed};
}

/// Collects records of one scope, each once, in the order in which they are of use.
class Gathering {
public:
    Gathering(Hub::Inside& hub, const store::ScopeHead& scope) : hub_{hub}, scope_{scope} {}

    void add(int rank, const store::DocumentRow& row)
    {
        if (found_.size() >= protocol::copies_max || !hub_.store.is_member(row.num, scope_.num) || !known_.insert(row.num).second) return;
        constexpr int rank_shift = 48; // above every number of a document
        found_.push_back({(static_cast<std::uint64_t>(rank) << rank_shift) + static_cast<std::uint64_t>(row.num), row});
    }
    void add(int rank, const RecordId& id)
    {
        if (const auto row = hub_.store.document(id)) add(rank, *row);
    }

    /// What the record is about, and what hangs on its customer.
    void add_companions(const store::DocumentRow& row)
    {
        const auto& kind = *schema::find_kind(row.kind);
        const auto record = hub_.read(row).record;
        for (const auto& field : kind.fields) {
            if (field.type != schema::Type::reference) continue;
            const auto target = schema::reference_of(record, field.name);
            if (!target) continue;
            add(1, *target);
            if (field.target == "account") add_hanging_on(*target);
        }
    }

    std::vector<Needed> take() &&
    {
        std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.position < b.position; });
        return std::move(found_);
    }

private:
    void add_hanging_on(const RecordId& account)
    {
        auto rows = hub_.store.hanging_on(account);
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.num > b.num; });
        for (const auto& [kind, all] : of_an_account) {
            int room = all ? static_cast<int>(protocol::copies_max) : hanging_max;
            for (const auto& row : rows)
                if (row.kind == kind && --room >= 0) add(2, row);
        }
    }

    Hub::Inside& hub_;
    const store::ScopeHead& scope_;
    std::vector<Needed> found_;
    std::set<std::int64_t> known_;
};

} // namespace

std::vector<Needed> needed_today(Hub::Inside& hub, const RecordId& person, const store::ScopeHead& scope)
{
    Gathering gathering{hub, scope};
    const auto* me = hub.organisation.person(person);
    if (me == nullptr) return {};
    if (scope.id == schema::ScopeId::company()) { // who he is, and where: without that he can make no record of his own
        gathering.add(0, person);
        if (me->reports_to) gathering.add(1, *me->reports_to);
        for (const auto& granted : hub.grants(person))
            if (granted.kind == schema::ScopeId::Kind::territory) gathering.add(1, granted.id);
        return std::move(gathering).take();
    }
    const auto day = today(hub.options.clock->now(), hub.organisation, person);
    const auto work = hub.store.agenda(scope.num, person, hub.organisation.start_of(day, 0, person), hub.organisation.start_of(day, 2, person), agenda_max);
    for (const auto& row : work) gathering.add(0, row);
    for (const auto& row : work) gathering.add_companions(row);
    return std::move(gathering).take();
}

void note_agenda(Hub::Inside& hub, const store::DocumentRow& row, const schema::Kind& kind, const schema::Record& record)
{
    if (kind.agenda) hub.store.put_agenda(row.num, agenda_of(kind, record, hub.organisation));
}

void prepare_agenda(Hub::Inside& hub)
{
    if (hub.store.setting(prepared_setting) == prepared_version) return;
    for (const auto& kind : schema::kinds()) {
        if (!kind.agenda) continue;
        for (const auto& id : hub.store.documents_of(kind.name))
            if (const auto row = hub.store.document(id)) note_agenda(hub, *row, kind, hub.read(*row).record);
    }
    hub.store.set_setting(prepared_setting, prepared_version);
}

} // namespace roadbook::server
