#include "mobile-app/headless/json.hpp"

#include "shared/schema/validation.hpp"

namespace roadbook::headless {
namespace {

struct Writer {
    const schema::Field& field;
    Titles& titles;

    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const
    {
        if (field.type == schema::Type::integer) return value;
        return schema::format(field, value); // 12.5 stays 12.5 in every reader of JSON
    }
    Json operator()(const std::string& value) const { return value; }
    Json operator()(const Money& value) const { return json_of(value); }
    Json operator()(const Time& value) const { return to_text(value); }
    Json operator()(const RecordId& value) const { return {{"id", value.text()}, {"title", titles.of(value)}}; }
};

Json fields_json(const schema::Fields& values, const std::vector<schema::Field>& fields, Titles& titles)
{
    auto json = Json::object();
    for (const auto& field : fields) {
        const auto value = values.find(field.name);
        json[field.name] = value == values.end() ? Json(nullptr) : json_of(value->second, field, titles);
    }
    return json;
}

Json children_json(const std::vector<schema::Child>& children, const schema::Collection& collection, Titles& titles)
{
    auto json = Json::array();
    for (const auto& child : children)
        json.push_back({{"id", child.id.text()},
                        {"removed", child.removed},
                        {"fields", fields_json(child.fields, collection.fields, titles)}});
    return json;
}

} // namespace

std::string line_of(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json json_of(const schema::Value& value, const schema::Field& field, Titles& titles)
{
    return std::visit(Writer{field, titles}, value);
}

Json json_of(const Money& money)
{
    return {{"text", money.text()}, {"minor", money.minor}, {"currency", money.currency}};
}

Json json_of(const std::optional<Time>& time)
{
    return time ? Json(to_text(*time)) : Json(nullptr);
}

Json json_of(const schema::Record& record, const schema::Kind& kind, Titles& titles)
{
    Json json{{"id", record.id.text()},
              {"kind", kind.name},
              {"title", Titles::of(record, kind)},
              {"fields", fields_json(record.fields, kind.fields, titles)}};
    auto& collections = json["collections"] = Json::object();
    for (const auto& collection : kind.collections) {
        const auto children = record.collections.find(collection.name);
        collections[collection.name] =
            children == record.collections.end() ? Json::array() : children_json(children->second, collection, titles);
    }
    json["deleted_at"] = json_of(record.deleted_at);
    if (!record.unknown.empty()) json["unknown"] = record.unknown;
    return json;
}

} // namespace roadbook::headless
