#pragma once
// What this device is granted, how far each feed is stored, and which record is here because of which scope.
#include "shared/schema/scope.hpp"
#include "shared/storage/database.hpp"

namespace roadbook::replica {

struct ScopeRow {
    std::int64_t num = 0;
    schema::ScopeId id;
    std::uint64_t seq = 0;
    Hash running_hash;
    std::uint64_t pack_position = 0;
    bool ready = false;     ///< its pack is complete
    bool withdrawn = false;
    std::uint64_t ahead_position = 0; ///< until it is ready: copies up to here have come
};

/// The beginning of a block that is here.
struct BlockBegun {
    std::string hash;
    std::uint64_t bytes = 0;
};

/// Borrows `db`. Threads: the replica's. Writes belong to the caller's transaction.
class Scopes {
public:
    explicit Scopes(storage::Database& db) : db_{db} {}

    [[nodiscard]] std::vector<ScopeRow> all();
    [[nodiscard]] std::optional<ScopeRow> find(const schema::ScopeId& id);
    /// Makes the row if there is none.
    [[nodiscard]] ScopeRow ensure(const schema::ScopeId& id);
    void keep(const ScopeRow& row);
    void forget(std::int64_t num);

    /// Also ends hide().
    void join(std::int64_t document, std::int64_t scope);
/// As this device takes it to be, for a record made here: until the scope's feed says so, or all that there is has come without it.
    void guess(std::int64_t document, std::int64_t scope);
    void drop_guesses(std::int64_t document);
    /// A copy that came ahead of its scope's pack: in the scope, in doubt until the pack says so. Also ends hide().
    void join_ahead(std::int64_t document, std::int64_t scope);
    void leave(std::int64_t document, std::int64_t scope);
    /// Its pack comes from its beginning again.
    void fetch_anew(ScopeRow& row);

    [[nodiscard]] std::optional<BlockBegun> block_begun(std::int64_t scope);
    void add_block_part(std::int64_t scope, const BlockBegun& before, std::string_view part);
    /// All of it, as far as it is here; forgotten then.
    [[nodiscard]] std::string take_block(std::int64_t scope);

    /// Before a scope comes anew as a whole: until join() says so again, none of its records is known to be in it still.
    void doubt(std::int64_t scope);
    [[nodiscard]] std::vector<std::int64_t> doubted(std::int64_t scope);
    [[nodiscard]] std::vector<ScopeRow> scopes_of(std::int64_t document);
    [[nodiscard]] std::vector<std::int64_t> documents_in(std::int64_t scope);
    /// Documents of this kind that no scope holds but those of roles.
    [[nodiscard]] std::int64_t count_by_role_alone(std::string_view kind);
    /// Documents that no scope holds any more.
    [[nodiscard]] bool is_orphan(std::int64_t document);
    /// For an orphan whose edits still wait for an answer.
    void hide(std::int64_t document);
    /// It was made here, and no feed has brought it yet.
    void await_scope(std::int64_t document);
    /// A connection is opened that will bring all scopes: those that the server has should be in one of them by its end.
    void ask_for_homeless();
    [[nodiscard]] std::vector<std::int64_t> asked_for();
    void forget_asked_for();
    [[nodiscard]] bool is_hidden(std::int64_t document);
    /// Hidden, or every scope that holds it is withdrawn: it may not be edited any more, and goes when drained.
    [[nodiscard]] bool is_withdrawn(std::int64_t document);

private:
    storage::Database& db_;
};

} // namespace roadbook::replica
