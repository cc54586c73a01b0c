#include "shared/storage/read_record.hpp"

#include "shared/storage/read_values.hpp"

namespace roadbook::storage {
namespace {

std::vector<schema::Child> read_children(Database& db, const CollectionPlan& plan, std::int64_t row)
{
    std::vector<schema::Child> children;
    auto rows = db.statement(plan.select);
    rows.bind_at(1, row);
    while (rows.step()) {
        schema::Child child{rows.id<ChildId>(0), read_fields(rows, leading_child_columns, plan.collection->fields), rows.integer(2) != 0};
        if (!rows.is_null(1)) child.fields.emplace("position", rows.text(1));
        children.push_back(std::move(child));
    }
    return children;
}

} // namespace

Stored read_record(Database& db, const KindPlan& plan, const Statement& rows)
{
    Stored found;
    found.row = rows.integer(0);
    found.record.id = rows.id<RecordId>(1);
    found.record.kind = plan.kind->name;
    if (!rows.is_null(2)) found.record.deleted_at = rows.time(2);
    if (!rows.is_null(3)) found.record.unknown = unpack_unknown(rows.blob_view(3));
    found.record.fields = read_fields(rows, leading_columns, plan.kind->fields);
    for (const auto& collection : plan.collections)
        if (auto children = read_children(db, collection, found.row); !children.empty())
            found.record.collections.emplace(collection.collection->name, std::move(children));
    return found;
}

} // namespace roadbook::storage
