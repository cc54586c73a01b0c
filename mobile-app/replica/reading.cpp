// What screens and commands ask of a replica: lists, records with their conflicts, what is not sent, how it stands.
#include "mobile-app/replica/inside.hpp"
#include "mobile-app/replica/replica.hpp"
#include "shared/schema/validation.hpp"

namespace roadbook::replica {
namespace {

constexpr auto select_unsent_of = "SELECT 1 FROM outbox WHERE document = :document LIMIT 1";
constexpr auto select_outbox = R"sql(
    SELECT o.sequence, d.id, d.kind, o.intent FROM outbox o JOIN document d ON d.num = o.document ORDER BY o.sequence)sql";

std::string summary_of(const merge::Intent& intent)
{
    std::string text;
    for (const auto& step : intent.steps)
        for (const auto& [name, value] : step.values) {
            if (name == "position") continue;
            if (!text.empty()) text += ", ";
            text += step.collection.empty() ? name : step.collection + "." + name;
        }
    return text;
}

} // namespace

Result<std::vector<schema::Record>> Replica::list(const storage::Query& query)
{
    ROADBOOK_CHECK(inside_->may_read());
    return inside_->read_model.list(with_aliases(query));
}

std::vector<storage::Hit> Replica::search(std::string_view text, std::string_view kind, int limit)
{
    if (inside_->is_locked()) return {};
    return inside_->read_model.search(text, kind, limit);
}

std::int64_t Replica::count(std::string_view kind)
{
    if (inside_->is_locked()) return 0;
    return inside_->read_model.count(kind);
}

std::int64_t Replica::count_by_role_alone(std::string_view kind)
{
    if (inside_->is_locked()) return 0;
    return inside_->scopes.count_by_role_alone(kind);
}

std::optional<std::string> Replica::kind_of(const RecordId& id)
{
    if (inside_->is_locked()) return std::nullopt;
    const auto row = inside_->documents.find(id);
    return row ? std::optional{row->kind} : std::nullopt;
}

std::string Replica::title_of(const RecordId& id)
{
    const auto row = inside_->is_locked() ? std::nullopt : inside_->documents.find(id);
    const auto* kind = row ? schema::find_kind(row->kind) : nullptr;
    const auto record = kind != nullptr ? inside_->read_model.get(id, kind->name) : std::nullopt;
    const auto title = record ? schema::text_of(*record, kind->title) : std::string{};
    return title.empty() ? id.text() : title;
}

Result<Shown> Replica::show(const RecordId& id)
{
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    const auto content = (*held)->document.read();
    if (!content) return content.error();
    auto merged = merge::read(*(*held)->kind, id, (*held)->document, *content);
    if (!merged) return merged.error();
    const auto num = (*held)->num;
    Shown shown{std::move(*merged), title_of(id), false, {}, {}, {}, {}};
    {
        auto rows = inside_->db.statement(select_unsent_of);
        rows.bind(":document", num);
        shown.unsent = rows.step();
    }
    for (const auto& conflict : shown.merged.conflicts) {
        NamedConflict named{id, (*held)->kind->name, shown.title, conflict.path, conflict.needs_person(), {},
                            conflict.clash, conflict.policy, inside_->may_decide(*(*held)->kind, *content, conflict)};
        for (const auto& candidate : conflict.candidates) {
            NamedCandidate made{candidate.value, std::nullopt, {}};
            const auto hash = (*held)->document.change_of(candidate.actor, candidate.counter);
            const auto change = hash && *hash ? (*held)->document.change(**hash) : Result<std::optional<automerge::Change>>{std::nullopt};
            if (change && *change) made.by = inside_->people.find(num, (*change)->actor, (*change)->seq);
            if (made.by) made.person_name = title_of(made.by->person);
            named.candidates.push_back(std::move(made));
        }
        shown.conflicts.push_back(std::move(named));
    }
    inside_->show_endorsed(**held, *content, shown);
    for (auto& endorsed : shown.endorsed)
        for (auto& move : endorsed.moves)
            if (move.by) move.person_name = title_of(move.by->person);
    return shown;
}

std::vector<NamedConflict> Replica::conflicts()
{
    std::vector<NamedConflict> all;
    if (inside_->is_locked()) return all;
    for (const auto& id : inside_->conflicts.records()) {
        auto shown = show(id);
        if (!shown) continue;
        for (auto& conflict : shown->conflicts) all.push_back(std::move(conflict));
    }
    return all;
}

std::vector<OutboxEntry> Replica::outbox()
{
    std::vector<OutboxEntry> entries;
    if (inside_->is_locked()) return entries;
    {
        auto rows = inside_->db.statement(select_outbox);
        while (rows.step()) {
            const auto kept = rows.blob(3);
            const auto intent = merge::read_intent(kept);
            if (intent) entries.push_back({rows.integer(0), rows.id<RecordId>(1), rows.text(2), {}, summary_of(*intent), intent->device_time});
        }
    }
    for (auto& entry : entries) {
        entry.title = title_of(entry.record);
        if (entry.title == entry.record.text()) entry.title = inside_->title_of_hidden(entry.record);
    }
    return entries;
}

std::vector<Receipt> Replica::receipts()
{
    auto rows = inside_->db.statement("SELECT intent_id, kind, saved_at, at FROM receipt ORDER BY saved_at, intent_id");
    std::vector<Receipt> found;
    while (rows.step()) found.push_back({rows.id<IntentId>(0), rows.text(1), rows.time(2), rows.time(3)});
    return found;
}

Status Replica::status()
{
    Status status;
    status.identity = inside_->identity();
    if (status.identity) status.identity->token.clear();
    status.records = inside_->count("SELECT count(*) FROM document");
    status.unsent = inside_->count("SELECT count(*) FROM outbox");
    status.refused = inside_->count("SELECT count(*) FROM refused WHERE state <> 'released'");
    status.files_to_send = inside_->count("SELECT (SELECT count(*) FROM attachment WHERE to_send) + (SELECT count(*) FROM refused_file)");
    status.file_bytes_to_send =
        inside_->count("SELECT (SELECT coalesce(sum(size), 0) FROM attachment WHERE to_send) + (SELECT coalesce(sum(size), 0) FROM refused_file)");
    status.late_accepted = inside_->count("SELECT count(*) FROM receipt");
    status.conflicts_open = inside_->conflicts.open_count();
    status.findings = inside_->findings.count();
    status.clock_offset = Duration{inside_->setting_number("clock_offset")};
    if (const auto at = inside_->setting_number("last_sync"); at != 0) status.last_sync = Time{Duration{at}};
    status.numbers_left = inside_->numbers.left();
    for (const auto& scope : inside_->scopes.all())
        if (!scope.withdrawn) status.scopes.push_back(scope.id.text());
    if (const auto& vault = inside_->options.vault) {
        status.lease = vault->lease();
        status.has_pin = vault->lock() == Vault::Lock::pin;
    }
    return status;
}

} // namespace roadbook::replica
