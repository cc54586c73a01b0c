#pragma once
// What imports wrote, in a file beside the records: so that the next run changes only what its file changed since, knows records by what another
// system calls them, and a run can be taken back.
#include "shared/exchange/edit.hpp"
#include "shared/storage/database.hpp"

#include <span>
#include <vector>

namespace roadbook::server {

/// Ownership: owns its connection. Threads: one at a time. Each write is one transaction, made after the records are committed. Losing the
/// file loses no record: the next run then compares with the records alone, and nothing can be taken back.
class ImportMemory {
public:
    using Texts = exchange::Texts;
    static constexpr auto file_name = "imports.db"; ///< in the server's data folder

    /// What the last import said of a record.
    struct Origin {
        std::string external_id;
        Texts said;
        bool is_undone = false; ///< it made the record, and was taken back
    };
    struct Write {
        RecordId record;
        std::string kind;
        bool created = false;
        Texts before, after; ///< empty: this run said of the record what it says already
        Origin origin;       ///< from now on
    };
    struct Run {
        std::int64_t num = 0;
        std::string what; ///< "csv account", "northwind"
        std::string file;
        Time at;
        std::optional<Time> undone_at;
        std::int64_t written = 0; ///< records
    };

    /// Errors: as storage::Database::open and migrate.
    [[nodiscard]] static Result<ImportMemory> open(const std::filesystem::path& folder);

    [[nodiscard]] std::optional<Origin> origin(const RecordId& record);
    /// Of all records of a kind that have one.
    [[nodiscard]] std::map<RecordId, std::string> external_ids(std::string_view kind);
    /// Keeps a run with what it wrote; its number. One that wrote nothing is no run, and only the origins are kept: 0.
    std::int64_t keep(std::string_view what, std::string_view file, Time at, std::span<const Write> writes);
    /// The latest first.
    [[nodiscard]] std::vector<Run> runs();
    /// `origin` is what held before the run; records without before and after are left out.
    [[nodiscard]] std::vector<Write> writes(std::int64_t run);
    /// The run was taken back: what held before it of its records holds again, unless a later run has spoken of them.
    void mark_undone(std::int64_t run, Time at);

private:
    explicit ImportMemory(storage::Database db) : db_{std::move(db)} {}
    storage::Database db_;
};

} // namespace roadbook::server
