// The rules read records by field name: each name must be declared, with the type that the rules expect.
#include "golden_table.hpp"
#include "shared/schema/kind.hpp"

#include <algorithm>

using namespace roadbook;

namespace {

const schema::Field* find(const test::Row& row, const std::string& name)
{
    const auto* kind = schema::find_kind(row.at("kind"));
    if (!kind || row.at("collection").empty()) return kind ? kind->field(name) : nullptr;
    const auto* collection = kind->collection(row.at("collection"));
    return collection ? collection->field(name) : nullptr;
}

std::string name_of(schema::Type type)
{
    using schema::Type;
    switch (type) {
    case Type::text: return "text";
    case Type::integer: return "integer";
    case Type::decimal: return "decimal";
    case Type::percent: return "percent";
    case Type::money: return "money";
    case Type::date: return "date";
    case Type::choice: return "choice";
    case Type::reference: return "reference";
    default: return "of a type that no rule reads";
    }
}

} // namespace

TEST_CASE("each field that a rule reads is declared in the schema, with the type that the rule expects", "[rules]")
{
    for (const auto& row : test::golden("fields_read.md", "fields"))
        for (const auto& expected : test::split(row.at("fields"), ',')) {
            const auto name = expected.substr(0, expected.find(' '));
            CAPTURE(row.at("kind"), row.at("collection"), name);
            const auto* field = find(row, name);
            REQUIRE(field);
            CHECK(name + " " + name_of(field->type) == expected);
        }
}

TEST_CASE("each choice that a rule knows is one that the schema offers", "[rules]")
{
    for (const auto& row : test::golden("fields_read.md", "choices")) {
        const auto* field = find(row, row.at("field"));
        REQUIRE(field);
        for (const auto& value : test::split(row.at("values"), ',')) {
            CAPTURE(row.at("kind"), row.at("field"), value);
            CHECK(std::any_of(field->choices.begin(), field->choices.end(), [&](const auto& choice) { return choice.value == value; }));
        }
    }
}
