#pragma once
// One edit as the user made it, as data: kept until the server has answered, so that it can be made again after a refusal.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/protocol/frames.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

struct Intent {
    struct Step {
        std::string collection; ///< empty: the record itself
        ChildId child;
        bool add = false;       ///< the child is made by this step
        schema::Fields values;  ///< "removed" and "position" of a child, "deleted_at" of a record, too
    };
    IntentId id;
    RecordId record;
    std::string kind;
    bool create = false;
    std::vector<Step> steps;
    std::vector<Hash> base_heads; ///< what the user saw
    std::string reason;
    Time device_time;
    IntentId replaces{}; ///< the refused edit that its author took back to make this one of it; nil: none
};

/// As Automerge steps. Errors: bad_argument for a kind, collection or field that the schema does not have.
[[nodiscard]] Result<std::vector<automerge::Edit>> edits_of(const Intent& intent);

/// Every edit of an entry touches its `removed` ("lines/ID/removed"), so that a removal made apart meets it. Is that all that a change wrote there? Then it
/// is nothing for people to read, and nothing to take back.
[[nodiscard]] bool is_touch(const std::vector<std::string>& path, const automerge::Content& before, const automerge::Content& after);

[[nodiscard]] Bytes write(const Intent& intent);
/// Errors: bad_frame.
[[nodiscard]] Result<Intent> read_intent(ByteView bytes);

/// A place after `last` in a collection: a fractional index, of which siblings made apart may share one.
[[nodiscard]] std::string position_after(std::string_view last);

} // namespace roadbook::merge
