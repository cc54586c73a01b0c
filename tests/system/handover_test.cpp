// A territory changes hands while its old holder is away, with the real programs: what is said before, what arrives, what is left.
#include "mobile-app/replica/open.hpp"
#include "tests/support/running_office.hpp"
#include "tests/support/sqlcipher_pages.hpp"

#include <fmt/format.h>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::RunningOffice;

namespace {

constexpr std::size_t moved_count = 7, kept_count = 5;

/// Everything that lies on the device's disk, its database decrypted page by page.
std::string bytes_of(const std::filesystem::path& folder)
{
    replica::Vault::Options options;
    options.folder = folder;
    const auto key = replica::Vault::open(options).value()->unlock({}).value();
    return testing::clear_bytes(folder / replica::Replica::file_name, key);
}

std::string photo_text(std::size_t i)
{
    std::string bytes;
    while (bytes.size() < 30'000) bytes += fmt::format("zqphoto{} ", i);
    return bytes;
}

/// Mona leads W and Z; W holds West with 7 customers and East with 5, each of the 7 with a visit, its photo, and an opportunity.
struct Company {
    RunningOffice office;
    std::string mona = office.add_person("Mona", "manager"), w = office.add_person("Will", "rep", "Mona"), z = office.add_person("Zoe", "rep", "Mona");
    std::string west, east;
    std::vector<std::string> moved, kept, deals, visits;

    Company()
    {
        office.enrol("boss", "Mona");
        west = added(fmt::format("add territory name=West holder={}", w), "boss");
        east = added(fmt::format("add territory name=East holder={}", w), "boss");
        REQUIRE(office.device("boss", {"sync"}).status == 0);
        office.enrol("phone", "Will");
        for (std::size_t i = 0; i < moved_count; ++i) moved.push_back(added(fmt::format("add account name=zqmoved{} territory={}", i, west), "phone"));
        for (std::size_t i = 0; i < kept_count; ++i) kept.push_back(added(fmt::format("add account name=zqkept{} territory={}", i, east), "phone"));
        std::string lines;
        for (std::size_t i = 0; i < moved_count; ++i)
            lines += fmt::format("add opportunity name=zqdeal{} account={} amount='1000 EUR'\nadd visit subject=zqvisit{} account={}\n", i, moved[i], i, moved[i]);
        const auto made = office.batch("phone", lines);
        for (std::size_t i = 0; i < made.size(); ++i) (i % 2 == 0 ? deals : visits).push_back(made[i].at("record"));
        for (std::size_t i = 0; i < moved_count; ++i)
            REQUIRE(office.device("phone", {"attach", visits[i], office.file(fmt::format("photo{}.jpg", i), photo_text(i)), "--name", "photo.jpg"}).status == 0);
        REQUIRE(office.device("phone", {"sync"}).status == 0);
        REQUIRE(office.device("boss", {"sync"}).status == 0);
        office.enrol("desk", "Zoe");
    }
    std::string added(const std::string& line, const std::string& device) const { return office.batch(device, line + "\n").front().at("record"); }
    /// 22 edits on the 7, 18 on the 5, without a network.
    void w_works() const
    {
        std::string lines;
        for (std::size_t i = 0; i < moved_count; ++i)
            lines += fmt::format("set {} phone=zqphone{}\nset {} city=zqcity{}\nset {} amount='{} EUR'\n", moved[i], i, moved[i], i, deals[i], 2000 + i);
        const std::vector<std::string> fields{"phone", "city", "fax", "street"};
        for (std::size_t i = 0; i < 18; ++i) lines += fmt::format("set {} {}=stays{}\n", kept[i % kept_count], fields[i / kept_count], i);
        CHECK(office.batch("phone", lines).size() == 39);
        REQUIRE(office.device("phone", {"attach", visits[0], office.file("late.jpg", photo_text(99))}).status == 0);
        CHECK(office.answer("phone", {"status"}).at("unsent") == 40);
    }
    void z_works() const
    {
        std::string lines;
        for (std::size_t i = 0; i < 6; ++i) lines += fmt::format("set {} industry=trade{}\n", moved[i], i);
        for (std::size_t i = 0; i < 3; ++i) lines += fmt::format("set {} amount='{} EUR'\n", deals[i], 3000 + i);
        CHECK(office.batch("desk", lines).size() == 9);
        CHECK(office.answer("desk", {"sync"}).at("accepted") == 9);
    }
};

} // namespace

TEST_CASE("a manager's device hands a territory over, and 40 edits of its absent holder all arrive", "[handover]")
{
    const Company company;
    const auto& office = company.office;
    company.w_works();
    const auto before = bytes_of(office.folder / "phone");
    for (const auto* word : {"zqmoved3", "zqphone0", "zqphoto3", "zqphoto99"}) CHECK(before.find(word) != std::string::npos);

    const auto preview = office.device("boss", {"reassign", "West", "--to", "Zoe", "--preview"});
    INFO(preview.err);
    REQUIRE(preview.status == 0);
    CHECK_THAT(preview.out, Contains("Will (phone): last contact ") && Contains("had nothing unsent then, may hold unsent work") && Contains("only a preview: nothing was changed"));
    CHECK_THAT(preview.out, Contains("21: account 7, opportunity 7, visit 7") && Contains("7: 7000.00 EUR"));
    const auto vacant = office.run({"admin", "territory", "assign", "West", "--nobody", "--preview"});
    CHECK_THAT(vacant.out, Contains("nobody: it is vacant then") && Contains("21: account 7") && Contains("only a preview: nothing was changed"));
    const auto losing = office.admin({"admin", "territory", "assign", "West", "--nobody", "--preview"}).at("losing");
    CHECK(losing.size() == 2); // Will, and Mona who leads him
    CHECK_THAT(office.run({"admin", "territory", "list"}).out, Contains("West") && !Contains("(vacant)"));
    CHECK(office.device("phone", {"reassign", "West", "--to", "Zoe"}).status == 1); // he does not lead it
    CHECK(office.answer("phone", {"status"}).at("unsent") == 0);                    // and has asked the server: what waited went with that
}

TEST_CASE("what was made before a hand-over was known is taken, marked and receipted, and nothing of it stays with its old holder", "[handover]")
{
    const Company company;
    const auto& office = company.office;
    company.w_works();
    const auto done = office.answer("boss", {"reassign", "West", "--to", "Zoe"});
    CHECK(done.at("done") == true);
    CHECK(done.at("previewed") == true);
    CHECK(done.at("records") == Json{{"account", 7}, {"opportunity", 7}, {"visit", 7}});
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    REQUIRE(office.device("desk", {"sync"}).status == 0);
    company.z_works();

    const auto synced = office.answer("phone", {"sync"}); // Wednesday
    CHECK(synced.at("accepted") == 40);
    CHECK(synced.at("late") == 22);
    CHECK(synced.at("refused") == 0);
    for (const auto* device : {"desk", "boss", "phone"}) REQUIRE(office.device(device, {"sync"}).status == 0);
    CHECK(office.answer("phone", {"receipts"}).at("count") == 22);
    const auto after = bytes_of(office.folder / "phone");
    for (const auto* word : {"zqmoved", "zqdeal", "zqvisit", "zqphone", "zqcity", "zqphoto"}) {
        INFO(word);
        CHECK(after.find(word) == std::string::npos);
    }
    CHECK(after.find("zqkept0") != std::string::npos); // the search finds what is there
    for (std::size_t i = 0; i < kept_count; ++i) CHECK(office.answer("phone", {"show", company.kept[i]}).at("fields").at("phone") == fmt::format("stays{}", i));
    CHECK(office.answer("phone", {"list", "account"}).at("count") == kept_count);

    int late = 0;
    for (const auto* records : {&company.moved, &company.deals, &company.visits})
        for (const auto& id : *records) {
            const auto shown = office.answer("desk", {"show", id, "--history"});
            for (const auto& entry : shown.at("history")) late += entry.at("late") == true && entry.at("person_name") == "Will";
        }
    CHECK(late == 22);
    for (const auto* device : {"desk", "boss"}) {
        const auto conflicts = office.answer(device, {"conflicts"});
        CHECK(conflicts.at("count") == 3);
        for (const auto& conflict : conflicts.at("conflicts")) CHECK(conflict.at("candidates").size() == 2);
    }
    for (std::size_t i = 0; i < moved_count; ++i) CHECK(office.answer("desk", {"show", company.moved[i]}).at("fields").at("phone") == fmt::format("zqphone{}", i));

    // The photos are fetched by who has them now, also the one that came late.
    for (const auto* name : {"photo.jpg", "late.jpg"}) {
        const Words fetch{"fetch", company.visits[0], name, "--to", (office.folder / "fetched").string()};
        CHECK(office.answer("desk", fetch).at("here") == false);
        REQUIRE(office.device("desk", {"sync"}).status == 0);
        CHECK(office.answer("desk", fetch).at("here") == true);
        CHECK(testing::read_file(office.folder / "fetched") == photo_text(std::string_view{name} == "late.jpg" ? 99U : 0U));
    }
    CHECK(office.device("phone", {"fetch", company.visits[0], "photo.jpg", "--to", (office.folder / "none").string()}).status == 1);
}

TEST_CASE("a hand-over is made and taken back on a device, also when the server cannot be reached", "[handover]")
{
    RunningOffice office;
    const auto mona = office.add_person("Mona", "manager"), will = office.add_person("Will", "rep", "Mona"), zoe = office.add_person("Zoe", "rep", "Mona");
    office.enrol("boss", "Mona");
    CHECK(office.batch("boss", fmt::format("add territory name=West holder={}\n", will)).size() == 1);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    const auto never = office.device("boss", {"reassign", "West", "--undo"});
    CHECK(never.status == 1);
    CHECK_THAT(never.err, Contains("no hand-over of this territory to take back"));
    const auto unknown = office.device("boss", {"reassign", "Wset", "--to", "Zoe"});
    CHECK(unknown.status == 1);
    CHECK_THAT(unknown.err, Contains("did you mean 'West'?"));
    CHECK(office.device("boss", {"reassign", "West"}).status == 2);

    office.stop();
    const auto preview = office.device("boss", {"reassign", "West", "--to", "Zoe", "--preview"});
    CHECK(preview.status == 1);
    CHECK_THAT(preview.err, Contains("nothing was changed: a preview needs the server"));
    const auto offline = office.device("boss", {"reassign", "West", "--to", "Zoe"});
    CHECK(offline.status == 0);
    CHECK_THAT(offline.out, Contains("no preview: the server cannot be reached") && Contains("it goes out with the next sync"));
    office.start("server", office.url().substr(std::string_view{"wss://"}.size()));
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    CHECK(office.admin({"admin", "territory", "list"}).at("territories")[0].at("holder").at("name") == "Zoe");

    const auto undone = office.answer("boss", {"reassign", "West", "--undo"});
    CHECK(undone.at("undone") == true);
    CHECK(undone.at("holder").at("name") == "Will");
    const auto again = office.device("boss", {"reassign", "West", "--undo"});
    CHECK(again.status == 1);
    CHECK_THAT(again.err, Contains("taken back already"));
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    const auto at_server = office.run({"admin", "reassign", "West", "--undo"});
    CHECK(at_server.status == 1);
    CHECK_THAT(at_server.err, Contains("taken back already"));

    const auto later = office.device("boss", {"reassign", "West", "--to", "Zoe", "--on", "2099-01-01"});
    CHECK(later.status == 0);
    CHECK_THAT(later.out, Contains("will be handed over on 2099-01-01"));
    CHECK(office.device("boss", {"reassign", "West", "--undo"}).status == 0);
}
