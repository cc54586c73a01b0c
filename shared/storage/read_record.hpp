#pragma once
// Records out of their tables. Inside this room.
#include "shared/storage/database.hpp"
#include "shared/storage/read_plan.hpp"

namespace roadbook::storage {

struct Stored {
    std::int64_t row = 0;
    schema::Record record;
};
/// The record of the row that a select of `plan` stands at, with its children.
[[nodiscard]] Stored read_record(Database& db, const KindPlan& plan, const Statement& rows);

} // namespace roadbook::storage
