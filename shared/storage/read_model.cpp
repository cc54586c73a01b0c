#include "shared/storage/read_model.hpp"

#include "shared/storage/read_record.hpp"
#include "shared/storage/read_values.hpp"
#include "shared/storage/search_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

namespace roadbook::storage {
namespace {

using schema::Record;

// Contentless: the texts stand in the tables, and what was indexed is computed from them again to take it out. A change is a new
// entry in the index and the older ones go when parts of it merge; scrub() merges all. FTS5's secure-delete would take them out at
// once, at ten times the cost of every edit (1.3 ms against 0.1 among 100,000 records).
// prefix: what one letter begins is most of the index. hashsize: what one transaction of a first sync indexes is sorted in memory.
constexpr auto create_search = R"sql(
    CREATE VIRTUAL TABLE read__search USING fts5(title, initials, rest, content='', columnsize=0, tokenize='ascii', prefix='1');
    INSERT INTO read__search (read__search, rank) VALUES ('hashsize', 8388608);
    CREATE TABLE read__state (fingerprint BLOB NOT NULL) STRICT;
    )sql";

constexpr auto select_tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 5) = 'read_' "
                               "ORDER BY name <> 'read__search'"; // its shadow tables go with it
constexpr auto insert_terms = "INSERT INTO read__search (rowid, title, initials, rest) VALUES (?1, ?2, ?3, ?4)";
constexpr auto delete_terms = "INSERT INTO read__search (read__search, rowid, title, initials, rest) VALUES ('delete', ?1, ?2, ?3, ?4)";

/// All that decides what stands in the tables: another one means that they must be filled anew.
Hash fingerprint()
{
    auto text = fmt::format("{};{};", search_text_version, create_search);
    for (const auto& plan : plans()) {
        text += plan.create;
        for (const auto& collection : plan.collections) text += collection.create;
        for (const auto& field : plan.kind->fields) text += field.is_searched ? field.name + ";" : "";
        text += plan.kind->title + ";";
    }
    return sha256(as_bytes(text));
}

bool is_current(Database& db, const Hash& wanted)
{
    auto table = db.statement("SELECT 1 FROM sqlite_schema WHERE name = 'read__state'");
    if (!table.step()) return false;
    auto row = db.statement("SELECT fingerprint FROM read__state");
    return row.step() && std::ranges::equal(row.blob_view(0), wanted.view());
}

void drop_all(Database& db)
{
    for (;;) {
        std::string name;
        {
            auto row = db.statement(select_tables);
            if (!row.step()) return;
            name = row.text(0);
        }
        db.execute("DROP TABLE " + quoted_name(name));
    }
}

void create_tables(Database& db, const KindPlan& plan)
{
    db.execute(plan.create);
    for (const auto& collection : plan.collections) db.execute(collection.create);
}

void write_terms(Database& db, const char* sql, std::int64_t row, const Terms& terms)
{
    if (terms == Terms{}) return;
    db.statement(sql)
        .bind_at(1, row)
        .bind_at(2, std::string_view{terms.title})
        .bind_at(3, std::string_view{terms.initials})
        .bind_at(4, std::string_view{terms.rest})
        .run();
}

void insert_children(Database& db, const CollectionPlan& plan, std::int64_t row, const Record& record)
{
    const auto children = record.collections.find(plan.collection->name);
    if (children == record.collections.end() || children->second.empty()) return;
    auto insert = db.statement(plan.insert);
    for (const auto& child : children->second) {
        insert.bind_at(1, row).bind_at(2, child.id.view()).bind_at(4, std::int64_t{child.removed});
        const auto position = child.fields.find("position");
        const auto* text = position == child.fields.end() ? nullptr : std::get_if<std::string>(&position->second);
        text ? insert.bind_at(3, std::string_view{*text}) : insert.bind_at(3, nullptr);
        bind_fields(insert, 2 + leading_child_columns, plan.collection->fields, child.fields);
        insert.run();
    }
}

void bind_record(Statement& statement, const KindPlan& plan, const Record& record, const std::string& title, const Bytes& unknown)
{
    statement.bind_at(1, record.id.view());
    record.deleted_at ? statement.bind_at(2, std::int64_t{record.deleted_at->time_since_epoch().count()}) : statement.bind_at(2, nullptr);
    unknown.empty() ? statement.bind_at(3, nullptr) : statement.bind_at(3, unknown);
    statement.bind_at(4, std::string_view{title});
    bind_fields(statement, leading_columns + 1, plan.kind->fields, record.fields);
}

/// The row of a record that was not there, or nothing if it was.
std::optional<std::int64_t> insert_record(Database& db, const KindPlan& plan, const Record& record)
{
    const auto title = title_key(text_of(record, plan.kind->title));
    const auto unknown = pack_unknown(record.unknown);
    auto insert = db.statement(plan.insert);
    bind_record(insert, plan, record, title, unknown);
    insert.run();
    return db.changes() > 0 ? std::optional{db.last_row()} : std::nullopt;
}

void update_record(Database& db, const KindPlan& plan, std::int64_t row, const Record& record)
{
    const auto title = title_key(text_of(record, plan.kind->title));
    const auto unknown = pack_unknown(record.unknown);
    auto update = db.statement(plan.update);
    bind_record(update, plan, record, title, unknown);
    int columns = 0;
    for (const auto& field : plan.kind->fields) columns += columns_of(field);
    update.bind_at(leading_columns + 1 + columns, row);
    update.run();
}

std::optional<Stored> find_record(Database& db, const KindPlan& plan, const RecordId& id)
{
    auto rows = db.statement(plan.select_by_id);
    rows.bind_at(1, id.view());
    if (!rows.step()) return std::nullopt;
    return read_record(db, plan, rows);
}

} // namespace

ReadModel::ReadModel(Database& db) : db_{db} {}

bool ReadModel::prepare()
{
    assert(db_.in_transaction());
    const auto wanted = fingerprint();
    if (is_current(db_, wanted)) return false;
    drop_all(db_);
    db_.execute(create_search);
    db_.statement("INSERT INTO read__state VALUES (:fingerprint)").bind(":fingerprint", wanted).run();
    return true;
}

void ReadModel::put(const Record& record)
{
    const auto* plan = find_plan(record.kind);
    if (!plan) return;
    if (!db_.has_table(plan->table)) create_tables(db_, *plan);
    if (const auto row = insert_record(db_, *plan, record)) {
        for (const auto& collection : plan->collections) insert_children(db_, collection, *row, record);
        write_terms(db_, insert_terms, plan->first_row + *row, terms_of(record, *plan->kind));
        return;
    }
    const auto old = find_record(db_, *plan, record.id);
    assert(old);
    if (old->record == record) return;
    update_record(db_, *plan, old->row, record);
    if (old->record.collections != record.collections) {
        for (const auto& collection : plan->collections) {
            db_.statement(collection.delete_all).bind_at(1, old->row).run();
            insert_children(db_, collection, old->row, record);
        }
    }
    const auto before = terms_of(old->record, *plan->kind);
    const auto after = terms_of(record, *plan->kind);
    if (before == after) return;
    write_terms(db_, delete_terms, plan->first_row + old->row, before);
    write_terms(db_, insert_terms, plan->first_row + old->row, after);
}

void ReadModel::remove(const RecordId& id, std::string_view kind)
{
    const auto* plan = find_plan(kind);
    const auto old = plan && db_.has_table(plan->table) ? find_record(db_, *plan, id) : std::nullopt;
    if (!old) return;
    write_terms(db_, delete_terms, plan->first_row + old->row, terms_of(old->record, *plan->kind));
    for (const auto& collection : plan->collections) db_.statement(collection.delete_all).bind_at(1, old->row).run();
    db_.statement(plan->delete_row).bind_at(1, old->row).run();
}

bool ReadModel::scrub()
{
    {
        Transaction transaction{db_};
        db_.execute("INSERT INTO read__search (read__search) VALUES ('optimize')");
        transaction.commit();
    }
    return db_.scrub();
}

std::optional<Record> ReadModel::get(const RecordId& id, std::string_view kind)
{
    const auto* plan = find_plan(kind);
    auto found = plan && db_.has_table(plan->table) ? find_record(db_, *plan, id) : std::nullopt;
    return found ? std::optional{std::move(found->record)} : std::nullopt;
}

std::int64_t ReadModel::count(std::string_view kind)
{
    const auto* plan = find_plan(kind);
    if (!plan || !db_.has_table(plan->table)) return 0;
    auto row = db_.statement(plan->count);
    row.step();
    return row.integer(0);
}

} // namespace roadbook::storage
