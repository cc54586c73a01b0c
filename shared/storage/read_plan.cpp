#include "shared/storage/read_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace roadbook::storage {
namespace {

using Names = std::vector<std::string>;

/// Texts compare without regard to small and capital letters, so that lists sort and filter as people expect.
const char* column_type(schema::Type type)
{
    switch (type) {
    case schema::Type::text:
    case schema::Type::note: return "TEXT COLLATE NOCASE";
    case schema::Type::date:
    case schema::Type::choice: return "TEXT";
    case schema::Type::reference: return "BLOB";
    default: return "INTEGER";
    }
}

Names column_names(const std::vector<schema::Field>& fields)
{
    Names names;
    for (const auto& field : fields) {
        names.push_back(quoted_name(field.name));
        if (field.type == schema::Type::money) names.push_back(quoted_name(field.name + "_currency"));
    }
    return names;
}

Names column_definitions(const std::vector<schema::Field>& fields)
{
    Names definitions;
    for (const auto& field : fields) {
        definitions.push_back(fmt::format("{} {}", quoted_name(field.name), column_type(field.type)));
        if (field.type == schema::Type::money) definitions.push_back(quoted_name(field.name + "_currency") + " TEXT");
    }
    return definitions;
}

/// "?1, ?2, ?3"
std::string parameters(std::size_t count)
{
    Names all;
    for (std::size_t i = 1; i <= count; ++i) all.push_back(fmt::format("?{}", i));
    return fmt::format("{}", fmt::join(all, ", "));
}

std::string create_kind(const schema::Kind& kind, const std::string& table)
{
    auto sql = fmt::format("CREATE TABLE {0} (_row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, deleted_at INTEGER, _unknown BLOB, "
                           "_title TEXT NOT NULL, {1}) STRICT;\n"
                           "CREATE INDEX {0}__title ON {0} (_title) WHERE deleted_at IS NULL;\n",
                           table, fmt::join(column_definitions(kind.fields), ", "));
    for (const auto& field : kind.fields)
        if (field.is_indexed)
            sql += fmt::format("CREATE INDEX {0}__{1} ON {0} (\"{1}\") WHERE deleted_at IS NULL;\n", table, field.name);
    return sql;
}

CollectionPlan plan_of(const schema::Collection& collection, const std::string& owner)
{
    const auto columns = column_names(collection.fields);
    CollectionPlan plan;
    plan.collection = &collection;
    plan.table = owner + "__" + collection.name;
    plan.create = fmt::format("CREATE TABLE {0} (_record INTEGER NOT NULL, id BLOB NOT NULL, position TEXT, removed INTEGER NOT NULL, "
                              "{1}, PRIMARY KEY (_record, id)) STRICT, WITHOUT ROWID;\n",
                              plan.table, fmt::join(column_definitions(collection.fields), ", "));
    for (const auto& field : collection.fields)
        if (field.is_indexed) plan.create += fmt::format("CREATE INDEX {0}__{1} ON {0} (\"{1}\");\n", plan.table, field.name);
    plan.insert = fmt::format("INSERT INTO {} (_record, id, position, removed, {}) VALUES ({})", plan.table, fmt::join(columns, ", "),
                              parameters(1 + leading_child_columns + columns.size()));
    plan.select = fmt::format("SELECT id, position, removed, {} FROM {} WHERE _record = ?1 ORDER BY position, id",
                              fmt::join(columns, ", "), plan.table);
    plan.delete_all = fmt::format("DELETE FROM {} WHERE _record = ?1", plan.table);
    return plan;
}

KindPlan plan_of(const schema::Kind& kind, std::int64_t number)
{
    const auto columns = column_names(kind.fields);
    Names settings{"deleted_at = ?2", "_unknown = ?3", "_title = ?4"};
    for (std::size_t i = 0; i < columns.size(); ++i)
        settings.push_back(fmt::format("{} = ?{}", columns[i], leading_columns + 1 + static_cast<int>(i)));
    KindPlan plan;
    plan.kind = &kind;
    plan.first_row = number << row_bits;
    plan.table = "read_" + kind.name;
    plan.create = create_kind(kind, plan.table);
    plan.insert = fmt::format("INSERT INTO {} (id, deleted_at, _unknown, _title, {}) VALUES ({}) ON CONFLICT (id) DO NOTHING", plan.table,
                              fmt::join(columns, ", "), parameters(leading_columns + columns.size()));
    plan.update = fmt::format("UPDATE {} SET {} WHERE _row = ?{}", plan.table, fmt::join(settings, ", "),
                              leading_columns + 1 + static_cast<int>(columns.size()));
    const auto select = fmt::format("SELECT _row, id, deleted_at, _unknown, {} FROM {}", fmt::join(columns, ", "), plan.table);
    plan.select_by_id = select + " WHERE id = ?1";
    plan.select_by_row = select + " WHERE _row = ?1";
    plan.select_list = select + " WHERE deleted_at IS NULL";
    plan.select_title = fmt::format("SELECT _row, id, _title FROM {} WHERE deleted_at IS NULL AND _title >= :from AND _title < :to "
                                    "ORDER BY _title, id LIMIT :limit",
                                    plan.table);
    plan.select_key = fmt::format("SELECT id, _title FROM {} WHERE _row = ?1", plan.table);
    plan.delete_row = fmt::format("DELETE FROM {} WHERE _row = ?1", plan.table);
    plan.count = fmt::format("SELECT count(*) FROM {} WHERE deleted_at IS NULL", plan.table);
    for (const auto& collection : kind.collections) plan.collections.push_back(plan_of(collection, plan.table));
    return plan;
}

} // namespace

const std::vector<KindPlan>& plans()
{
    static const auto all = [] {
        std::vector<KindPlan> made;
        for (const auto& kind : schema::kinds()) made.push_back(plan_of(kind, static_cast<std::int64_t>(made.size())));
        return made;
    }();
    return all;
}

const KindPlan* find_plan(std::string_view kind) noexcept
{
    const auto* found = schema::find_kind(kind);
    return found ? &plans()[static_cast<std::size_t>(found - schema::kinds().data())] : nullptr;
}

} // namespace roadbook::storage
