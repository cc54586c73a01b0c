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

    /// Of a change known already: takes over what the server adds when it takes a change of our own.
    void attribute(std::int64_t document, const ActorId& actor, std::uint64_t seq, const merge::Attribution& by,
                   std::string_view mac = {});
    [[nodiscard]] std::optional<merge::Attribution> find(std::int64_t document, const ActorId& actor, std::uint64_t seq);
    /// The server's seal over the change; empty: it has sent none.
    [[nodiscard]] std::string mac(std::int64_t document, const ActorId& actor, std::uint64_t seq);
    /// After a rollback the rows that this object remembers may be gone.
    void forget_cache() { authors_.clear(); }

private:
    std::int64_t author(const ActorId& actor, const merge::Attribution& by);

    storage::Database& db_;
    struct Author {
        std::int64_t num = 0;
        RecordId person;
        DeviceId device;
    };
    std::unordered_map<ActorId, Author> authors_; ///< as they are written: a device that is enrolled anew is another one, also of what it had not sent
};

} // namespace roadbook::replica
