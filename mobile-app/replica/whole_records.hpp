#pragma once
// Whole records as packs and moves bring them: opened and read apart from the database, so that two cores share the work.
#include "conflict/merge/merged_record.hpp"
#include "shared/protocol/frames.hpp"

namespace roadbook::replica {

struct OpenedRecord {
    RecordId id;
    const schema::Kind* kind = nullptr;
    automerge::Document document;
    merge::Merged merged;
};

/// Checks size, id and type, and loads the document. Errors: bad_frame, too_large, document_damaged, unsupported_version.
[[nodiscard]] Result<OpenedRecord> open_whole(const protocol::v1::WholeRecord& whole);
/// All of a pack's, in its order, on two threads.
[[nodiscard]] std::vector<Result<OpenedRecord>> open_all(const protocol::v1::RecordList& list);

} // namespace roadbook::replica
