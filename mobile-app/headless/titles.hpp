#pragma once
// What ids are called, each looked up once a command: a list of 2,000 visits names few people.
#include "mobile-app/replica/replica.hpp"

#include <unordered_map>

namespace roadbook::headless {

/// Ownership: borrows the replica, for one command. Bounds: one entry a record that the command names.
class Titles {
public:
    explicit Titles(replica::Replica& replica) : replica_{replica} {}

    [[nodiscard]] const std::string& of(const RecordId& id);
    /// The title that `record` itself gives, without another look-up.
    [[nodiscard]] static std::string of(const schema::Record& record, const schema::Kind& kind);

private:
    replica::Replica& replica_;
    std::unordered_map<RecordId, std::string> known_;
};

} // namespace roadbook::headless
