// The device's own copy: saved means durable and searchable, refused means untouched, purged means gone.
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/protocol/running_hash.hpp"
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Fields;

namespace {

schema::Value text(const char* value)
{
    return std::string{value};
}

struct Desk {
    Company company;
    Device ann{company, "ann", company.ann};
    Desk() { REQUIRE(ann.sync().code == Errc::ok); }

    RecordId a_quote()
    {
        return ann->add("quote", {{"account", company.acme}, {"number", text("Q-1")}}).value().record;
    }
    schema::Record shown(const RecordId& id) { return ann->show(id).value().merged.record; }
};

const Fields a_line{{"quantity", std::int64_t{12'000}}, {"unit_price", Money{500, "EUR"}}};

/// Is this text anywhere in the folder's files, as it is?
bool lies_in(const std::filesystem::path& folder, std::string_view canary)
{
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        if (bytes.find(canary) != std::string::npos) return true;
    }
    return false;
}

} // namespace

TEST_CASE("an edit that the server does not take yet is sent again", "[replica]")
{
    Desk desk;
    REQUIRE(desk.ann->set(desk.company.acme, {{"phone", text("1")}}).has_value());
    const auto first = desk.ann->take_outbox(0, 10);
    protocol::v1::Answer not_yet;
    not_yet.set_status(protocol::v1::WAITING);
    const auto settled = desk.ann->settle(first.sequences, std::span{&not_yet, 1});
    CHECK(settled.waiting == 1);
    CHECK(desk.ann->status().unsent == 1);
    CHECK(desk.ann->take_outbox(0, 10).changes.SerializeAsString() == first.changes.SerializeAsString());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->status().unsent == 0);
}

TEST_CASE("what is added is here, found at once and waiting for the server", "[replica]")
{
    Desk desk;
    const auto saved = desk.ann->add("account", {{"name", text("Zephyr 西风贸易")}, {"territory", desk.company.north}}).value();
    CHECK(saved.changed);
    CHECK(desk.shown(saved.record)["name"] == text("Zephyr 西风贸易"));
    CHECK(desk.ann->search("zephyr").size() == 1);
    CHECK(desk.ann->search("贸易").size() == 1);
    REQUIRE(desk.ann->outbox().size() == 1);
    const auto entry = desk.ann->outbox().front();
    CHECK(entry.record == saved.record);
    CHECK(entry.title == "Zephyr 西风贸易");
    CHECK(entry.summary == "name, territory");
    CHECK(desk.ann->show(saved.record).value().unsent);

    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->outbox().empty());
    CHECK_FALSE(desk.ann->show(saved.record).value().unsent);
}

TEST_CASE("setting what a field says already writes nothing", "[replica]")
{
    Desk desk;
    CHECK_FALSE(desk.ann->set(desk.company.acme, {{"name", text("Acme")}}).value().changed);
    CHECK(desk.ann->outbox().empty());
}

TEST_CASE("entries are added, changed and removed, in their order", "[replica]")
{
    Desk desk;
    const auto quote = desk.a_quote();
    const auto first = desk.ann->add_item(quote, "lines", a_line).value();
    const auto second = desk.ann->add_item(quote, "lines", a_line).value();
    REQUIRE(desk.ann->set_item(quote, "lines", first, {{"quantity", std::int64_t{8'000}}}).has_value());
    REQUIRE(desk.ann->remove_item(quote, "lines", second).has_value());
    const auto lines = desk.shown(quote).collections.at("lines");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].id == first);
    CHECK(lines[0].fields.at("quantity") == schema::Value{std::int64_t{8'000}});
    CHECK(lines[1].removed);
    CHECK(desk.ann->set_item(quote, "lines", ChildId{}, {}).error().code == Errc::not_found);
    CHECK(desk.ann->set_item(quote, "rows", first, {}).error().field == "rows");
    CHECK(desk.ann->add_item(quote, "rows", {}).error().code == Errc::bad_argument);
}

TEST_CASE("an edit that breaks a rule is refused with its field and leaves no trace", "[replica]")
{
    Desk desk;
    const auto quote = desk.a_quote();
    REQUIRE(desk.ann.sync().code == Errc::ok);
    const auto before = desk.shown(quote);
    const auto error = [](const auto& result) { return result.has_error() ? result.error() : Error{Errc::ok, {}, {}}; };

    auto unknown = a_line;
    unknown["product"] = desk.company.new_record();
    const auto no_product = error(desk.ann->add_item(quote, "lines", unknown));
    CHECK(no_product.code == Errc::invalid_value);
    CHECK_THAT(no_product.field, Catch::StartsWith("lines/") && Catch::EndsWith("/product"));
    auto not_a_product = a_line;
    not_a_product["product"] = desk.company.acme;
    CHECK_THAT(error(desk.ann->add_item(quote, "lines", not_a_product)).field, Catch::EndsWith("/product"));

    const auto role = error(desk.ann->set(desk.company.acme, {{"credit_limit", Money{5, "EUR"}}}));
    CHECK(role.code == Errc::not_allowed);
    CHECK(role.field == "credit_limit");
    CHECK(error(desk.ann->add("product", {{"name", text("Mine")}})).code == Errc::not_allowed);

    CHECK(error(desk.ann->set(quote, {{"status", text("lost")}})).field == "status");
    CHECK(error(desk.ann->set(quote, {{"valid_until", text("2026-02-30")}})).field == "valid_until");
    CHECK(error(desk.ann->set(quote, {{"discount", std::int64_t{10'001}}})).field == "discount");
    CHECK(error(desk.ann->set(quote, {{"account", schema::Value{}}})).field == "account");
    CHECK(error(desk.ann->set(quote, {{"colour", text("blue")}})).code == Errc::bad_argument);
    CHECK(error(desk.ann->add("quotation", {})).field == "kind");
    CHECK(error(desk.ann->add("quote", {{"number", text("Q-2")}})).field == "account");
    CHECK(error(desk.ann->set(desk.company.new_record(), {})).code == Errc::not_found);

    CHECK(desk.shown(quote) == before);
    CHECK(desk.ann->outbox().empty());
    REQUIRE(desk.ann->set(quote, {{"number", text("Q-9")}}).has_value()); // and the next edit is fine
    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->refused().empty());
}

TEST_CASE("a circle of parts and wholes is refused where it would close, with the field's name", "[replica]")
{
    Desk desk;
    const auto part = [&](const char* name, const RecordId& whole) {
        return desk.ann->add("account", {{"name", text(name)}, {"territory", desk.company.north}, {"parent", whole}}).value().record;
    };
    const auto branch = part("Branch", desk.company.acme);
    const auto shop = part("Shop", branch);
    const auto before = desk.ann->outbox().size();
    for (const auto& below : {desk.company.acme, branch, shop}) {
        const auto closed = desk.ann->set(desk.company.acme, {{"parent", below}, {"phone", text("7")}});
        REQUIRE(closed.has_error());
        CHECK(closed.error().code == Errc::invalid_value);
        CHECK(closed.error().field == "parent");
        CHECK(closed.error().message_zh.find("会形成循环") != std::string::npos);
    }
    CHECK(desk.ann->outbox().size() == before);
    CHECK(desk.ann->set(shop, {{"parent", desk.company.acme}}).has_value()); // to another place in the same tree

    Device mona{desk.company, "mona", desk.company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(mona->set(desk.company.south, {{"parent", desk.company.north}}).has_value());
    CHECK(mona->set(desk.company.north, {{"parent", desk.company.south}}).error().field == "parent");
}

TEST_CASE("what the server would not take for its size is refused before it is said to be saved", "[replica]")
{
    Desk desk;
    const auto reason = desk.ann->set(desk.company.acme, {{"phone", text("1")}}, std::string(2'000, 'r'));
    CHECK(reason.error().code == Errc::too_large);
    CHECK(reason.error().field == "reason");
    const auto note = desk.ann->set(desk.company.acme, {{"notes", std::string(60'000, 'n')}, {"phone", text("1")}});
    CHECK(note.error().code == Errc::too_large);
    CHECK(note.error().field == "notes");
    CHECK(desk.ann->outbox().empty());
    REQUIRE(desk.ann->set(desk.company.acme, {{"notes", std::string(4'000, 'n')}}).has_value());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->refused().empty());
}

TEST_CASE("who, when and what stands in the history", "[replica]")
{
    Desk desk;
    desk.company.clock().advance(std::chrono::hours{5});
    REQUIRE(desk.ann->set(desk.company.acme, {{"phone", text("030 1")}}, "they moved").has_value());
    const auto check = [&] {
        const auto history = desk.ann->history(desk.company.acme).value();
        REQUIRE(history.size() == 2);
        const auto& last = history.back();
        REQUIRE(last.by.has_value());
        CHECK(last.person_name == "Ann");
        CHECK(last.by->reason == "they moved");
        CHECK(last.by->when() == desk.company.clock().now());
        REQUIRE(last.sets.size() == 1);
        CHECK(last.sets[0].path == "phone");
        CHECK(last.sets[0].value == "030 1");
    };
    check();
    CHECK_FALSE(desk.ann->history(desk.company.acme).value().back().by->received_at.has_value());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    check();
    CHECK(desk.ann->history(desk.company.acme).value().back().by->received_at.has_value());
}

TEST_CASE("a record is shown as it was at any moment", "[replica]")
{
    Desk desk;
    auto& clock = desk.company.clock();
    const auto before = clock.now();
    clock.advance(std::chrono::hours{1});
    const auto id = desk.ann->add("visit", {{"subject", text("first")}, {"account", desk.company.acme}}).value().record;
    const auto made = clock.now();
    clock.advance(std::chrono::hours{1});
    REQUIRE(desk.ann->set(id, {{"subject", text("second")}}).has_value());
    clock.advance(std::chrono::hours{1});
    REQUIRE(desk.ann->set(id, {{"subject", text("third")}, {"notes", text("long talk")}}).has_value());
    CHECK(desk.ann->as_of(id, before).error().code == Errc::not_found);
    CHECK(desk.ann->as_of(id, made).value()["subject"] == text("first"));
    CHECK(desk.ann->as_of(id, made + std::chrono::minutes{90}).value()["subject"] == text("second"));
    CHECK(schema::is_empty(desk.ann->as_of(id, made + std::chrono::minutes{90}).value()["notes"]));
    CHECK(desk.ann->as_of(id, clock.now()).value() == desk.shown(id));
}

TEST_CASE("values that two wrote apart are shown with who and when until one is chosen with a reason", "[replica]")
{
    Desk desk;
    const auto quote = desk.a_quote();
    const auto line = desk.ann->add_item(quote, "lines", a_line).value();
    REQUIRE(desk.ann.sync().code == Errc::ok);
    Device second{desk.company, "second", desk.company.ann};
    REQUIRE(second.sync().code == Errc::ok);
    REQUIRE(desk.ann->set_item(quote, "lines", line, {{"quantity", std::int64_t{12'500}}}).has_value());
    REQUIRE(second->set_item(quote, "lines", line, {{"quantity", std::int64_t{8'000}}}).has_value());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    REQUIRE(second.sync().code == Errc::ok);
    REQUIRE(desk.ann.sync().code == Errc::ok);

    const auto path = "lines/" + line.text() + "/quantity";
    for (auto* device : {&desk.ann, &second}) {
        const auto conflicts = (*device)->conflicts();
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts.front().path == path);
        CHECK(conflicts.front().needs_person);
        REQUIRE(conflicts.front().candidates.size() == 2);
        for (const auto& candidate : conflicts.front().candidates) CHECK(candidate.person_name == "Ann");
        CHECK((*device)->status().conflicts_open == 1);
    }
    const auto chosen = desk.ann->conflicts().front().candidates.front().value; // the one that shows: choosing it settles it, too
    CHECK(desk.ann->resolve(quote, "number", text("Q"), "no conflict here").error().code == Errc::not_found);
    REQUIRE(desk.ann->resolve(quote, path, chosen, "asked the customer").value().changed);
    CHECK(desk.ann->conflicts().empty());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    REQUIRE(second.sync().code == Errc::ok);
    CHECK(second->conflicts().empty());
    CHECK(second->status().conflicts_open == 0);
    CHECK(second->history(quote).value().back().by->reason == "asked the customer");
}

TEST_CASE("a replica that is opened again has everything, and goes on", "[replica]")
{
    Desk desk;
    const auto quote = desk.a_quote();
    for (int i = 0; i < 150; ++i) // more than a tail holds before it is folded
        REQUIRE(desk.ann->set(quote, {{"number", "Q-" + std::to_string(i)}}).has_value());
    const auto before = desk.shown(quote);
    desk.ann.close();
    desk.ann.open();
    CHECK(desk.shown(quote) == before);
    CHECK(desk.ann->outbox().size() == 151);
    CHECK(desk.ann->history(quote).value().size() == 151);
    CHECK(desk.ann->search("Q-149").size() == 1);
    REQUIRE(desk.ann->set(quote, {{"number", text("Q-last")}}).has_value());
    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->status().unsent == 0);
    CHECK(desk.company.hub().record(quote).value()["number"] == text("Q-last"));
}

TEST_CASE("a folder is one process's at a time", "[replica]")
{
    Desk desk;
    replica::Replica::Options options;
    options.folder = desk.company.folder("ann");
    CHECK(replica::Replica::open(options).error().code == Errc::storage_busy);
    CHECK(desk.ann->set(desk.company.acme, {{"phone", text("1")}}).has_value());
    desk.ann.close();
    CHECK(replica::Replica::open(options).has_value());
}

TEST_CASE("a replica of a newer version is refused and not touched", "[replica]")
{
    Desk desk;
    desk.ann.close();
    {
        auto db = storage::Database::open({desk.company.folder("ann") / replica::Replica::file_name, false, {}, {}}).value();
        db.execute("PRAGMA user_version = 1000");
    }
    replica::Replica::Options options;
    options.folder = desk.company.folder("ann");
    CHECK(replica::Replica::open(options).error().code == Errc::newer_file);
}

TEST_CASE("a device that is not enrolled saves nothing and says so", "[replica]")
{
    TempFolder folder;
    replica::Replica::Options options;
    options.folder = folder.path();
    auto replica = replica::Replica::open(options).value();
    CHECK(replica->add("task", {{"subject", text("x")}}).error().code == Errc::not_enrolled);
}

TEST_CASE("a purge leaves not one byte of what was withdrawn", "[replica]")
{
    Desk desk;
    Device mona{desk.company, "mona", desk.company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    const auto canary = [](const char* word, int i) { return std::string{"canary"} + word + std::to_string(i); };
    std::vector<RecordId> accounts;
    for (int i = 0; i < 40; ++i) {
        accounts.push_back(desk.ann->add("account", {{"name", canary("Name", i)}, {"territory", desk.company.north}, {"notes", canary("Note", i)}}).value().record);
        REQUIRE(desk.ann->add("visit", {{"subject", canary("Visit", i)}, {"account", accounts.back()}}, canary("Reason", i)).has_value());
    }
    const auto task = desk.ann->add("task", {{"subject", text("keepMeHere")}, {"owner", desk.company.ann}}).value().record;
    REQUIRE(desk.ann.sync().code == Errc::ok);
    REQUIRE(desk.ann->set(accounts[3], {{"phone", text("canaryPhone3")}}).has_value()); // saved, not sent
    REQUIRE(lies_in(desk.company.folder("ann"), "canaryName7"));

    REQUIRE(mona->set(desk.company.north, {{"holder", desk.company.ben}}).has_value());
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann.tally().late == 1);
    CHECK(desk.ann.tally().scopes_purged == 1);
    CHECK_FALSE(lies_in(desk.company.folder("ann"), "canary"));
    CHECK_FALSE(lies_in(desk.company.folder("ann"), "Acme"));
    CHECK(lies_in(desk.company.folder("ann"), "keepMeHere"));
    CHECK(desk.shown(task)["subject"] == text("keepMeHere"));
    CHECK(desk.ann->search("canary").empty());
    CHECK(desk.company.hub().record(accounts[3]).value()["phone"] == text("canaryPhone3"));
}

TEST_CASE("a replica with a key shows nothing to who reads its files, and refuses another key", "[replica]")
{
    Company company;
    const Bytes key(32, std::byte{7});
    Device ann{company, "keyed", company.ann, key};
    REQUIRE(ann.sync().code == Errc::ok);
    REQUIRE(ann->set(company.acme, {{"phone", text("canaryPhone")}}, "canaryReason").has_value());
    for (const auto* word : {"canaryPhone", "canaryReason", "Acme", "SQLite format", "territory"}) {
        INFO(word);
        CHECK_FALSE(lies_in(company.folder("keyed"), word));
    }
    ann.close();
    replica::Replica::Options options;
    options.folder = company.folder("keyed");
    options.key = Bytes(32, std::byte{8});
    CHECK(replica::Replica::open(options).error().code == Errc::storage_damaged);
    options.key.clear();
    CHECK(replica::Replica::open(options).error().code == Errc::storage_damaged);
    options.key = key;
    CHECK(replica::Replica::open(options).value()->search("canaryPhone").size() == 1);
}

TEST_CASE("a withdrawn record that still has edits to send is hidden meanwhile", "[replica]")
{
    Desk desk;
    REQUIRE(desk.ann->set(desk.company.acme, {{"phone", text("1")}}).has_value());
    v1::Grants grants;
    grants.set_epoch(99);
    grants.add_scopes(protocol::to_field(schema::ScopeId::company().bytes()));
    CHECK(desk.ann->adopt_grants(grants).withdrawn);
    CHECK(desk.ann->show(desk.company.acme).error().code == Errc::not_found);
    CHECK(desk.ann->set(desk.company.acme, {{"phone", text("2")}}).error().code == Errc::not_found);
    CHECK(desk.ann->search("Acme").empty());
    CHECK(desk.ann->outbox().size() == 1);
    CHECK(desk.ann->add("visit", {{"subject", text("x")}, {"account", desk.company.acme}}).error().field == "account");

    grants.add_scopes(protocol::to_field(schema::ScopeId::territory(desk.company.north).bytes()));
    (void)desk.ann->adopt_grants(grants); // given back: it is there again, with the edit
    CHECK(desk.shown(desk.company.acme)["phone"] == text("1"));
    CHECK(desk.ann->search("Acme").size() == 1);
}

TEST_CASE("while an edit waits only its own record stays of what was withdrawn, and all comes back with the scope", "[replica]")
{
    Desk desk;
    const auto quiet = desk.ann->add("account", {{"name", text("canaryQuiet")}, {"territory", desk.company.north}}).value().record;
    REQUIRE(desk.ann.sync().code == Errc::ok);
    REQUIRE(desk.ann->set(desk.company.acme, {{"phone", text("1")}}).has_value());
    v1::Grants grants;
    grants.set_epoch(99);
    grants.add_scopes(protocol::to_field(schema::ScopeId::company().bytes()));
    REQUIRE(desk.ann->adopt_grants(grants).withdrawn);
    desk.ann->let_go();
    desk.ann->scrub_if_due(); // as a connection does once it is quiet
    CHECK_FALSE(desk.ann->kind_of(quiet).has_value());
    CHECK_FALSE(lies_in(desk.company.folder("ann"), "canaryQuiet"));
    CHECK(desk.ann->kind_of(desk.company.acme).has_value());
    CHECK(desk.ann->outbox().size() == 1);
    CHECK(desk.ann->adopt_grants(grants).withdrawn); // still asked about: the device has confirmed nothing

    REQUIRE(desk.ann.sync().code == Errc::ok); // the server has withdrawn nothing
    CHECK(desk.shown(quiet)["name"] == text("canaryQuiet"));
    CHECK(desk.shown(desk.company.acme)["phone"] == text("1"));
    CHECK(desk.ann->status().unsent == 0);
}

TEST_CASE("a record that moved away while edits of it wait is hidden until they are answered, and then goes", "[replica]")
{
    Desk desk;
    const auto acme = desk.company.acme;
    // The first connection brings the move and ends before the edit's answer comes: as with a link that is cut there.
    desk.company.apply(edit(acme, "account", {{"territory", desk.company.south}}));
    Connection reading{desk.company};
    v1::ClientFrame hello;
    *hello.mutable_hello() = desk.ann->hello();
    for (const auto& frame : reading.send(hello)) {
        if (!frame.has_page()) continue;
        REQUIRE(desk.ann->set(acme, {{"phone", text("4711")}}).has_value());
        REQUIRE(desk.ann->store_page(frame.page()).has_value());
    }
    REQUIRE(desk.ann->outbox().size() == 1);
    CHECK(desk.ann->show(acme).error().code == Errc::not_found);
    CHECK(desk.ann->search("Acme").empty());
    CHECK(desk.ann->set(acme, {{"phone", text("2")}}).error().code == Errc::not_found);
    CHECK(desk.ann.sync().code == Errc::ok);
    CHECK(desk.ann->outbox().empty());
    CHECK(desk.ann.tally().late == 1);
    CHECK_FALSE(desk.ann->kind_of(acme));
}

TEST_CASE("a record of a type that only a newer app knows is kept, told of, and blocks nothing", "[replica]")
{
    Desk desk;
    const auto territory = schema::ScopeId::territory(desk.company.new_record());
    const auto id = desk.company.new_record();
    automerge::Document drone;
    const std::pair<std::string, automerge::Scalar> mark{"kind", std::string{"drone"}};
    const auto genesis = automerge::Document::genesis(merge::genesis_actor(), {}, {}, std::span{&mark, 1}).value();
    drone.apply(std::vector<ByteView>{genesis.bytes}).value();
    ActorId actor;
    actor.bytes.fill(std::byte{7});
    const std::vector<automerge::Edit> born{{{"id"}, automerge::Edit::Put{id.text()}}, {{"name"}, automerge::Edit::Put{std::string{"Hawk"}}}};
    (void)drone.commit(actor, born).value();
    const auto saved = drone.save().value();

    protocol::v1::RecordList list;
    auto& whole = *list.add_records();
    whole.set_document(protocol::to_field(id));
    whole.set_saved(protocol::to_field(saved));
    protocol::v1::Pack pack;
    pack.set_scope(protocol::to_field(territory.bytes()));
    pack.set_running_hash(protocol::to_field(Hash{}));
    pack.set_first(true);
    pack.set_last(true);
    protocol::fill(pack, list);
    CHECK(desk.ann->store_pack(pack).value() == 1);
    CHECK(desk.ann->kind_of(id) == "drone");
    CHECK(desk.ann->show(id).error().code == Errc::unsupported_version);
    CHECK(desk.ann->set(id, {{"name", text("Owl")}}).error().code == Errc::unsupported_version);

    const automerge::Edit edit{{"name"}, automerge::Edit::Put{std::string{"Kite"}}};
    const auto change = drone.commit(actor, std::span{&edit, 1}).value().value();
    protocol::v1::EntryList entries;
    auto& entry = *entries.add_entries();
    entry.set_kind(protocol::v1::Entry::CHANGE);
    entry.set_document(protocol::to_field(id));
    entry.set_change(protocol::to_field(change.bytes));
    *entry.mutable_by() = merge::to_frame({desk.company.ann, new_id<DeviceId>(desk.company.clock().now(), desk.company.chance()), {}, {}, Time{}, {}, {}, false});
    protocol::v1::Page page;
    page.set_scope(pack.scope());
    page.set_first_seq(1);
    page.set_running_hash(protocol::to_field(protocol::extend(Hash{}, {entry.kind(), id, change.hash}, &entry.by())));
    protocol::fill(page, entries);
    CHECK(desk.ann->store_page(page).value() == 1);
    CHECK(desk.ann.sync().code == Errc::ok);
}
