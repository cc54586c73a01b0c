#include "mobile-app/replica/replica.hpp"

#include "mobile-app/replica/inside.hpp"
#include "mobile-app/replica/tables.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

namespace roadbook::replica {
namespace {

constexpr auto select_setting = "SELECT value FROM setting WHERE name = :name";
constexpr auto upsert_setting = "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value";
constexpr auto select_documents = "SELECT id FROM document ORDER BY num";
constexpr auto select_unsent_of = "SELECT 1 FROM outbox WHERE document = :document LIMIT 1";
constexpr auto select_outbox = R"sql(
    SELECT o.sequence, d.id, d.kind, o.intent FROM outbox o JOIN document d ON d.num = o.document ORDER BY o.sequence)sql";
constexpr auto forget_company_seq = "UPDATE outbox SET company_seq = 0 WHERE company_seq <> 0";

ByteView blob_of(std::string_view text)
{
    return as_bytes(text);
}

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

std::string Replica::Inside::setting(std::string_view name)
{
    auto rows = db.statement(select_setting);
    rows.bind(":name", name);
    return rows.step() ? std::string{as_text(rows.blob_view(0))} : std::string{};
}

void Replica::Inside::set_setting(std::string_view name, std::string_view value)
{
    db.statement(upsert_setting).bind(":name", name).bind(":value", blob_of(value)).run();
}

std::int64_t Replica::Inside::setting_number(std::string_view name)
{
    const auto text = setting(name);
    return text.empty() ? 0 : std::stoll(text);
}

std::optional<Identity> Replica::Inside::identity()
{
    const auto person = RecordId::from(blob_of(setting("person")));
    const auto role = schema::role_from_name(setting("role")).value_or(schema::Role::rep);
    if (options.vault) {
        auto kept = options.vault->credentials();
        if (!kept || !person) return std::nullopt;
        return Identity{kept->device, std::move(kept->token), *person, setting("person_name"), role, std::move(kept->server), std::move(kept->trust)};
    }
    const auto device = DeviceId::from(blob_of(setting("device")));
    if (!device || !person) return std::nullopt;
    return Identity{*device, to_bytes(blob_of(setting("token"))), *person, setting("person_name"), role, setting("server"), setting("trust")};
}

std::int64_t Replica::Inside::count(std::string_view sql)
{
    auto rows = db.statement(sql);
    rows.step();
    return rows.integer(0);
}

void Replica::Inside::project(std::int64_t num, const merge::Merged& merged, Judge judge)
{
    if (scopes.is_withdrawn(num)) return;
    read_model.put(merged.record);
    conflicts.put(num, merged.conflicts);
    findings.put_later(merged);
    if (judge == Judge::now) findings.settle();
}

void Replica::Inside::unproject(std::int64_t num, const RecordId& id, const std::string& kind)
{
    read_model.remove(id, kind);
    conflicts.put(num, {});
    findings.remove(id);
}

void Replica::Inside::project(const Held& held)
{
    if (held.kind != nullptr) project(held.num, merge::read(*held.kind, held.id, held.document).value());
}

void Replica::Inside::rebuild()
{
    conflicts.clear();
    std::vector<RecordId> ids;
    {
        auto rows = db.statement(select_documents);
        while (rows.step()) ids.push_back(rows.id<RecordId>(0));
    }
    for (const auto& id : ids)
        if (const auto held = documents.hold(id); held && (*held)->kind != nullptr)
            project((*held)->num, merge::read(*(*held)->kind, id, (*held)->document.read().value()), Judge::with_settle);
    findings.settle();
}

Result<Held*> Replica::Inside::hold_shown(const RecordId& id)
{
    ROADBOOK_CHECK(may_read());
    const auto row = documents.find(id);
    if (row && scopes.is_withdrawn(row->num))
        return fail(Errc::not_found, Bilingual{fmt::format("record {} was handed over to a colleague", id.text()), fmt::format("记录 {} 已移交给同事", id.text())});
    return documents.hold_known(id);
}

std::string Replica::Inside::title_of_hidden(const RecordId& id)
{
    const auto held = documents.hold(id);
    const auto merged = held && (*held)->kind != nullptr ? merge::read(*(*held)->kind, id, (*held)->document) : Result<merge::Merged>{fail(Errc::not_found, "")};
    const auto title = merged ? schema::text_of(merged->record, (*held)->kind->title) : std::string{};
    return title.empty() ? id.text() : title;
}

void Replica::Inside::show_or_hide(std::int64_t scope)
{
    for (const auto document : scopes.documents_in(scope)) {
        const auto id = documents.id_of(document);
        const auto row = documents.find(id);
        if (!row) continue;
        if (scopes.is_withdrawn(document)) {
            unproject(document, id, row->kind);
        } else if (const auto held = documents.hold(id)) {
            project(**held);
        }
    }
}

void Replica::Inside::forget_memory()
{
    documents.drop_all();
    people.forget_cache();
    findings.forget();
}

Replica::Replica(std::unique_ptr<Inside> inside) noexcept : inside_{std::move(inside)} {}
Replica::~Replica() = default;

Result<std::unique_ptr<Replica>> Replica::open(const Options& options)
{
    std::error_code ec;
    std::filesystem::create_directories(options.folder, ec);
    if (ec) return fail(Errc::file_unreadable, fmt::format("the data folder {} cannot be made: {}", options.folder.string(), ec.message()));
    std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, ec);
    std::optional<storage::FolderLock> lock;
    if (!options.vault) {
        auto acquired = storage::FolderLock::acquire(options.folder);
        if (!acquired) return acquired.error();
        lock = std::move(*acquired);
    }
    auto db = storage::Database::open({options.folder / file_name, false, options.key, options.vfs});
    if (!db) return db.error();
    try {
        ROADBOOK_CHECK(storage::migrate(*db, tables));
        auto inside = std::make_unique<Inside>(options, std::move(lock), std::move(*db));
        storage::Transaction transaction{inside->db};
        const bool has_no_findings = inside->findings.prepare();
        if (inside->read_model.prepare() || has_no_findings) inside->rebuild();
        transaction.commit();
        inside->scrub_if_due();
        if (options.vault) {
            inside->move_credentials();
            inside->reconcile_sealed();
        }
        return std::unique_ptr<Replica>{new Replica{std::move(inside)}};
    } catch (const Fault& fault) {
        return fault.error();
    }
}

std::optional<Identity> Replica::identity()
{
    return inside_->identity();
}

void Replica::keep_identity(const Identity& identity)
{
    inside_->actor_.reset(); // it is bound to the name that this installation had before
    if (const auto& vault = inside_->options.vault) { // without the person below it is no identity yet
        vault->keep({identity.device, identity.token, identity.server, identity.trust});
        inside_->seal_to([&] { vault->note_contact({}, identity.lease_days, identity.server_key); }, identity.server_key);
    }
    storage::Transaction transaction{inside_->db};
    if (!inside_->options.vault) {
        inside_->set_setting("device", protocol::to_field(identity.device));
        inside_->set_setting("token", protocol::to_field(identity.token));
        inside_->set_setting("server", identity.server);
        inside_->set_setting("trust", identity.trust);
    }
    inside_->set_setting("person", protocol::to_field(identity.person));
    inside_->set_setting("person_name", identity.person_name);
    inside_->set_setting("role", schema::name(identity.role));
    transaction.commit();
}

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

Result<Saved> Replica::save(merge::Intent intent)
{
    return inside_->save(std::move(intent));
}

Result<Saved> Replica::add(std::string_view kind, const schema::Fields& fields, std::string_view reason)
{
    merge::Intent intent;
    intent.record = new_id<RecordId>(inside_->options.clock->now(), *inside_->options.random);
    intent.kind = kind;
    intent.create = true;
    intent.reason = reason;
    intent.steps.push_back({{}, {}, false, fields});
    return save(std::move(intent));
}

namespace {

merge::Intent edit_of(const RecordId& id, std::optional<std::string> kind, merge::Intent::Step step, std::string_view reason)
{
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind.value_or(std::string{});
    intent.reason = reason;
    intent.steps.push_back(std::move(step));
    return intent;
}

Error no_such(const RecordId& id)
{
    return fail(Errc::not_found, Bilingual{fmt::format("there is no record {} on this device", id.text()), fmt::format("此设备上没有记录 {}", id.text())});
}

} // namespace

Result<Saved> Replica::set(const RecordId& id, const schema::Fields& fields, std::string_view reason)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto kind = kind_of(id);
    if (!kind) return no_such(id);
    return save(edit_of(id, kind, {{}, {}, false, fields}, reason));
}

std::string Replica::Inside::position_in(const schema::Record& record, std::string_view collection)
{
    std::string last;
    if (const auto found = record.collections.find(collection); found != record.collections.end())
        for (const auto& child : found->second)
            if (const auto position = child.fields.find("position"); position != child.fields.end()) last = std::max(last, std::get<std::string>(position->second));
    return merge::position_after(last);
}

Result<ChildId> Replica::add_item(const RecordId& id, std::string_view collection, const schema::Fields& fields)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto kind = kind_of(id);
    if (!kind) return no_such(id);
    const auto record = inside_->read_model.get(id, *kind);
    const auto child = new_id<ChildId>(inside_->options.clock->now(), *inside_->options.random);
    auto values = fields;
    values["position"] = record ? inside_->position_in(*record, collection) : merge::position_after({});
    const auto saved = save(edit_of(id, kind, {std::string{collection}, child, true, std::move(values)}, {}));
    if (!saved) return saved.error();
    return child;
}

Result<Saved> Replica::set_item(const RecordId& id, std::string_view collection, const ChildId& item, const schema::Fields& fields, std::string_view reason)
{
    ROADBOOK_CHECK(inside_->may_read());
    const auto kind = kind_of(id);
    if (!kind) return no_such(id);
    const auto record = inside_->read_model.get(id, *kind);
    const auto found = record ? record->collections.find(collection) : std::map<std::string, std::vector<schema::Child>, std::less<>>::const_iterator{};
    const bool exists = record && found != record->collections.end() &&
                        std::any_of(found->second.begin(), found->second.end(), [&](const auto& child) { return child.id == item; });
    if (!exists) return fail(Errc::not_found, Bilingual{fmt::format("{} has no entry {} in '{}'", *kind, item.text(), collection),
                                               fmt::format("“{}”中没有条目 {}", collection, item.text())}, std::string{collection});
    return save(edit_of(id, kind, {std::string{collection}, item, false, fields}, reason));
}

Result<Saved> Replica::remove_item(const RecordId& id, std::string_view collection, const ChildId& item)
{
    return set_item(id, collection, item, {{"removed", true}});
}

protocol::v1::Hello Replica::hello()
{
    inside_->drop_unnamed_files();
    protocol::v1::Hello hello;
    const auto me = inside_->identity();
    hello.set_version(protocol::version);
    hello.set_revision(protocol::revision);
    hello.set_device_time(inside_->options.clock->now().time_since_epoch().count());
    hello.set_credit(protocol::credit_bytes);
    hello.set_grant_epoch(static_cast<std::uint64_t>(inside_->setting_number("grant_epoch")));
    hello.set_server_epoch(inside_->setting("server_epoch"));
    hello.set_unsent(static_cast<std::uint32_t>(inside_->count("SELECT count(*) FROM outbox")));
    hello.set_bytes_stored(inside_->bytes_stored());
    if (me) {
        hello.set_device(protocol::to_field(me->device));
        hello.set_token(protocol::to_field(me->token));
    }
    if (me) inside_->numbers.add_wants(hello, me->role, inside_->corrected_now());
    inside_->report_refused(*hello.mutable_refused());
    inside_->scopes.ask_for_homeless();
    for (const auto& scope : inside_->scopes.all()) {
        const auto begun = scope.ready ? std::nullopt : inside_->scopes.block_begun(scope.num);
        if (!scope.ready && scope.pack_position == 0 && scope.ahead_position == 0 && !begun) continue; // nothing of it is here yet
        auto& cursor = *hello.add_cursors();
        cursor.set_scope(protocol::to_field(scope.id.bytes()));
        cursor.set_seq(scope.seq);
        cursor.set_running_hash(protocol::to_field(scope.running_hash));
        cursor.set_pack_position(scope.pack_position);
        cursor.set_ahead_position(scope.ahead_position);
        if (begun) {
            cursor.set_block_hash(begun->hash);
            cursor.set_block_offset(begun->bytes);
        }
    }
    return hello;
}

void Replica::adopt_welcome(const protocol::v1::Welcome& welcome)
{
    const auto here = inside_->options.clock->now().time_since_epoch().count();
    storage::Transaction transaction{inside_->db};
    if (inside_->setting("server_epoch") != welcome.server_epoch()) { // places in another feed
        inside_->db.statement(forget_company_seq).run();
        inside_->set_setting("decisions_heard", "0");
    }
    if (welcome.lost_since() == 0) inside_->set_setting("server_epoch", welcome.server_epoch()); // else once it has all back
    inside_->set_setting("role", welcome.role());
    inside_->set_setting("clock_offset", std::to_string(here - welcome.server_time()));
    inside_->numbers.adopt(welcome);
    transaction.commit();
    inside_->note_contact(welcome);
    inside_->adopt_refused(welcome.refused());
    if (welcome.leases_size() != 0) inside_->number_provisional();
}

Replica::Adopted Replica::adopt_grants(const protocol::v1::Grants& grants)
{
    Adopted adopted{false, grants.epoch()};
    storage::Transaction transaction{inside_->db};
    for (auto row : inside_->scopes.all()) {
        const auto key = protocol::to_field(row.id.bytes());
        const bool granted = std::find(grants.scopes().begin(), grants.scopes().end(), key) != grants.scopes().end();
        if (row.withdrawn == granted) {
            row.withdrawn = !granted;
            inside_->scopes.keep(row);
            inside_->show_or_hide(row.num);
        }
        if (!granted) adopted.withdrawn = true;
    }
    for (const auto& field : grants.scopes())
        if (const auto scope = schema::ScopeId::from(as_bytes(field))) (void)inside_->scopes.ensure(*scope);
    inside_->set_setting("grant_epoch", std::to_string(grants.epoch()));
    transaction.commit();
    return adopted;
}

Replica::Outgoing Replica::take_outbox(std::int64_t after, int changes_max, std::size_t bytes_max)
{
    return inside_->take_outbox(after, changes_max, bytes_max);
}

Replica::Settlement Replica::settle(std::span<const std::int64_t> sequences, std::span<const protocol::v1::Answer> exceptions)
{
    try {
        return inside_->settle(sequences, exceptions);
    } catch (...) {
        inside_->forget_memory();
        throw;
    }
}

Result<std::int64_t> Replica::store_page(const protocol::v1::Page& page)
{
    return inside_->store_page(page);
}

Result<std::int64_t> Replica::store_pack(const protocol::v1::Pack& pack)
{
    return inside_->store_pack(pack);
}

Result<std::int64_t> Replica::store_ahead(const protocol::v1::Ahead& ahead)
{
    return inside_->store_ahead(ahead);
}

void Replica::adopt_refused(const protocol::v1::RefusedNews& news)
{
    inside_->adopt_refused(news);
}

void Replica::purge(const protocol::v1::Purge& purge)
{
    inside_->purge(purge);
}

void Replica::let_go()
{
    inside_->let_go();
}

void Replica::note_caught_up()
{
    const auto server_now = inside_->options.clock->now() - Duration{inside_->setting_number("clock_offset")};
    inside_->set_setting("last_sync", std::to_string(server_now.time_since_epoch().count()));
    inside_->erase_homeless();
}

void Replica::scrub_if_due()
{
    inside_->scrub_if_due();
}

} // namespace roadbook::replica
