#include "sync-server/admin/import_memory.hpp"

#include <nlohmann/json.hpp>

namespace roadbook::server {
namespace {

constexpr storage::Migration tables[] = {
    {1, R"sql(
        CREATE TABLE import_run (num INTEGER PRIMARY KEY, what TEXT NOT NULL, file TEXT NOT NULL, at INTEGER NOT NULL, undone_at INTEGER) STRICT;
        CREATE TABLE import_origin (
            document    BLOB PRIMARY KEY,
            kind        TEXT NOT NULL,
            external_id TEXT NOT NULL,
            said        TEXT NOT NULL,       -- JSON, text by path
            undone      INTEGER NOT NULL,
            run         INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX import_origin_kind ON import_origin (kind);
        CREATE TABLE import_write (
            num                INTEGER PRIMARY KEY,
            run                INTEGER NOT NULL REFERENCES import_run,
            document           BLOB NOT NULL,
            kind               TEXT NOT NULL,
            created            INTEGER NOT NULL,
            before             TEXT NOT NULL,
            after              TEXT NOT NULL,
            external_id_before TEXT NOT NULL,
            said_before        TEXT NOT NULL,
            run_before         INTEGER NOT NULL, -- 0: no run had spoken of it
            UNIQUE (run, document)) STRICT;
    )sql"},
};
static_assert(storage::strictly_rising(tables), "versions must rise");

constexpr auto select_origin = "SELECT external_id, said, undone FROM import_origin WHERE document = :document";
constexpr auto select_external_ids = "SELECT document, external_id FROM import_origin WHERE kind = :kind AND external_id <> ''";
constexpr auto upsert_origin = R"sql(
    INSERT INTO import_origin (document, kind, external_id, said, undone, run) VALUES (:document, :kind, :external_id, :said, :undone, :run)
        ON CONFLICT DO UPDATE SET external_id = excluded.external_id, said = excluded.said, undone = excluded.undone, run = excluded.run)sql";
constexpr auto insert_run = "INSERT INTO import_run (what, file, at) VALUES (:what, :file, :at)";
constexpr auto insert_write = R"sql(
    INSERT INTO import_write (run, document, kind, created, before, after, external_id_before, said_before, run_before)
        VALUES (:run, :document, :kind, :created, :before, :after, :external_id_before, :said_before,
                coalesce((SELECT run FROM import_origin WHERE document = :document), 0)))sql";
constexpr auto select_runs = R"sql(
    SELECT num, what, file, at, undone_at, (SELECT count(*) FROM import_write WHERE run = import_run.num) FROM import_run ORDER BY num DESC)sql";
constexpr auto select_writes = R"sql(
    SELECT document, kind, created, before, after, external_id_before, said_before FROM import_write WHERE run = :run ORDER BY num DESC)sql";
constexpr auto update_run = "UPDATE import_run SET undone_at = :at WHERE num = :run";
constexpr auto restore_origins = R"sql(
    UPDATE import_origin
       SET said = w.said_before, undone = w.created, run = w.run_before,
           external_id = CASE WHEN w.created THEN import_origin.external_id ELSE w.external_id_before END
      FROM import_write AS w
     WHERE w.run = :run AND w.document = import_origin.document AND import_origin.run = :run)sql";

std::string to_text(const ImportMemory::Texts& texts)
{
    return nlohmann::json(texts).dump();
}

ImportMemory::Texts to_texts(std::string_view text)
{
    return nlohmann::json::parse(text).get<ImportMemory::Texts>(); // our own writing, in our own file
}

} // namespace

Result<ImportMemory> ImportMemory::open(const std::filesystem::path& folder)
{
    auto db = storage::Database::open({.path = folder / file_name});
    if (!db) return db.error();
    try {
        ROADBOOK_CHECK(storage::migrate(*db, tables));
    } catch (const Fault& fault) {
        return fault.error();
    }
    return ImportMemory{std::move(*db)};
}

std::optional<ImportMemory::Origin> ImportMemory::origin(const RecordId& record)
{
    auto rows = db_.statement(select_origin);
    rows.bind(":document", record);
    if (!rows.step()) return std::nullopt;
    return Origin{rows.text(0), to_texts(rows.text_view(1)), rows.integer(2) != 0};
}

std::map<RecordId, std::string> ImportMemory::external_ids(std::string_view kind)
{
    auto rows = db_.statement(select_external_ids);
    rows.bind(":kind", kind);
    std::map<RecordId, std::string> found;
    while (rows.step()) found.emplace(rows.id<RecordId>(0), rows.text(1));
    return found;
}

std::int64_t ImportMemory::keep(std::string_view what, std::string_view file, Time at, std::span<const Write> writes)
{
    const auto is_written = [](const Write& write) { return write.created || !write.after.empty(); };
    storage::Transaction transaction{db_};
    std::int64_t run = 0;
    for (const auto& write : writes) {
        if (is_written(write) && run == 0) {
            db_.statement(insert_run).bind(":what", what).bind(":file", file).bind(":at", at).run();
            run = db_.last_row();
        }
        if (is_written(write)) {
            const auto before = origin(write.record).value_or(Origin{});
            const auto values_before = to_text(write.before), values_after = to_text(write.after), said_before = to_text(before.said);
            db_.statement(insert_write)
                .bind(":run", run)
                .bind(":document", write.record)
                .bind(":kind", write.kind)
                .bind(":created", std::int64_t{write.created})
                .bind(":before", values_before)
                .bind(":after", values_after)
                .bind(":external_id_before", before.external_id)
                .bind(":said_before", said_before)
                .run();
        }
        const auto said = to_text(write.origin.said);
        db_.statement(upsert_origin)
            .bind(":document", write.record)
            .bind(":kind", write.kind)
            .bind(":external_id", write.origin.external_id)
            .bind(":said", said)
            .bind(":undone", std::int64_t{write.origin.is_undone})
            .bind(":run", run)
            .run();
    }
    transaction.commit();
    return run;
}

std::vector<ImportMemory::Run> ImportMemory::runs()
{
    auto rows = db_.statement(select_runs);
    std::vector<Run> found;
    while (rows.step()) {
        Run run{rows.integer(0), rows.text(1), rows.text(2), rows.time(3), std::nullopt, rows.integer(5)};
        if (!rows.is_null(4)) run.undone_at = rows.time(4);
        found.push_back(std::move(run));
    }
    return found;
}

std::vector<ImportMemory::Write> ImportMemory::writes(std::int64_t run)
{
    auto rows = db_.statement(select_writes);
    rows.bind(":run", run);
    std::vector<Write> found;
    while (rows.step())
        found.push_back({rows.id<RecordId>(0), rows.text(1), rows.integer(2) != 0, to_texts(rows.text_view(3)), to_texts(rows.text_view(4)),
                         {rows.text(5), to_texts(rows.text_view(6)), false}});
    return found;
}

void ImportMemory::mark_undone(std::int64_t run, Time at)
{
    storage::Transaction transaction{db_};
    db_.statement(update_run).bind(":run", run).bind(":at", at).run();
    db_.statement(restore_origins).bind(":run", run).run();
    transaction.commit();
}

} // namespace roadbook::server
