#pragma once
// The documents of a replica: loaded when needed, kept while in use, written as base and tail.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"
#include "shared/storage/database.hpp"

#include <list>
#include <unordered_map>

namespace roadbook::replica {

/// One record's document in memory. `num` is its row; 0: not stored yet.
struct Held {
    std::int64_t num = 0;
    RecordId id;
    const schema::Kind* kind = nullptr; ///< none: a record type of a newer app, kept and not shown
    std::string kind_name;
    automerge::Document document;
    int tail_length = 0;
};

/// Borrows `db`. Threads: the replica's. Holds at most held_max documents (some 16 KiB each).
class Documents {
public:
    static constexpr std::size_t held_max = 64;
    /// Changes made here before they are folded into the base: bounds what loading replays.
    static constexpr int tail_max = 64;

    explicit Documents(storage::Database& db) : db_{db} {}

    struct Row { std::int64_t num = 0; std::string kind; };
    [[nodiscard]] std::optional<Row> find(const RecordId& id);
    [[nodiscard]] RecordId id_of(std::int64_t num);

    /// Loads or finds in memory. Errors: not_found, document_damaged. The pointer lives until the next call.
    [[nodiscard]] Result<Held*> hold(const RecordId& id);
    /// As hold(), but only a record whose type this app knows. Errors: also unsupported_version.
    [[nodiscard]] Result<Held*> hold_known(const RecordId& id);
    /// Forgets what is in memory, after a failure or a rollback: the next hold() reads what is stored.
    void drop(const RecordId& id);
    void drop_all();

    /// Stores a new or changed document as its verified save; the tail is folded in.
    std::int64_t store_base(const RecordId& id, std::string_view kind, ByteView saved);
    /// As store_base, and keeps the document in memory as the current one.
    std::int64_t store_base(const RecordId& id, std::string_view kind, ByteView saved, automerge::Document document);
    /// Appends one change made here; folds the tail into the base at tail_max. The held document has it already.
    void append_tail(Held& held, ByteView change);
    void erase(std::int64_t num, const RecordId& id);

private:
    void keep(Held held);

    storage::Database& db_;
    std::list<Held> held_; ///< most recently used first
    std::unordered_map<RecordId, std::list<Held>::iterator> by_id_;
};

} // namespace roadbook::replica
