// What has gone from a device is gone: every page of its replica is decrypted, free ones and the log's included, and searched. A search in an
// encrypted file would prove nothing.
#include "tests/support/company.hpp"
#include "tests/support/sqlcipher_pages.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

schema::Value text(const std::string& value)
{
    return value;
}

/// Words that begin as nothing else does, so that the search index keeps them whole.
constexpr auto kept = "zqkeptcanary";
const std::vector<std::string> gone{"zqnamecanary", "zqcitycanary", "zqnotecanary", "zqreasoncanary", "zqvisitcanary"};

void fill(Company& company, Device& ann)
{
    REQUIRE(ann->set(company.acme, {{"name", text(gone[0])}, {"city", text(gone[1])}, {"notes", text(gone[2])}}, gone[3]).has_value());
    for (int i = 0; i < 60; ++i) // enough to split pages, of tables and of the index
        REQUIRE(ann->add("visit", {{"subject", text(gone[4] + std::to_string(i))}, {"account", company.acme}, {"owner", company.ann}}).has_value());
    REQUIRE(ann->add("task", {{"subject", text(kept)}, {"owner", company.ann}}).has_value());
}

} // namespace

TEST_CASE("after a territory was handed over, no page of the replica holds a word of its records", "[canary]")
{
    Company company;
    const auto with = GENERATE(Device::With::vault, Device::With::no_vault);
    const bool keyed = with == Device::With::vault;
    Device ann{company, "ann", company.ann, {}, with};
    REQUIRE(ann.sync().code == Errc::ok);
    fill(company, ann);
    const auto key = keyed ? ann.vault().unlock({}).value() : Bytes{};
    const auto folder = company.folder("ann") / replica::Replica::file_name;
    for (const auto& word : gone) {
        INFO(word);
        CHECK(clear_bytes(folder, key).find(word) != std::string::npos); // the search finds what is there
    }
    REQUIRE(ann.sync().code == Errc::ok);
    // visits are in the owner's own scope, too: they go with their owner
    for (const auto& id : company.hub().records_of("visit")) company.apply(edit(id, "visit", {{"owner", company.ben}}));
    company.apply(edit(company.north, "territory", {{"holder", company.ben}}));
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK(ann.tally().scopes_purged == 1);

    const auto open = clear_bytes(folder, key);
    CHECK(open.find(kept) != std::string::npos);
    for (const auto& word : gone) {
        INFO(word);
        CHECK(open.find(word) == std::string::npos);
    }
    ann.close();
    const auto closed = clear_bytes(folder, key);
    CHECK(closed.find(kept) != std::string::npos);
    for (const auto& word : gone) CHECK(closed.find(word) == std::string::npos);
}

TEST_CASE("after a customer moved to another territory, no page of the replica holds a word of him", "[canary]")
{
    Company company;
    Device ann{company, "ann", company.ann};
    REQUIRE(ann.sync().code == Errc::ok);
    fill(company, ann);
    REQUIRE(ann.sync().code == Errc::ok);
    const bool is_unsent = GENERATE(true, false); // an edit of him still waits, and goes first
    if (is_unsent) REQUIRE(ann->set(company.acme, {{"phone", text("zqphonecanary")}}).has_value());
    company.apply(edit(company.acme, "account", {{"territory", company.south}}));
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK_FALSE(ann->kind_of(company.acme).has_value());
    const auto left = clear_bytes(company.folder("ann") / replica::Replica::file_name, {});
    CHECK(left.find(kept) != std::string::npos);
    for (const auto& word : gone) {
        INFO(word);
        CHECK(left.find(word) == std::string::npos);
    }
    CHECK(left.find("zqphonecanary") == std::string::npos);
}

TEST_CASE("without its key a device holds not a word of its records, unsent edits included", "[canary]")
{
    Company company;
    Device ann{company, "ann", company.ann, {}, Device::With::vault};
    REQUIRE(ann.sync().code == Errc::ok);
    REQUIRE(ann->set_pin("271828").has_value());
    fill(company, ann);
    auto words = gone;
    for (const auto* word : {kept, "Acme", "Mona", "Widget", "territory", "SQLite format 3"}) words.emplace_back(word);
    const auto search = [&] {
        for (const auto& entry : std::filesystem::directory_iterator{company.folder("ann")}) {
            if (entry.path().filename().string().starts_with(replica::Vault::file_name)) continue; // below
            for (const auto& word : words) {
                INFO(entry.path().filename() << ": " << word);
                CHECK(read_file(entry.path()).find(word) == std::string::npos);
            }
        }
        words.pop_back(); // the vault is a plain database; what it holds of edits is sealed
        for (const auto* file : {"vault.db", "vault.db-wal"})
            for (const auto& word : words) CHECK(read_file(company.folder("ann") / file).find(word) == std::string::npos);
        words.emplace_back("SQLite format 3");
    };
    search();
    ann.close();
    search();
}
