// Server and devices are killed with SIGKILL, at whatever they are doing, again and again: real files, sockets and TLS. What a device had said it saved
// must be there afterwards, on every device. ROADBOOK_KILL_ROUNDS and ROADBOOK_KILL_SEED make a longer or another run; packaging/test --long takes 500.
#include "shared/storage/copy_database.hpp"
#include "tests/support/running_office.hpp"

#include <fmt/format.h>

#include <array>
#include <iostream>
#include <map>
#include <random>
#include <set>

using namespace roadbook;
using testing::RunningOffice;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise)
{
    const char* const text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// What a user was told, written down by itself: no code of the product decides what is in it.
struct Confirmed {
    std::string device, record, kind;
    std::string path, value;          ///< a field of the record that was set
    std::string collection, item;     ///< or an item that was added
};

/// An edit that was asked for, and not answered yet.
struct Asked {
    std::string line;
    Confirmed says; ///< without what only the answer tells
};

class Rounds {
public:
    explicit Rounds(std::uint64_t seed) : chance_{seed}
    {
        address_ = office_.url().substr(std::string_view{"wss://"}.size());
        const auto ann = office_.add_person("Ann", "rep", office_.add_person("Mona", "manager"));
        const auto ben = office_.add_person("Ben", "rep", "Mona");
        office_.enrol("mona", "Mona");
        const auto north = made("mona", {"add", "territory", "name=North", "holder=" + ann});
        REQUIRE(office_.device("mona", {"add-item", north, "covers", "person=" + ben, "from=2020-01-01"}).status == 0);
        sync("mona");
        sync("mona"); // she leads the new territory once she has heard so
        for (int i = 0; i < 4; ++i) accounts_.push_back(made("mona", {"add", "account", fmt::format("name=Account {}", i), "territory=" + north}));
        sync("mona");
        office_.enrol("ann", "Ann");
        office_.enrol("ben", "Ben");
        quote_ = made("ann", {"add", "quote", "account=" + accounts_[0], "currency=EUR", "owner=me"});
        for (const auto* name : devices) sync(name);
        for (const auto* name : devices) sync(name);
    }

    /// One kill, while three devices work and sync at once.
    void play()
    {
        ++round_;
        struct Working {
            std::string name;
            std::vector<Asked> asked;
            std::unique_ptr<testing::Process> process;
            std::string said; ///< that was read so far
        };
        std::vector<Working> working;
        for (const auto* name : devices) {
            auto& one = working.emplace_back(Working{name, some_edits(name), {}, {}});
            one.process = std::make_unique<testing::Process>(ROADBOOK_DEVICE, Words{"--data", (office_.folder / name).string(), "batch", "--json", "--keep-going"});
            for (const auto& asked : one.asked) one.process->write(asked.line + "\n");
        }
        const auto victim = below(devices.size() + 2);
        const bool hits_server = victim >= devices.size();
        auto& watched = working[hits_server ? below(devices.size()) : victim];
        watched.said = let_it_work(*watched.process, watched.asked.size());
        if (hits_server) {
            office_.kill();
            office_.start("server", address_);
            ++server_kills;
        } else {
            watched.process->signal(SIGKILL);
            ++device_kills;
        }
        for (auto& one : working) {
            one.process->close_input();
            const auto ended = one.process->wait();
            const bool was_killed = ended.status == -SIGKILL;
            INFO("round " << round_ << ", " << one.name << ": " << ended.err);
            CHECK((was_killed || ended.status == 0 || ended.status == 1));
            note(one.asked, one.said + ended.out, was_killed);
        }
    }

    /// Everybody has everything: nothing that was confirmed is missing, nothing is there twice, and all show the same.
    void check_all()
    {
        std::string newcomer = fmt::format("new{}", round_);
        kill_in_first_sync(newcomer);
        std::vector<std::string> names(devices.begin(), devices.end());
        names.push_back(newcomer);
        for (int turn = 0; turn < 2; ++turn)
            for (const auto& name : names) sync(name);
        std::vector<Json> shown;
        for (const auto& name : names) shown.push_back(everything(name));
        for (std::size_t i = 1; i < names.size(); ++i) {
            INFO(names[i] << " shows something else than " << names[0] << " after round " << round_);
            CHECK(shown[i] == shown[0]);
        }
        check_confirmed(shown[0]);
        check_once(shown[0]);
        CHECK(office_.run({"audit", "verify"}).status == 0);
    }
    void check_files()
    {
        office_.stop();
        CHECK(storage::check_database(std::filesystem::path{office_.data()} / "server.db").has_value());
    }

    std::int64_t server_kills = 0, device_kills = 0, confirmed_in_killed = 0;
    [[nodiscard]] std::size_t confirmed() const noexcept { return confirmed_.size(); }

private:
    static constexpr std::array devices{"mona", "ann", "ben"};

    std::size_t below(std::size_t count) { return static_cast<std::size_t>(chance_() % count); }

    std::string made(const std::string& device, Words words) { return office_.answer(device, std::move(words)).at("record"); }

    std::vector<Asked> some_edits(const std::string& device)
    {
        constexpr std::array fields{"phone", "city", "street", "fax"};
        std::vector<Asked> asked;
        for (auto left = 2 + below(8); left > 0; --left) {
            const auto word = fmt::format("r{}-{}-{}", round_, device, left);
            const auto& account = accounts_[below(accounts_.size())];
            switch (below(5)) {
            case 0:
                asked.push_back({"sync", {}});
                break;
            case 1:
                asked.push_back({fmt::format("add-item {} lines description={} quantity=1 unit_price='10 EUR'", quote_, word), {device, quote_, "quote", "", word, "lines", "new"}});
                break;
            case 2: {
                const std::string field = fields[below(fields.size())];
                asked.push_back({fmt::format("set {} {}={}", account, field, word), {device, account, "account", field, word, {}, {}}});
                break;
            }
            default:
                asked.push_back({fmt::format("add visit subject={} account={} owner=me", word, account), {device, "", "visit", "subject", word, {}, {}}});
            }
        }
        asked.push_back({"sync", {}});
        return asked;
    }

    /// Some of its answers, and then for a moment more: the next thing that it does is the one that is cut off.
    std::string let_it_work(testing::Process& process, std::size_t most)
    {
        std::string said;
        for (auto answers = below(most); answers > 0; --answers) said += process.read_line() + "\n";
        static_cast<void>(process.says_something_within(std::chrono::microseconds{below(4'000)}));
        return said;
    }

    /// A line that was there before the process died was an answer to its user.
    void note(const std::vector<Asked>& asked, const std::string& said, bool was_killed)
    {
        auto edit = asked.begin();
        std::istringstream lines{said};
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            const auto answer = Json::parse(line);
            if (!answer.contains("record")) continue;
            while (edit != asked.end() && edit->line == "sync") ++edit;
            REQUIRE(edit != asked.end());
            auto says = edit++->says;
            says.record = answer.at("record");
            if (!says.item.empty()) says.item = answer.at("item");
            confirmed_.push_back(std::move(says));
            confirmed_in_killed += was_killed;
        }
        if (was_killed) return;
        const auto left = std::count_if(edit, asked.end(), [](const auto& one) { return one.line != "sync"; });
        CHECK(left == 0); // each edit was answered; a sync may fail
    }

    void sync(const std::string& name)
    {
        const auto ended = office_.device(name, {"sync", "--json"});
        INFO(name << ": " << ended.err);
        REQUIRE(ended.status == 0);
        CHECK(Json::parse(ended.out).at("refused") == 0);
    }

    /// A phone that is new gets everything, also when it dies in the middle of that.
    void kill_in_first_sync(const std::string& name)
    {
        const auto code = office_.admin({"admin", "code", "Ann"}).at("code").get<std::string>();
        REQUIRE(office_.device(name, {"enrol", "--server", office_.url(), "--pin", office_.pin(), "--code", code, "--name", name}).status == 0);
        testing::Process process{ROADBOOK_DEVICE, {"--data", (office_.folder / name).string(), "sync"}};
        static_cast<void>(process.says_something_within(std::chrono::milliseconds{5 + below(60)}));
        process.signal(SIGKILL);
        static_cast<void>(process.wait());
    }

    Json everything(const std::string& name)
    {
        Json all;
        for (const auto* kind : {"account", "visit", "quote", "territory", "person"}) {
            const auto listed = office_.answer(name, {"list", kind, "--limit", "100000"});
            for (const auto& record : listed.at("records")) all[record.at("id").get<std::string>()] = record;
        }
        all["conflicts"] = office_.answer(name, {"conflicts", "--all"}).at("conflicts");
        return all;
    }

    void check_confirmed(const Json& shown)
    {
        std::map<std::string, std::set<std::string>> written; // per record, everything that was ever written into it
        for (const auto& account : accounts_) {
            const auto account_shown = office_.answer("mona", {"show", account, "--history"});
            for (const auto& change : account_shown.at("history"))
                for (const auto& set : change.at("sets")) written[account].insert(set.at("path").get<std::string>() + "=" + set.at("value").get<std::string>());
        }
        for (const auto& one : confirmed_) {
            INFO("confirmed by " << one.device << ": " << one.kind << " " << one.record << " " << one.path << "=" << one.value);
            if (!shown.contains(one.record)) {
                FAIL_CHECK("the record is gone");
            } else if (!one.item.empty()) {
                const auto& items = shown.at(one.record).at("collections").at(one.collection);
                CHECK(std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.at("id") == one.item && item.at("fields").at("description") == one.value; }));
            } else if (one.kind == "visit") {
                CHECK(shown.at(one.record).at("fields").at(one.path) == one.value);
            } else {
                CHECK(written[one.record].contains(one.path + "=" + one.value));
            }
        }
    }

    /// An edit that was in doubt when its device died may be there or not, but never twice.
    static void check_once(const Json& shown)
    {
        std::map<std::string, int> times;
        for (const auto& [id, record] : shown.items()) {
            if (id == "conflicts") continue;
            if (record.at("kind") == "visit") ++times[record.at("fields").at("subject")];
            if (record.at("kind") == "quote")
                for (const auto& item : record.at("collections").at("lines")) ++times[item.at("fields").at("description")];
        }
        for (const auto& [word, count] : times) {
            INFO(word << " is there " << count << " times");
            CHECK(count == 1);
        }
    }

    RunningOffice office_;
    std::mt19937_64 chance_;
    std::string address_, quote_;
    std::vector<std::string> accounts_;
    int round_ = 0;
    std::vector<Confirmed> confirmed_;
};

} // namespace

TEST_CASE("whatever is killed while it works, every edit that was confirmed is there afterwards, once, and all show the same", "[kill]")
{
    constexpr std::uint64_t between_checks = 20;
    const auto rounds = from_environment("ROADBOOK_KILL_ROUNDS", 40);
    const auto seed = from_environment("ROADBOOK_KILL_SEED", 20'261'126);
    CAPTURE(seed);
    Rounds all{seed};
    for (std::uint64_t round = 1; round <= rounds; ++round) {
        all.play();
        if (round % between_checks == 0 || round == rounds) all.check_all();
    }
    all.check_files();
    std::cout << rounds << " kills: " << all.server_kills << " of the server, " << all.device_kills << " of a device; " << all.confirmed() << " edits confirmed, " << all.confirmed_in_killed
              << " of them by a device that was killed\n";
    CHECK(all.server_kills + all.device_kills == static_cast<std::int64_t>(rounds));
    CHECK(all.confirmed_in_killed > 0);
}
