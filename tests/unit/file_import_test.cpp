#include "shared/exchange/csv_export.hpp"
#include "sync-server/admin/file_import.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::server;
using exchange::Outcome;

namespace {

/// A server with one territory, and imports of accounts into it.
struct World {
    World()
    {
        Hub::Options options;
        options.folder = folder.path();
        hub = Hub::open(options).value();
        memory = ImportMemory::open(folder.path()).value();
        REQUIRE(import("territory", "name,code\nGraz,G\n").count(Outcome::create) == 1);
    }
    exchange::ImportPlan import(std::string_view kind, std::string_view text)
    {
        HubRecords known{*hub, *memory};
        const auto sheet = exchange::Sheet::of(exchange::CsvFile::parse("list.csv", text, {}).value());
        auto plan = exchange::plan_import(*schema::find_kind(kind), sheet, known, {}).value();
        carry_out(*hub, *memory, "csv", "list.csv", plan);
        return plan;
    }
    void edit(const RecordId& record, schema::Fields fields)
    {
        merge::Intent intent;
        intent.id = new_id<IntentId>(system_clock().now(), system_random());
        intent.record = record;
        intent.kind = "account";
        intent.steps = {{{}, {}, false, std::move(fields)}};
        REQUIRE(hub->apply(std::span{&intent, 1}, {}).front().has_value());
    }
    [[nodiscard]] std::string field(const RecordId& record, std::string_view name) const { return schema::text_of(hub->record(record).value(), name); }

    testing::TempFolder folder;
    std::unique_ptr<Hub> hub;
    std::optional<ImportMemory> memory;
};

} // namespace

TEST_CASE("a list by external id makes each record once, and the server remembers its names", "[import]")
{
    World world;
    constexpr auto text = "external_id,name,territory,phone\nE-1,Ernst,Graz,030-1\nE-2,Frieda,G,030-2\n";
    const auto first = world.import("account", text);
    CHECK(first.count(Outcome::create) == 2);
    CHECK(world.import("account", text).count(Outcome::unchanged) == 2);
    CHECK(world.hub->count("account") == 2);
    CHECK(world.import("contact", "name,account\nAnna,E-1\n").count(Outcome::create) == 1);
    CHECK(world.memory->external_ids("account").at(first.records[0].id) == "E-1");
}

TEST_CASE("an import is taken back whole, but for what somebody has edited since, which is named", "[import]")
{
    World world;
    const auto made = world.import("account", "external_id,name,territory,phone\nE-1,Ernst,Graz,030-1\nE-2,Frieda,Graz,030-2\n");
    const auto ernst = made.records[0].id, frieda = made.records[1].id;
    static_cast<void>(world.import("account", "external_id,name,phone,fax\nE-1,Ernst & Sons,030-9,1\nE-2,Frieda,030-9,\nE-3,,,\n"));
    world.edit(ernst, {{"phone", std::string{"my own"}}});
    const auto report = undo_import(*world.hub, *world.memory, std::nullopt).value();
    CHECK(report.taken_back == 2);
    REQUIRE(report.kept.size() == 1);
    CHECK(report.kept[0].why == "edited since: phone");
    CHECK(world.field(ernst, "name") == "Ernst");
    CHECK(world.field(ernst, "phone") == "my own");
    CHECK(world.field(ernst, "fax").empty());
    CHECK(world.field(frieda, "phone") == "030-2");

    const auto first = undo_import(*world.hub, *world.memory, std::nullopt).value();
    CHECK(first.taken_back == 1);
    CHECK(first.kept.at(0).record == ernst);
    CHECK(world.hub->record(frieda).value().deleted_at.has_value());
    const auto again = world.import("account", "external_id,name,territory,phone\nE-2,Frieda,Graz,030-2\n");
    CHECK(again.count(Outcome::change) == 1);
    CHECK(!world.hub->record(frieda).value().deleted_at.has_value());
}

TEST_CASE("a record that somebody deleted is not brought back by a list that still has it", "[import]")
{
    World world;
    constexpr auto text = "external_id,name,territory\nE-1,Ernst,Graz\n";
    const auto made = world.import("account", text);
    world.edit(made.records[0].id, {{"deleted_at", system_clock().now()}});
    const auto again = world.import("account", text);
    REQUIRE(again.count(Outcome::refused) == 1);
    CHECK(again.records[0].notes.at(0).en.find("it was deleted on ") != std::string::npos);
}

TEST_CASE("what one server exports another one imports as the same records", "[import]")
{
    World world;
    static_cast<void>(world.import("account", "external_id,name,territory\nE-1,\"Ernst \"\"der\"\"\nGroße\",Graz\nE-2,Frieda,Graz\n"));
    World other;
    const auto& kind = *schema::find_kind("account");
    const auto records = all_records(*world.hub, kind);
    REQUIRE(records.size() == 1); // a line break in a name is refused
    CHECK(other.import("account", exchange::export_csv(kind, records)).count(Outcome::create) == 1);
    CHECK(exchange::texts_of(other.hub->record(records[0].id).value()) == exchange::texts_of(records[0]));
}
