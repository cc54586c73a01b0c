#include "sync-server/admin/directory.hpp"
#include "sync-server/admin/import_writer.hpp"
#include "sync-server/admin/record_import.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace roadbook;
using namespace roadbook::server;

namespace {

const std::filesystem::path shipped{ROADBOOK_SOURCE_DIR "/packaging/demo-data/northwind"};

/// A server's data folder and a copy of the shipped files.
struct World {
    World()
    {
        std::filesystem::copy(shipped, files);
        Hub::Options options;
        options.folder = folder / "server";
        hub = Hub::open(options).value();
    }
    ImportReport import() const
    {
        auto memory = ImportMemory::open(folder / "server").value();
        return import_records(*hub, memory, "northwind", read_northwind(files).value());
    }
    void edit(const RecordId& record, const std::string& kind, schema::Fields fields) const
    {
        merge::Intent intent;
        intent.id = new_id<IntentId>(system_clock().now(), system_random());
        intent.record = record;
        intent.kind = kind;
        intent.steps = {{{}, {}, false, std::move(fields)}};
        REQUIRE(hub->apply(std::span{&intent, 1}, {}).front().has_value());
    }
    void replace(const std::string& file, const std::string& what, const std::string& by) const
    {
        std::ifstream in{files / file, std::ios::binary};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto at = text.find(what);
        REQUIRE(at != std::string::npos);
        std::ofstream{files / file, std::ios::binary} << text.replace(at, what.size(), by);
    }
    [[nodiscard]] std::string field(const RecordId& record, std::string_view name) const { return schema::text_of(hub->record(record).value(), name); }

    testing::TempFolder folder;
    std::filesystem::path files = folder / "northwind";
    std::unique_ptr<Hub> hub;
};

int sum(const ImportReport& report, int ImportCount::*what)
{
    int all = 0;
    for (const auto& [kind, count] : report.counts) all += count.*what;
    return all;
}

const RecordId alfki = id_from_name<RecordId>("northwind", "customer ALFKI");

} // namespace

TEST_CASE("an import makes all records once, and a second one changes nothing", "[import]")
{
    const World world;
    const auto first = world.import();
    CHECK(sum(first, &ImportCount::created) == 9 + 4 + 53 + 91 + 91 + 77 + 830 + 2155);
    CHECK(first.broken.empty());
    CHECK(world.hub->count("account") == 91);
    CHECK(world.hub->count("order") == 830);
    CHECK(world.field(alfki, "name") == "Alfreds Futterkiste");
    const auto read = read_northwind(world.files).value();
    for (const auto& one : read.records) REQUIRE(exchange::texts_of(world.hub->record(one.record.id).value()) == exchange::texts_of(one.record));

    const auto second = world.import();
    CHECK(sum(second, &ImportCount::created) == 0);
    CHECK(sum(second, &ImportCount::changed) == 0);
    CHECK(sum(second, &ImportCount::unchanged) == sum(first, &ImportCount::created));
}

TEST_CASE("what people have edited since is left as they made it", "[import]")
{
    const World world;
    static_cast<void>(world.import());
    const auto rockville = Directory{*world.hub}.find_territory("Rockville").value();
    const auto nancy = Directory{*world.hub}.find_person("Nancy").value();
    world.edit(alfki, "account", {{"phone", "030-1"}});
    REQUIRE(Directory{*world.hub}.assign(rockville, nancy).has_value());
    CHECK(sum(world.import(), &ImportCount::changed) == 0);
    CHECK(world.field(alfki, "phone") == "030-1");
    CHECK(schema::reference_of(world.hub->record(rockville).value(), "holder") == nancy);
}

TEST_CASE("what the files have changed since is taken over, field by field", "[import]")
{
    const World world;
    static_cast<void>(world.import());
    world.edit(alfki, "account", {{"phone", "030-1"}});
    world.replace("customers.csv", "Obere Str. 57", "Obere Str. 58");
    world.replace("order-details.csv", "10248,11,14.00,12,0", "10248,11,14.00,13,0");
    const auto report = world.import();
    CHECK(sum(report, &ImportCount::changed) == 3); // the account, the line, and the order that it is part of
    CHECK(world.field(alfki, "street") == "Obere Str. 58");
    CHECK(world.field(alfki, "phone") == "030-1");
    world.replace("customers.csv", "030-0074321,", "NULL,");
    static_cast<void>(world.import());
    CHECK(world.field(alfki, "phone").empty());
}

TEST_CASE("without its memory an import compares with the records alone", "[import]")
{
    const World world;
    static_cast<void>(world.import());
    world.edit(alfki, "account", {{"phone", "030-1"}, {"website", "alfreds.example"}});
    std::filesystem::remove(world.folder / "server" / ImportMemory::file_name);
    CHECK(sum(world.import(), &ImportCount::changed) == 1);
    CHECK(world.field(alfki, "phone") == "030-0074321");
    CHECK(world.field(alfki, "website") == "alfreds.example"); // the files say nothing of it
}

TEST_CASE("a damaged memory stops the import and says so", "[import]")
{
    const World world;
    std::ofstream{world.folder / "server" / ImportMemory::file_name} << "this is no database, and long enough to be looked at as one: " << std::string(4096, 'x');
    const auto memory = ImportMemory::open(world.folder / "server");
    REQUIRE(!memory);
    CHECK(memory.error().code == Errc::storage_damaged);
}

TEST_CASE("a Northwind import is taken back but for what people have edited, and may come again", "[import]")
{
    const World world;
    static_cast<void>(world.import());
    world.edit(alfki, "account", {{"phone", "030-1"}});
    auto memory = ImportMemory::open(world.folder / "server").value();
    const auto report = undo_import(*world.hub, memory, std::nullopt).value();
    REQUIRE(report.kept.size() == 1);
    CHECK(report.kept[0].title == "Alfreds Futterkiste");
    CHECK(report.kept[0].why == "edited since: phone");
    CHECK(world.hub->record(id_from_name<RecordId>("northwind", "customer ANATR")).value().deleted_at.has_value());
    CHECK(!undo_import(*world.hub, memory, std::nullopt));
    static_cast<void>(world.import());
    CHECK(!world.hub->record(id_from_name<RecordId>("northwind", "customer ANATR")).value().deleted_at.has_value());
}

TEST_CASE("broken rows are counted with the records that they would have been", "[import]")
{
    const World world;
    world.replace("customers.csv", "ALFKI,Alfreds Futterkiste", "ALFKI,NULL");
    const auto report = world.import();
    CHECK(world.hub->count("account") == 90);
    CHECK(sum(report, &ImportCount::skipped) == static_cast<int>(report.broken.size()));
    for (const auto& [kind, count] : report.counts) {
        if (kind == "account") CHECK(count.skipped == 1);
        if (kind == "order") CHECK(count.skipped == 6); // its orders
        if (kind == "order line") CHECK(count.skipped == 12);
    }
}
