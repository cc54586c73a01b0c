#pragma once
// Tables that screens read, generated from the schema: one STRICT table a kind, one a collection, and the search index. They hold
// nothing that the documents do not: they can be dropped and rebuilt at any time.
#include "shared/schema/kind.hpp"
#include "shared/storage/database.hpp"

namespace roadbook::storage {

struct Filter {
    std::string field; ///< a field of the kind, or "id"
    schema::Value value;
    std::vector<schema::Value> or_else{}; ///< any of these will do as well; of the same type
};

struct Query {
    std::string kind;
    std::vector<Filter> filters; ///< all must hold
    std::string order;           ///< a field of the kind; empty: the title
    bool descending = false;
    int limit = 1'000; ///< at most 100,000
    int offset = 0;
};

struct Hit {
    RecordId id;
    std::string kind;
    std::string title;
    std::string detail; ///< what tells two hits of one title apart: the matched fields
};

/// Borrows `db`. Threads: those of `db`. All writes belong to the caller's transaction. Tables are named read_KIND and
/// read_KIND__COLLECTION: nothing else in the file may begin with read_. Those of a kind come with its first record: a phone's file would else be mostly
/// empty pages, and every opening and scrub() would read and write them.
class ReadModel {
public:
    explicit ReadModel(Database& db);

    /// Creates or changes the tables to what the schema says now. True: they were (re)made empty, so put() every record again.
    /// Call inside a transaction.
    [[nodiscard]] bool prepare();

    /// A record of a kind that this version does not know is passed over, and so is a value of another type than its field's.
    void put(const schema::Record& record);
    /// Gone for every reader; scrub() takes its last bytes.
    void remove(const RecordId& id, std::string_view kind);
    /// After a purge was committed: not one byte of what was ever removed or replaced stays in the file, neither in the index nor in
    /// unused pages; other tables of the file included. Some 10 ms a MB. Outside a transaction. False: another connection is reading an
    /// older state and keeps it in the WAL; call again later (a purge is done when this was true once).
    [[nodiscard]] bool scrub();

    [[nodiscard]] std::optional<schema::Record> get(const RecordId& id, std::string_view kind);
    /// Errors: bad_argument for an unknown kind or field, naming the nearest. Deleted records are left out. Texts compare without regard
    /// to capitals; false finds empty, too; equals are ordered by id.
    [[nodiscard]] Result<std::vector<schema::Record>> list(const Query& query);
    [[nodiscard]] std::int64_t count(std::string_view kind);
    /// Any two Chinese characters, pinyin initials, a Latin prefix of any word, codes and phone numbers without punctuation; all words
    /// must match; best first. `kind` empty: all kinds.
    [[nodiscard]] std::vector<Hit> search(std::string_view text, std::string_view kind = {}, int limit = 50);

private:
    Database& db_;
};

} // namespace roadbook::storage
