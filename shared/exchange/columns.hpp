#pragma once
// What the columns of a file mean for a record type: by field name or label, in English or Chinese, in any mix.
#include "shared/schema/kind.hpp"

#include <span>
#include <string>
#include <vector>

namespace roadbook::exchange {

/// "id", "external_id", "phone", "Credit limit", "信用额度 币种", "lines.product", "明细.数量", "lines.id". Case, blanks, underscores and
/// full width do not matter.
struct Column {
    enum class What {
        ignored,
        id,          ///< of the record, or of the child when there is a collection
        external_id, ///< what another system calls the record
        position,    ///< of a child among its siblings
        field,
        currency,    ///< of `field`'s amounts; without a field, of all that have none of their own
        title,       ///< of the record that the reference `field` names: read when the reference's own cell is empty
    };
    What what = What::ignored;
    const schema::Collection* collection = nullptr; ///< null: the record itself
    const schema::Field* field = nullptr;
};

/// One for each name in the header. Errors: bad_argument for a name that the type does not have (with the nearest one), that two of its
/// fields have, or that stands there twice. `skipped` are names in the header that are to be left out.
[[nodiscard]] Result<std::vector<Column>> columns_of(const schema::Kind& kind, std::span<const std::string> header, std::span<const std::string> skipped = {});
/// One name alone: for values that hold for a whole file.
[[nodiscard]] Result<Column> column_of(const schema::Kind& kind, std::string_view name);

/// Small letters, half width, without blanks, underscores and dashes: names that differ in nothing else are the same.
[[nodiscard]] std::string folded(std::string_view name);

} // namespace roadbook::exchange
