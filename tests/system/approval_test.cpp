// Scenario 10 with the real programs over real sockets: a trip's expenses race with their approval, and the finance export runs twice.
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::Ended;
using testing::TempFolder;

namespace {

class Company {
public:
    Company() : server_{ROADBOOKD, {"serve", "--log-level", "error", "--data", data(), "--listen", "127.0.0.1:0"}}
    {
        (void)server_.read_line();
        for (const auto& [name, role] : {std::pair{"Mona", "manager"}, std::pair{"Ann", "rep"}, std::pair{"Fay", "finance"}})
            people[name] = admin({"admin", "person", "add", name, "--role", role}).at("id").get<std::string>();
        (void)admin({"admin", "person", "reports-to", "Ann", "Mona"});
    }
    [[nodiscard]] std::string data() const { return (folder / "server").string(); }
    [[nodiscard]] Json admin(Words words) const
    {
        words.insert(words.end(), {"--data", data(), "--json"});
        const auto ended = testing::run_process(ROADBOOKD, words);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
    void enrol(const std::string& name, const std::string& person) const
    {
        REQUIRE(device(name, {"enrol", "--link", admin({"admin", "code", person}).at("link").get<std::string>()}).status == 0);
        sync(name);
    }
    [[nodiscard]] Ended device(const std::string& name, Words words) const
    {
        words.insert(words.begin(), {"--data", (folder / name).string()});
        return testing::run_process(ROADBOOK_DEVICE, words);
    }
    [[nodiscard]] Json answer(const std::string& name, Words words) const
    {
        words.emplace_back("--json");
        const auto ended = device(name, words);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
    void sync(const std::string& name) const
    {
        const auto ended = device(name, {"sync"});
        INFO(ended.err);
        REQUIRE(ended.status == 0);
    }
    [[nodiscard]] std::string error(const std::string& name, Words words) const
    {
        words.emplace_back("--json");
        const auto ended = device(name, words);
        REQUIRE(ended.status != 0);
        return Json::parse(ended.err).at("error").at("code");
    }

    TempFolder folder;
    std::map<std::string, std::string> people;

private:
    testing::Process server_;
};

std::string text_of(const Json& money)
{
    return money.at("text");
}

} // namespace

TEST_CASE("scenario 10 over real sockets: what was approved is paid once, and what came after waits for a new approval", "[approval]")
{
    const Company company;
    company.enrol("fay", "Fay");
    const auto policy = company.answer("fay", {"add", "expense_policy", "name=Travel", "currency=CNY"}).at("record").get<std::string>();
    (void)company.answer("fay", {"add-item", policy, "limits", "category=hotel", "amount=300 CNY", "per=night"});
    (void)company.answer("fay", {"add-item", policy, "mileage", "per_km=1.20 CNY"});
    (void)company.answer("fay", {"add-item", policy, "per_diems", "full_day=150 CNY"});
    company.sync("fay");
    company.enrol("phone", "Ann");
    company.enrol("tablet", "Ann");
    company.enrol("mona", "Mona");

    const auto report = company.answer("phone", {"add", "expense_report", "title=Bangkok", "status=draft", "currency=CNY", "policy=" + policy}).at("record").get<std::string>();
    const auto item = [&](Words fields) {
        fields.insert(fields.begin(), {"add-item", report, "items", "spent_on=2026-05-06"});
        return company.answer("phone", fields).at("item").get<std::string>();
    };
    (void)item({"category=hotel", "amount=5400 THB", "nights=3", "rate_millionths=200000", "rate_source=Bank of China", "rate_date=2026-05-04", "reason=trade fair"});
    const auto taxi = item({"category=taxi", "amount=240 CNY"});
    (void)item({"category=per_diem", "hours=72", "amount=450 CNY"});
    (void)item({"category=mileage", "distance=86", "amount=103.20 CNY"});
    CHECK(company.error("phone", {"approve", report}) == "not_allowed");
    (void)company.answer("phone", {"set", report, "status=submitted"});
    for (const auto* name : {"phone", "tablet", "mona", "fay"}) company.sync(name);

    CHECK(company.error("mona", {"add-item", report, "approvals", "approver=me", "decision=approved"}) == "not_allowed");
    const auto approved = company.answer("mona", {"approve", report});
    CHECK(approved.at("complete") == true);
    (void)company.answer("tablet", {"set-item", report, "items", taxi, "amount=420 CNY"});
    for (const auto* name : {"tablet", "mona", "phone", "tablet", "fay"}) company.sync(name);

    for (const auto* name : {"phone", "tablet", "mona", "fay"}) {
        const auto shown = company.answer(name, {"show", report});
        const auto& approval = shown.at("endorsements").at(0);
        CHECK(approval.at("state") == "changed_since");
        CHECK(approval.at("by") == "Mona");
        CHECK(approval.at("moved").at(0).at("path") == "items/" + taxi + "/amount");
        CHECK(approval.at("moved").at(0).at("then") == "240.00 CNY");
        CHECK(approval.at("moved").at(0).at("now") == "420.00 CNY");
        CHECK(approval.at("moved").at(0).at("person_name") == "Ann");
        CHECK(shown.at("approval").at("approved") == false);
        CHECK(text_of(shown.at("payout").at("approved")) == "1873.20 CNY");
        CHECK(text_of(shown.at("payout").at("after_approval")) == "180.00 CNY");
        const auto then = company.answer(name, {"show", report, "--approval", approval.at("id").get<std::string>()});
        CHECK(then.at("collections").at("items").size() == 4);
    }
    CHECK_THAT(company.device("phone", {"show", report}).out,
               Contains("approved then, changed since") && Contains("240.00 CNY then, 420.00 CNY now; by Ann") &&
                   Contains("after approval, +180.00 CNY: unpaid, a new approval is needed") && Contains("approval is open"));

    const auto file = (company.folder / "payments.csv").string();
    CHECK(company.admin({"export", "payments", "--dry-run"}).at("totals").at(0).at("minor") == 187'320);
    const auto first = company.admin({"export", "payments", "--out", file, "--on", "2026-05-20"});
    CHECK(first.at("totals") == Json::parse(R"([{"currency":"CNY","minor":187320}])"));
    CHECK(first.at("payments").size() == 4);
    CHECK(company.admin({"export", "payments"}).at("payments").empty());
    CHECK(company.admin({"export", "payments", "--again", "2026-05-20"}).at("payments").size() == 4);
    std::ifstream csv{file};
    const std::string written{std::istreambuf_iterator<char>{csv}, {}};
    CHECK_THAT(written, Contains("1080.00,CNY") && Contains("240.00,CNY") && Contains("450.00,CNY") && Contains("103.20,CNY") && Contains("Ann"));
    for (const auto* name : {"fay", "mona"}) company.sync(name);
    CHECK(company.answer("fay", {"pay", report}).at("payments") == 0);

    (void)company.answer("mona", {"approve", report, "--reason", "receipt checked"});
    for (const auto* name : {"mona", "fay"}) company.sync(name);
    CHECK(text_of(company.answer("fay", {"pay", report, "--reference", "TX-2"}).at("total")) == "180.00 CNY");
    for (const auto* name : {"fay", "phone"}) company.sync(name);
    const auto settled = company.answer("phone", {"show", report});
    CHECK(text_of(settled.at("payout").at("paid")) == "2053.20 CNY");
    CHECK(text_of(settled.at("payout").at("due")) == "0.00 CNY");
    CHECK(settled.at("fields").at("status") == "reimbursed");
    CHECK(company.answer("fay", {"status"}).at("refused") == 0);
}
