#pragma once
// Whole records as packs and moves bring them: opened and read apart from the database, so that two cores share the work.
#include "conflict/merge/merged_record.hpp"
#include "shared/protocol/frames.hpp"

namespace roadbook::replica {

struct OpenedRecord {
    RecordId id;
    std::string kind_name;
    const schema::Kind* kind = nullptr; ///< none: a record type of a newer app
    merge::Merged merged; ///< empty for a type of a newer app
};

/// Checks size, id and type, loads the document and reads it. The loaded document itself is not kept: 256 of them are 4 MiB. Errors: bad_frame, too_large, document_damaged.
[[nodiscard]] Result<OpenedRecord> open_whole(const protocol::v1::WholeRecord& whole);
/// All of a pack's, in its order, on two threads.
[[nodiscard]] std::vector<Result<OpenedRecord>> open_all(const protocol::v1::RecordList& list);

} // namespace roadbook::replica
