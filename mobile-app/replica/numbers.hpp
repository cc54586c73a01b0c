#pragma once
// The numbers that this installation may give out without a network, and which of its records still wait for one.
#include "shared/protocol/frames.hpp"
#include "shared/rules/numbers.hpp"
#include "shared/schema/kind.hpp"
#include "shared/storage/read_model.hpp"

#include <filesystem>

namespace roadbook::replica {

/// Borrows both. Threads: the replica's. Writes belong to the caller's transaction.
class Numbers {
public:
    Numbers(storage::Database& db, storage::ReadModel& read_model) : db_{db}, read_model_{read_model} {}

    /// Differs for a copy of the file: a cloned or restored device must not give out the numbers of the one that it was copied from.
    void set_install(const std::filesystem::path& file);

    struct Given {
        std::string text;
        std::int64_t count = 0; ///< 0: provisional
        std::string period;
    };
    /// The next number for a new record; nothing is used up yet.
    [[nodiscard]] Given next(const schema::Kind& kind, const RecordId& record, Time now);
    /// The record is stored with it, in the same transaction.
    void use(const schema::Kind& kind, const RecordId& record, const Given& given);

    /// Fills in what runs out: half a block or less is left, or nothing for the period to come.
    void add_wants(protocol::v1::Hello& hello, schema::Role role, Time now);
    /// All leases of this installation, for a server that has forgotten them.
    void add_leases(protocol::v1::Offer& offer);
    void adopt(const protocol::v1::Welcome& welcome);

    struct Waiting { RecordId record; const schema::Kind* kind = nullptr; };
    /// Records made here without a lease, oldest first.
    [[nodiscard]] std::vector<Waiting> provisional();
    void settle(const RecordId& record);

    struct Left { std::string record_type; std::string period; std::int64_t count = 0; };
    [[nodiscard]] std::vector<Left> left();

private:
    [[nodiscard]] rules::NumberRule rule_of(const schema::Kind& kind);

    storage::Database& db_;
    storage::ReadModel& read_model_;
    Bytes install_;
};

} // namespace roadbook::replica
