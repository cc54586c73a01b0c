// Files that earlier schema versions wrote: each opens, shows what it showed, sends what was unsent, and takes what is new.
#include "conflict/merge/genesis.hpp"
#include "mobile-app/sync/sync_client.hpp"
#include "shared/protocol/packing.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

constexpr std::size_t file_bytes_max = 4 << 20;

schema::Value text(const char* value)
{
    return std::string{value};
}

void unpack(const std::filesystem::path& packed, const std::filesystem::path& plain)
{
    std::filesystem::create_directories(plain.parent_path());
    std::ifstream in{packed, std::ios::binary};
    REQUIRE(in);
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    std::ofstream{plain, std::ios::binary} << protocol::inflate(bytes, file_bytes_max).value();
}

/// A server and a rep's device as a version left them: one account, its quote of two lines, a visit, an expense report, and a phone
/// number that was changed and not sent.
struct Shipped {
    TempFolder folder;
    std::unique_ptr<server::Hub> hub;
    std::unique_ptr<server::ServerCore> core;
    std::unique_ptr<replica::Replica> rita;

    explicit Shipped(const std::filesystem::path& version)
    {
        unpack(version / "server.db.zst", folder / "server" / server::Hub::file_name);
        unpack(version / "replica.db.zst", folder / "rita" / replica::Replica::file_name);
        server::Hub::Options options;
        options.folder = folder / "server";
        hub = server::Hub::open(options).value();
        core = std::make_unique<server::ServerCore>(*hub);
        rita = replica::Replica::open({.folder = folder / "rita"}).value();
    }

    sync::Tally sync()
    {
        sync::SyncClient client{*rita};
        const auto id = core->connect();
        std::deque<Bytes> up;
        const auto queue = [&](std::vector<Bytes> frames) { up.insert(up.end(), frames.begin(), frames.end()); };
        queue(client.open().value());
        while (!up.empty()) {
            core->receive(id, up.front());
            up.pop_front();
            core->commit_pending();
            for (const auto& output : core->take_output())
                if (output.frame) queue(client.receive(*output.frame));
        }
        CHECK(client.why().code == Errc::ok);
        core->lost(id, client.why());
        return client.tally();
    }

    std::vector<schema::Record> all(std::string_view kind)
    {
        storage::Query query;
        query.kind = kind;
        return rita->list(query).value();
    }
    RecordId only(std::string_view kind)
    {
        const auto records = all(kind);
        REQUIRE(records.size() == 1);
        return records.front().id;
    }
    RecordId person(std::string_view name)
    {
        for (const auto& person : all("person"))
            if (schema::text_of(person, "name") == name) return person.id;
        FAIL("nobody is called " << name);
        return {};
    }
    void apply(const merge::Intent& intent)
    {
        for (const auto& result : hub->apply(std::span{&intent, 1}, person("Ada Admin"))) result.value();
    }
};

std::vector<std::filesystem::path> shipped_versions()
{
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator{std::filesystem::path{ROADBOOK_SOURCE_DIR} / "tests/data"})
        if (entry.path().filename().string().starts_with("schema-")) found.push_back(entry.path());
    return found;
}

} // namespace

TEST_CASE("the file of each shipped schema version opens and goes on", "[upgrade]")
{
    const auto versions = shipped_versions();
    REQUIRE_FALSE(versions.empty());
    const auto version = GENERATE_COPY(from_range(versions));
    CAPTURE(version.filename().string());
    Shipped shipped{version};
    const auto account = shipped.only("account");
    CHECK(shipped.rita->search("西门").size() == 1);
    CHECK(shipped.rita->search("重新报价").size() == 1);
    CHECK(shipped.rita->show(account).value().merged.record["phone"] == text("+49 40 9999"));
    CHECK(shipped.rita->show(shipped.only("quote")).value().merged.record.collections.at("lines").size() == 2);
    REQUIRE(shipped.rita->outbox().size() == 1);

    const auto tally = shipped.sync();
    CHECK(tally.accepted == 1);
    CHECK(shipped.rita->outbox().empty());
    CHECK(shipped.hub->record(account).value()["phone"] == text("+49 40 9999"));
}

TEST_CASE("a record of an older version takes a collection that is new, on the server and on a device that still has the older one", "[upgrade]")
{
    Shipped shipped{std::filesystem::path{ROADBOOK_SOURCE_DIR} / "tests/data/schema-1"};
    const auto territory = shipped.only("territory");
    merge::Intent cover;
    cover.record = territory;
    cover.kind = "territory";
    cover.steps.push_back({"covers",
                           new_id<ChildId>(system_clock().now(), system_random()),
                           true,
                           {{"person", shipped.person("Paul Product")}, {"from", text("2026-12-01")}, {"position", text("a")}}});
    shipped.apply(cover);
    (void)shipped.sync();
    const auto shown = shipped.rita->show(territory).value().merged.record;
    REQUIRE(shown.collections.contains("covers"));
    CHECK(shown.collections.at("covers").front().fields.at("from") == text("2026-12-01"));
    // The link that made the collection is nobody's edit.
    for (const auto& entry : shipped.rita->history(territory).value()) CHECK(entry.by.has_value());
}

TEST_CASE("an edit by an older version of a record that has grown meanwhile is taken, and what is new stays", "[upgrade]")
{
    // An older device builds on the first link only.
    const auto& kind = *schema::find_kind("territory");
    const auto& chain = merge::genesis_of(kind);
    REQUIRE(chain.links.size() > 1);
    automerge::Document older;
    older.apply(std::vector<ByteView>{chain.links.front()}).value();
    ActorId actor;
    system_random().fill(actor.bytes);
    const auto id = new_id<RecordId>(system_clock().now(), system_random());
    const std::vector<automerge::Edit> born{{{"id"}, automerge::Edit::Put{id.text()}}, {{"name"}, automerge::Edit::Put{std::string{"East"}}}};
    const auto creation = older.commit(actor, born).value().value();
    CHECK(merge::kind_of_genesis(creation.deps.front()) == &kind);

    automerge::Document newer = merge::new_document(kind);
    newer.apply(std::vector<ByteView>{creation.bytes}).value();
    ActorId other;
    system_random().fill(other.bytes);
    const std::vector<automerge::Edit> cover{{{"covers", "x"}, automerge::Edit::PutMap{}}};
    (void)newer.commit(other, cover).value();
    const automerge::Edit rename{{"name"}, automerge::Edit::Put{std::string{"Far East"}}};
    const auto renamed = older.commit(actor, std::span{&rename, 1}).value().value();
    newer.apply(std::vector<ByteView>{renamed.bytes}).value();
    CHECK(newer.read().value().root.find("covers")->find("x") != nullptr);
    // Completing the older one makes the same document.
    REQUIRE(merge::complete(older, kind).has_value());
    const auto changes = newer.changes_since({}).value();
    std::vector<ByteView> all;
    for (const auto& change : changes) all.emplace_back(change.bytes);
    older.apply(all).value();
    CHECK(older.heads().value() == newer.heads().value());
}
