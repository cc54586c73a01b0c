#include "mobile-app/replica/replica.hpp"

#include "mobile-app/replica/inside.hpp"
#include "mobile-app/replica/tables.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

namespace roadbook::replica {
namespace {

constexpr auto select_setting = "SELECT value FROM setting WHERE name = :name";
constexpr auto upsert_setting = "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value";
constexpr auto select_documents = "SELECT id FROM document ORDER BY num";

ByteView blob_of(std::string_view text)
{
    return as_bytes(text);
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
