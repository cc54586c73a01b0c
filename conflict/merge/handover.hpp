#pragma once
// Handing a territory over is one edit of its record. Here: that edit, and the one that takes it back; the same on devices and server.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/base/clock.hpp"
#include "shared/schema/kind.hpp"

#include <functional>

namespace roadbook::merge {

/// By the server's clock, from when it took the hand-over; later than that a holder has worked there, and it is a new hand-over.
inline constexpr std::chrono::hours handover_undo_within{24};

/// The fields that give `territory` to `to`: at once, or from the day `on` ("2026-12-01") on. A hand-over agreed before is replaced.
[[nodiscard]] schema::Fields handover(const schema::Record& territory, const RecordId& to, std::string_view on);

/// When the server took a change; nothing while it has not.
using ReceivedAt = std::function<std::optional<Time>(const automerge::Change& change)>;

/// The fields that take back what was agreed for a later day; else the last hand-over, if it was taken at most handover_undo_within before
/// `now` and its new holder still holds the territory. An undo is not itself undone. Errors: not_allowed with the reason; the document's.
[[nodiscard]] Result<schema::Fields> undo_of_handover(const automerge::Document& territory, const RecordId& id, const ReceivedAt& received_at, Time now);

} // namespace roadbook::merge
