#pragma once
// The files of one connection, one frame at a time: which is next, and how much of it.
#include "mobile-app/replica/replica.hpp"
#include "shared/protocol/frames.hpp"
#include "shared/protocol/limits.hpp"

#include <set>

namespace roadbook::sync {

/// Ownership: borrows the replica. One object is one connection: a file that the server does not take now is tried again on the next one.
class FilesUnderWay {
public:
    explicit FilesUnderWay(replica::Replica& replica) : replica_{replica} {}

    /// Nothing: no file is left that could go.
    [[nodiscard]] std::optional<protocol::v1::ClientFrame> next();
    /// A PartKept or a Part.
    void keep(const protocol::v1::ServerFrame& frame);

private:
    using Key = std::pair<RecordId, Hash>;
    replica::Replica& replica_;
    std::set<Key> put_off_;
    std::optional<Key> sending_;    ///< the server has said how much of it is there
    std::int64_t offset_ = 0;       ///< ... this much
    std::size_t part_bytes_ = protocol::first_part_bytes;
};

} // namespace roadbook::sync
