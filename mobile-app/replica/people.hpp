#pragma once
// Who wrote which change: attributions by document, actor and sequence number.
#include "conflict/merge/attribution.hpp"
#include "shared/storage/database.hpp"

#include <unordered_map>

namespace roadbook::replica {

/// Borrows `db`. Threads: the replica's. Writes belong to the caller's transaction.
class People {
public:
    explicit People(storage::Database& db) : db_{db} {}

    void attribute(std::int64_t document, const ActorId& actor, std::uint64_t seq, const merge::Attribution& by);
    [[nodiscard]] std::optional<merge::Attribution> find(std::int64_t document, const ActorId& actor, std::uint64_t seq);
    /// What the server adds to a change of our own when it takes it.
    void confirm(std::int64_t document, const ActorId& actor, std::uint64_t seq, Time received_at, Duration clock_offset, bool late);
    /// After a rollback the rows that this object remembers may be gone.
    void forget_cache() { authors_.clear(); }

private:
    std::int64_t author(const ActorId& actor, const merge::Attribution& by);

    storage::Database& db_;
    std::unordered_map<ActorId, std::int64_t> authors_;
};

} // namespace roadbook::replica
