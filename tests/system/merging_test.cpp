// Scenarios 2, 3, 6 and 7 with the real programs over real sockets: what people wrote apart, and what the server makes of it.
#include "tests/support/running_office.hpp"

#include <algorithm>

using namespace roadbook;
using testing::RunningOffice;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

namespace {

/// Mona leads Ann, Ben (who covers for Ann), the engineers Eve and Finn, and Dora who dispatches.
struct Firm : RunningOffice {
    std::map<std::string, std::string> people;
    std::string territory, account, product;

    Firm()
    {
        people["mona"] = add_person("Mona", "manager");
        for (const auto& [name, role] : std::map<std::string, std::string>{{"ann", "rep"}, {"ben", "rep"}, {"eve", "engineer"}, {"finn", "engineer"}, {"dora", "dispatcher"}, {"pia", "product_manager"}})
            people[name] = add_person(std::string{static_cast<char>(name[0] - 32)} + name.substr(1), role, "Mona");
        enrol("pia", people["pia"]);
        product = add("pia", {"product", "name=Valve", "code=P"});
        sync("pia");
        enrol("mona", people["mona"]);
        territory = add("mona", {"territory", "name=North", "code=N", "holder=" + people["ann"]});
        (void)answer("mona", {"add-item", territory, "covers", "person=" + people["ben"], "from=2020-01-01"});
        account = add("mona", {"account", "name=Acme Pumps", "territory=" + territory});
        sync("mona");
    }
    void enrol_all(const std::vector<std::string>& names)
    {
        for (const auto& name : names) enrol(name, people[name]);
    }
    std::string add(const std::string& name, Words words) const
    {
        words.insert(words.begin(), "add");
        return answer(name, std::move(words)).at("record").get<std::string>();
    }
    void sync(const std::string& name) const
    {
        const auto ended = device(name, {"sync"});
        INFO(name << ": " << ended.err);
        REQUIRE(ended.status == 0);
    }
    /// Everybody has everything.
    void settle(const std::vector<std::string>& names) const
    {
        for (int round = 0; round < 2; ++round)
            for (const auto& name : names) sync(name);
    }
    std::vector<Json> tasks(const std::string& name) const
    {
        std::vector<Json> found;
        const auto listed = answer(name, {"list", "task"});
        for (const auto& task : listed.at("records"))
            if (task.at("fields").at("owner").at("id") == people.at(name)) found.push_back(task.at("fields"));
        return found;
    }
};

} // namespace

TEST_CASE("scenario 3 over real sockets: two reps change one quote offline, and the manager settles it", "[merging]")
{
    Firm firm;
    const std::vector<std::string> all{"ann", "ben", "mona"};
    firm.enrol_all({"ann", "ben"});
    const auto quote = firm.add("ann", {"quote", "account=" + firm.account, "currency=CNY", "owner=me"});
    const auto item = [&](const std::string& who, const std::string& what, const std::string& quantity, const std::string& price) {
        return firm.answer(who, {"add-item", quote, "lines", "description=" + what, "quantity=" + quantity, "unit_price=" + price + " CNY"}).at("item").get<std::string>();
    };
    const auto l1 = item("ann", "L1", "10", "100.00");
    const auto l2 = item("ann", "L2", "5", "40.00");
    firm.settle(all);
    (void)firm.answer("ann", {"set-item", quote, "lines", l1, "quantity=12"});
    (void)item("ann", "L3", "1", "500.00");
    (void)firm.answer("ben", {"set-item", quote, "lines", l1, "quantity=8"});
    (void)firm.answer("ben", {"remove-item", quote, "lines", l2});
    (void)firm.answer("ben", {"set", quote, "discount=5"});
    firm.sync("ann");

    const auto preview = firm.answer("ben", {"preview"}); // what the merge would be, before anything of his goes out
    REQUIRE(preview.at("records").size() == 1);
    CHECK(preview.at("records")[0].at("unsent") == 3);
    REQUIRE(preview.at("records")[0].at("conflicts").size() == 1);
    CHECK(firm.answer("ben", {"status"}).at("unsent") == 3);
    firm.settle({"ben", "ann", "mona"});

    for (const auto& name : all) {
        const auto conflicts = firm.answer(name, {"conflicts"}).at("conflicts");
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts[0].at("path") == "lines/" + l1 + "/quantity");
        CHECK_FALSE(conflicts[0].at("resolution").at("zh").get<std::string>().empty());
        std::map<std::string, std::string> totals;
        for (const auto& candidate : conflicts[0].at("candidates")) totals[candidate.at("person_name")] = candidate.at("totals")[0];
        CHECK(totals == std::map<std::string, std::string>{{"Ann", "1615.00 CNY"}, {"Ben", "1235.00 CNY"}});
    }
    for (const auto* name : {"ann", "ben"}) CHECK(firm.tasks(name).size() == 1); // told once
    CHECK(firm.device("mona", {"approve", quote}).status != 0);
    (void)firm.answer("mona", {"resolve", quote, "lines/" + l1 + "/quantity", "12", "--reason", "the customer needs twelve"});
    firm.settle({"mona", "ben", "ann"});
    for (const auto& name : all) {
        CHECK(firm.answer(name, {"conflicts"}).at("count") == 0);
        CHECK(firm.answer(name, {"show", quote}).at("totals")[0].at("total").at("text") == "1615.00 CNY");
    }
    CHECK(firm.tasks("ann")[0].at("notice") == "withdrawn");
    (void)firm.answer("mona", {"undo", quote});
    CHECK(firm.answer("mona", {"conflicts"}).at("count") == 1);
}

TEST_CASE("a preview sends neither edits nor files, and names the records that were handed over", "[merging]")
{
    Firm firm;
    firm.enrol_all({"ann"});
    (void)firm.answer("ann", {"set", firm.account, "phone=1"});
    const auto visit = firm.add("ann", {"visit", "subject=Call", "account=" + firm.account, "owner=me"});
    (void)firm.answer("ann", {"attach", visit, firm.file("photo.jpg", "a photo")});
    REQUIRE(firm.device("mona", {"set", firm.territory, "holder=" + firm.people.at("ben")}).status == 0);
    firm.sync("mona");

    const auto preview = firm.answer("ann", {"preview"});
    std::map<std::string, bool> handed_over;
    for (const auto& record : preview.at("records")) handed_over[record.at("title")] = record.at("handed_over").get<bool>();
    CHECK(handed_over.at("Acme Pumps"));
    CHECK(handed_over.contains("Call"));
    CHECK(firm.answer("ann", {"status"}).at("files_to_send") == 1);
    CHECK(firm.admin({"audit", "list", "--kind", "attachment_refused"}).at("entries").empty());
    firm.sync("ann");
    CHECK(firm.answer("ann", {"status"}).at("files_to_send") == 0);
    CHECK(firm.admin({"audit", "list", "--kind", "attachment_refused"}).at("entries").empty());
}

TEST_CASE("scenario 6 over real sockets: two engineers take more from one van than there is", "[merging]")
{
    Firm firm;
    const std::vector<std::string> all{"eve", "finn", "dora"};
    firm.enrol_all(all);
    const auto move = [&](const std::string& who, const std::string& quantity, const std::string& reason) {
        (void)firm.add(who, {"stock_movement", "product=" + firm.product, "van=" + firm.people["eve"], "quantity=" + quantity, "reason=" + reason, "moved_at=2026-03-02T10:00:00Z"});
    };
    move("dora", "5", "receipt");
    firm.settle(all);
    move("eve", "-4", "used");
    move("finn", "-3", "used");
    move("dora", "1", "transfer");
    firm.settle({"finn", "dora", "eve"});
    for (const auto& name : all) {
        const auto findings = firm.answer(name, {"findings", "--all"}).at("findings");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].at("rule") == "overdrawn_stock");
    }
    REQUIRE(firm.tasks("eve").size() == 1);
    CHECK(firm.tasks("eve")[0].at("notice") == "new");
    CHECK(firm.tasks("finn").empty());
    move("eve", "1", "counted");
    firm.settle(all);
    CHECK(firm.answer("finn", {"findings", "--all"}).at("findings").empty());
    CHECK(firm.tasks("eve")[0].at("notice") == "withdrawn");
}

TEST_CASE("scenario 7 over real sockets: a work order is cancelled, and done offline", "[merging]")
{
    Firm firm;
    firm.enrol_all({"eve", "dora"});
    const auto work = firm.add("dora", {"work_order", "subject=Pump", "account=" + firm.account, "assignee=" + firm.people["eve"], "dispatcher=me", "status=offered"});
    firm.settle({"dora", "eve"});
    (void)firm.answer("eve", {"set", work, "status=accepted"});
    firm.settle({"eve", "dora"});
    (void)firm.answer("dora", {"set", work, "status=cancelled", "cancel_reason=customer called"});
    firm.sync("dora");
    (void)firm.answer("eve", {"set", work, "status=in_progress"});
    (void)firm.answer("eve", {"add-item", work, "labour", "person=me", "minutes=90"});
    (void)firm.answer("eve", {"sign", work, "--name", "Customer"});
    (void)firm.answer("eve", {"set", work, "status=completed"});
    firm.settle({"eve", "dora"});

    const auto shown = firm.answer("dora", {"show", work});
    CHECK(shown.at("fields").at("status") == "completed");
    CHECK(shown.at("fields").at("billing") == "on_hold");
    CHECK(shown.at("sums")[0].at("total") == 90);
    CHECK(firm.answer("eve", {"status"}).at("refused") == 0);
    REQUIRE(firm.tasks("dora").size() == 1); // one decision
    (void)firm.answer("dora", {"set", work, "billing=bill"});
    firm.settle({"dora"});
    CHECK(firm.tasks("dora")[0].at("notice") == "withdrawn");
}

TEST_CASE("scenario 2 over real sockets: two prices for one product to one customer", "[merging]")
{
    Firm firm;
    firm.enrol_all({"ann", "ben"});
    const auto list = [&](const std::string& version, const std::string& price, const std::string& from) {
        const auto id = firm.add("pia", {"price_list", "name=STD", "code=STD", "currency=EUR", "version=" + version, "valid_from=" + from});
        (void)firm.answer("pia", {"add-item", id, "entries", "product=" + firm.product, "unit_price=" + price + " EUR"});
        return id;
    };
    const auto v12 = list("12", "100.00", "2026-01-01"), v13 = list("13", "92.00", "2026-06-01");
    firm.settle({"pia", "ann", "ben"});
    const auto quote = [&](const std::string& who, const std::string& price, const std::string& from, const std::string& version, const std::string& day) {
        const auto id = firm.add(who, {"quote", "account=" + firm.account, "owner=me", "quoted_on=" + day, "valid_until=2026-07-31", "status=draft"});
        (void)firm.answer(who, {"add-item", id, "lines", "product=" + firm.product, "quantity=1", "unit_price=" + price + " EUR", "price_list=" + from, "price_list_version=" + version});
        return id;
    };
    const auto a = quote("ann", "100.00", v12, "12", "2026-05-30");
    const auto b = quote("ben", "92.00", v13, "13", "2026-06-02");
    firm.settle({"ann", "ben"});
    for (const auto* name : {"ann", "ben"}) {
        const auto findings = firm.answer(name, {"findings", "--all"}).at("findings");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].at("rule") == "two_prices");
        for (const auto* price : {"100.00 EUR by STD v12", "92.00 EUR by STD v13"}) CHECK_THAT(findings[0].at("words").get<std::string>(), Catch::Matchers::Contains(price));
    }
    CHECK(firm.answer("ann", {"show", a}).at("totals")[0].at("total").at("text") == "100.00 EUR"); // neither changes by itself
    CHECK(firm.answer("ann", {"show", b}).at("totals")[0].at("total").at("text") == "92.00 EUR");
}
