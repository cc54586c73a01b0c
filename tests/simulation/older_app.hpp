#pragma once
// A colleague's app that is one schema version behind: its records begin at the first link of their genesis, and have none of the containers that
// came later. It only writes, by the protocol alone, with code of its own; what it wrote is in the ledger as anybody's.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/base/clock.hpp"
#include "shared/protocol/frames.hpp"
#include "shared/schema/kind.hpp"
#include "shared/schema/record.hpp"
#include "tests/simulation/seeded.hpp"

#include <map>
#include <string>
#include <vector>

namespace roadbook::simulation {

/// What it got when it was enrolled.
struct Enrolment {
    RecordId person;
    std::string device, token; ///< as they stand in frames
    std::uint64_t grant_epoch = 0;
};

class OlderApp {
public:
    OlderApp(Enrolment enrolment, std::uint64_t seed);

    /// One of the types that have grown since.
    [[nodiscard]] RecordId add(std::string_view kind, const schema::Fields& fields, Time now);
    /// Of a record that it has added. Gives the value that it saw there, in words.
    std::string set(const RecordId& record, std::string_view field, const std::string& value, Time now);
    [[nodiscard]] std::vector<RecordId> accounts() const;
    [[nodiscard]] const RecordId& person() const noexcept { return enrolment_.person; }

    [[nodiscard]] protocol::v1::ClientFrame hello(Time now) const;
    /// All that is not answered yet.
    [[nodiscard]] protocol::v1::ClientFrame push() const;
    struct Heard {
        std::int64_t late = 0, waiting = 0;
        std::vector<std::string> refused; ///< why
    };
    [[nodiscard]] Heard hear(const protocol::v1::Answers& answers);
    void hear(const protocol::v1::Welcome& welcome);

    /// What a copy of the machine needs to send again.
    protocol::v1::ChangeList outbox;

private:
    struct Own {
        const schema::Kind* kind = nullptr;
        automerge::Document document;
    };
    void commit(Own& own, const RecordId& record, std::span<const automerge::Edit> edits, Time now);

    Enrolment enrolment_;
    Chance chance_;
    ActorId actor_;
    std::map<RecordId, Own> own_;
};

} // namespace roadbook::simulation
