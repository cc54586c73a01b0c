// Files of records: they arrive over any link, whole or not at all, for those who may see the record, and go with it.
#include "shared/schema/attachment.hpp"
#include "shared/storage/database.hpp"
#include "tests/support/office.hpp"

#include <fmt/format.h>

#include <fstream>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

Bytes a_photo(std::size_t size, unsigned seed)
{
    Bytes bytes(size);
    simulation::Chance chance{seed};
    chance.fill(bytes);
    return bytes;
}

struct Photographed {
    Office office;
    RecordId visit = office.ann->add("visit", {{"subject", text("With a photo")}, {"account", office.company.acme}}).value().record;

    Hash attach(ByteView bytes)
    {
        REQUIRE(office.ann->attach(visit, "photo.jpg", "image/jpeg", bytes).has_value());
        return sha256(bytes);
    }
    std::filesystem::path stored(const Hash& hash) const
    {
        const auto name = hash.hex();
        return office.company.server_folder() / "attachments" / name.substr(0, 2) / name.substr(2);
    }
};

Bytes contents(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return to_bytes(as_bytes(text));
}

v1::Part ask(Connection& connection, const RecordId& record, const Hash& file)
{
    v1::ClientFrame frame;
    frame.mutable_ask_part()->set_document(protocol::to_field(record));
    frame.mutable_ask_part()->set_sha256(protocol::to_field(file));
    frame.mutable_ask_part()->set_bytes_max(protocol::part_bytes_max);
    return connection.send(frame).front().part();
}

} // namespace

TEST_CASE("a file comes to the server with its record, and from there to whoever may see it and asks", "[attachment]")
{
    Photographed world;
    auto& office = world.office;
    const auto photo = a_photo(700'000, 1);
    const auto hash = world.attach(photo);
    REQUIRE(office.ann->status().files_to_send == 1);
    REQUIRE(office.ann->attachment(world.visit, hash).value() == photo);
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann->status().files_to_send == 0);
    REQUIRE(contents(world.stored(hash)) == photo);

    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.mona->attachment(world.visit, hash).error().code == Errc::not_found); // it names one, and has not fetched it
    REQUIRE(office.mona->want_attachment(world.visit, hash).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.mona->attachment(world.visit, hash).value() == photo);
}

TEST_CASE("the same file in two records is sent once and stored once", "[attachment]")
{
    Photographed world;
    auto& office = world.office;
    const auto photo = a_photo(50'000, 2);
    const auto hash = world.attach(photo);
    const auto other = office.ann->add("visit", {{"subject", text("Another")}, {"account", office.company.acme}}).value().record;
    REQUIRE(office.ann->attach(other, "again.jpg", "image/jpeg", photo).has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann->status().files_to_send == 0);
    std::size_t files = 0;
    for (const auto& one : std::filesystem::recursive_directory_iterator{office.company.server_folder() / "attachments"}) files += one.is_regular_file();
    REQUIRE(files == 1);
    REQUIRE(office.ann->attachment(other, hash).value() == photo);
    REQUIRE(office.mona.sync().code == Errc::ok); // and it is there for both
    for (const auto& visit : {world.visit, other}) REQUIRE(office.mona->want_attachment(visit, hash).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    for (const auto& visit : {world.visit, other}) REQUIRE(office.mona->attachment(visit, hash).value() == photo);
}

TEST_CASE("who may not see a record gets the same answer for its file as for one that does not exist", "[attachment]")
{
    Photographed world;
    auto& company = world.office.company;
    const auto hash = world.attach(a_photo(10'000, 3));
    REQUIRE(world.office.ann.sync().code == Errc::ok);
    Device ben{company, "ben", company.ben};
    auto connection = greet(company, ben);
    const auto forbidden = ask(connection, world.visit, hash);
    auto unknown = ask(connection, company.new_record(), hash);
    unknown.set_document(forbidden.document());
    REQUIRE(forbidden.code() == "not_found");
    REQUIRE(forbidden.SerializeAsString() == unknown.SerializeAsString());
    const auto other_record = ask(connection, company.bolt, hash); // his own record, which does not name it
    REQUIRE(other_record.code() == "not_found");
    REQUIRE(other_record.data().empty());
    v1::ClientFrame frame;
    frame.mutable_put_part()->set_document(protocol::to_field(world.visit));
    frame.mutable_put_part()->set_sha256(protocol::to_field(hash));
    REQUIRE(connection.send(frame).front().part_kept().code() == "not_found");
}

TEST_CASE("who knows a file's hash and names it in a record of his own does not get the file", "[attachment]")
{
    Photographed world;
    auto& company = world.office.company;
    const auto photo = a_photo(10'000, 7);
    const auto hash = world.attach(photo);
    REQUIRE(world.office.ann.sync().code == Errc::ok);
    Device ben{company, "ben", company.ben};
    REQUIRE(ben.sync().code == Errc::ok);
    const auto visit = ben->add("visit", {{"subject", text("His own")}, {"account", company.bolt}}).value().record;
    REQUIRE(ben->add_item(visit, schema::attachments_collection, {{"name", text("stolen.jpg")}, {"size", std::int64_t{10'000}}, {"sha256", hash.hex()}}).has_value());
    REQUIRE(ben.sync().code == Errc::ok);
    auto connection = greet(company, ben);
    CHECK(ask(connection, visit, hash).code() == "not_found");
    // What Ann has begun he cannot end either, and what he sends is looked at.
    v1::ClientFrame frame;
    auto& put = *frame.mutable_put_part();
    put.set_document(protocol::to_field(visit));
    put.set_sha256(protocol::to_field(hash));
    CHECK_FALSE(connection.send(frame).front().part_kept().stored());
    put.set_data(std::string(photo.size(), 'x'));
    CHECK(connection.send(frame).front().part_kept().code() == "hash_conflict");
    CHECK(ask(connection, visit, hash).code() == "not_found");
    CHECK(contents(world.stored(hash)) == photo);
    // If he has it, too, it is his record's.
    put.set_data(protocol::to_field(ByteView{photo}));
    CHECK(connection.send(frame).front().part_kept().stored());
    CHECK(ask(connection, visit, hash).data() == protocol::to_field(ByteView{photo}));
}

TEST_CASE("a file that is not what its hash says is not kept", "[attachment]")
{
    Photographed world;
    auto& company = world.office.company;
    const auto photo = a_photo(10'000, 4);
    const auto hash = world.attach(photo);
    for (const auto& answer : [&] {
             auto connection = greet(company, world.office.ann);
             const auto answers = connection.push(outgoing(world.office.ann)); // the record, and not the file
             v1::ClientFrame frame;
             frame.mutable_put_part()->set_document(protocol::to_field(world.visit));
             frame.mutable_put_part()->set_sha256(protocol::to_field(hash));
             frame.mutable_put_part()->set_data(std::string(photo.size(), 'x'));
             REQUIRE(connection.send(frame).front().part_kept().code() == "hash_conflict");
             return answers;
         }())
        REQUIRE(answer.status() == v1::ACCEPTED);
    REQUIRE_FALSE(std::filesystem::exists(world.stored(hash)));
    REQUIRE(world.office.ann.sync().code == Errc::ok);
    REQUIRE(contents(world.stored(hash)) == photo);
}

TEST_CASE("a file goes with its record, once the server has it", "[attachment]")
{
    Photographed world;
    auto& office = world.office;
    REQUIRE(office.ann.sync().code == Errc::ok);
    const auto photo = a_photo(300'000, 5);
    const auto hash = world.attach(photo);
    office.give_north_to(office.company.ben);
    for (int i = 0; i < 3; ++i) REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(contents(world.stored(hash)) == photo); // what she attached before she knew arrives
    REQUIRE_FALSE(office.ann->kind_of(world.visit).has_value());
    office.ann.close();
    const auto file = contents(office.company.folder("ann") / replica::Replica::file_name);
    const auto some = ByteView{photo}.subspan(1'000, 64);
    REQUIRE(std::search(file.begin(), file.end(), some.begin(), some.end()) == file.end());
}

TEST_CASE("a file whose edit came too late is kept with that edit, and does not hold back its record", "[attachment]")
{
    Photographed world;
    auto& office = world.office;
    REQUIRE(office.ann.sync().code == Errc::ok);
    const auto photo = a_photo(20'000, 8);
    const auto hash = world.attach(photo);
    office.give_north_to(office.company.ben);
    let_go_by_a_copy(office.company, office.ann);
    for (int i = 0; i < 2; ++i) REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->refused().size() == 1);
    CHECK(office.ann->status().files_to_send == 0);
    CHECK_FALSE(office.ann->kind_of(world.visit).has_value());
    CHECK(contents(world.stored(hash)) == photo);

    auto& hub = office.company.hub();
    REQUIRE(hub.release(hub.kept_edits().front().number(), {office.company.mona, {}}).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.mona->want_attachment(world.visit, hash).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    CHECK(office.mona->attachment(world.visit, hash).value() == photo);
}

namespace {

/// A visit with a photo, which come too late: the server refuses the one, and the other is stranded on it.
struct TooLate {
    Office office;
    Bytes photo = a_photo(20'000, 10);
    RecordId visit;
    TooLate()
    {
        office.give_north_to(office.company.ben);
        let_go_by_a_copy(office.company, office.ann);
        visit = office.ann->add("visit", {{"subject", text("Too late")}, {"account", office.company.acme}}).value().record;
        REQUIRE(office.ann->attach(visit, "photo.jpg", "image/jpeg", photo).has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        REQUIRE(office.ann->refused().size() == 2);
        REQUIRE(office.ann->status().files_to_send == 1); // the server does not know yet what was stranded here
    }
};

} // namespace

TEST_CASE("a file of an edit that was stranded on a refused new record arrives, and is there when both are released", "[attachment]")
{
    TooLate world;
    auto& office = world.office;
    auto& hub = office.company.hub();
    const auto creation = hub.kept_edits().front().number();
    const auto release = [&] { REQUIRE(hub.release(creation, {office.company.mona, {}}).has_value()); };
    const auto send = [&] {
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->status().files_to_send == 0);
    };
    SECTION("sent first")
    {
        send();
        release();
    }
    SECTION("released first")
    {
        release();
        send();
    }
    REQUIRE(hub.kept_edits().empty());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.mona->want_attachment(world.visit, sha256(world.photo)).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    CHECK(office.mona->attachment(world.visit, sha256(world.photo)).value() == world.photo);
}

TEST_CASE("a file of a refused edit that its user gives up is no longer waited for", "[attachment]")
{
    TooLate world;
    auto& ann = world.office.ann;
    for (const auto& edit : ann->refused()) REQUIRE(ann->drop(edit.intent).has_value());
    for (int i = 0; i < 2; ++i) REQUIRE(ann.sync().code == Errc::ok);
    CHECK(ann->status().files_to_send == 0);
}

TEST_CASE("a file whose edit was never saved is dropped, and does not hold back its record", "[attachment]")
{
    Office office;
    const auto photo = a_photo(20'000, 9);
    office.ann.close();
    { // where the program ends between the two: the file is kept first
        auto db = storage::Database::open({.path = office.company.folder("ann") / replica::Replica::file_name}).value();
        const auto hash = sha256(photo);
        storage::Transaction transaction{db};
        db.statement("INSERT INTO attachment (document, hash, size, to_send, wanted) SELECT num, :hash, :size, 1, 0 FROM document WHERE id = :id")
            .bind(":hash", hash)
            .bind(":size", static_cast<std::int64_t>(photo.size()))
            .bind(":id", office.company.acme)
            .run();
        db.statement("INSERT INTO attachment_part (hash, position, bytes) VALUES (:hash, 0, :bytes)").bind(":hash", hash).bind(":bytes", ByteView{photo}).run();
        transaction.commit();
    }
    office.ann.open();
    REQUIRE(office.ann->status().files_to_send == 1);
    office.give_north_to(office.company.ben);
    for (int i = 0; i < 2; ++i) REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->status().files_to_send == 0);
    CHECK_FALSE(office.ann->kind_of(office.company.acme).has_value());
}

TEST_CASE("a first push of 200 edits arrives over a link that is cut every 20 KB", "[attachment]")
{
    Office office;
    std::vector<RecordId> visits;
    for (unsigned i = 0; i < 200; ++i)
        visits.push_back(office.ann->add("visit", {{"subject", fmt::format("Visit {}", i)}, {"account", office.company.acme}, {"notes", to_hex(a_photo(300, i + 1))}}).value().record);
    int connections = 0;
    while (office.ann->status().unsent > 0) {
        REQUIRE(++connections < 100);
        sync_until_cut(office.company, office.ann, 20'000);
    }
    CHECK(connections > 1); // or the link would never have been cut
    for (const auto& visit : visits) CHECK(office.company.hub().record(visit).has_value());
    CHECK(office.company.hub().count("visit") == 200);
    CHECK(office.ann->status().refused == 0);
}

TEST_CASE("200 files of 300 KB arrive over a link that is cut every 20 KB", "[attachment]")
{
    Photographed world;
    auto& office = world.office;
    std::vector<Hash> hashes;
    int connections = 0;
    for (unsigned i = 0; i < 200; ++i) {
        hashes.push_back(world.attach(a_photo(300'000, 100 + i)));
        while (i % 20 == 19 && office.ann->has_files_waiting()) { // twenty at a time, as a day's work brings them
            REQUIRE(++connections < 20'000);
            sync_until_cut(office.company, office.ann, 20'000);
        }
    }
    for (unsigned i = 0; i < 200; ++i) {
        REQUIRE(sha256(contents(world.stored(hashes[i]))) == hashes[i]);
    }
    INFO("connections: " << connections);
    CHECK(connections > 2'000);
}
