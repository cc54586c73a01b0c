#pragma once
// The tables and statements of one record type, written once from its declaration. Inside this room.
#include "shared/schema/kind.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace roadbook::storage {

inline constexpr int money_columns = 2; ///< "price" and "price_currency"
[[nodiscard]] inline int columns_of(const schema::Field& field) noexcept
{
    return field.type == schema::Type::money ? money_columns : 1;
}
/// Field names are plain (the schema sees to that) but may be words of SQL, such as order.
[[nodiscard]] inline std::string quoted_name(std::string_view name)
{
    return '"' + std::string{name} + '"';
}

struct CollectionPlan {
    const schema::Collection* collection = nullptr;
    std::string table;
    std::string create;     ///< table and indexes
    std::string insert;     ///< record row, id, position, removed, then the fields
    std::string select;     ///< of one record, in order: id, position, removed, then the fields
    std::string delete_all; ///< of one record
};

struct KindPlan {
    const schema::Kind* kind = nullptr;
    std::int64_t first_row = 0; ///< rows of this type in the search index are first_row + _row
    std::string table;
    std::string create;        ///< table and indexes
    std::string insert;        ///< nothing when the id is there
    std::string update;        ///< by _row, the last parameter
    std::string select_by_id;  ///< _row, id, deleted_at, _unknown, then the fields
    std::string select_by_row; ///< the same
    std::string select_list;   ///< the same, without deleted ones; a WHERE that goes on with AND
    std::string select_title;  ///< _row, id, _title: those that begin with a text
    std::string select_key;    ///< id, _title: by _row
    std::string delete_row;
    std::string count;
    std::vector<CollectionPlan> collections;
};
/// Columns of select_... before the fields, and parameters of insert before them: id, deleted_at, _unknown, _title.
inline constexpr int leading_columns = 4;
inline constexpr int leading_child_columns = 3;

/// Row numbers of one record type in the search index; the types lie one after another.
inline constexpr int row_bits = 40;

/// In the order of schema::kinds(); made once.
[[nodiscard]] const std::vector<KindPlan>& plans();
/// Null for a type that this version does not know.
[[nodiscard]] const KindPlan* find_plan(std::string_view kind) noexcept;

} // namespace roadbook::storage
