#include "tests/system/story/stage.hpp"

#include <algorithm>

namespace roadbook::story {
namespace {

/// The record of this kind whose field has this value. Throws Broken when there is none.
Json record_where(const Device& device, const std::string& kind, const std::string& condition)
{
    const auto listed = device.ask({"list", kind, "--where", condition});
    if (listed.at("count") != 1) throw Broken{fmt::format("{}: {} with {}: {}", device.name(), kind, condition, listed.at("count").dump())};
    return listed.at("records").at(0);
}

std::string id_where(const Device& device, const std::string& kind, const std::string& condition)
{
    return record_where(device, kind, condition).at("id");
}

std::set<std::string> titles(const Json& listed)
{
    std::set<std::string> all;
    for (const auto& record : listed.at("records")) all.insert(record.at("title").get<std::string>());
    return all;
}

void import_company(Stage& stage)
{
    const auto data = std::filesystem::path{ROADBOOK_DEMO_DATA} / "northwind";
    const std::map<std::string, int> expected{{"person", 9}, {"region", 4}, {"territory", 53}, {"account", 91}, {"contact", 91}, {"product", 77}, {"order", 830}, {"order line", 2155}};
    for (const auto* column : {"created", "unchanged"}) {
        const auto report = administer(stage.programs, stage.server_data(), {"import", "northwind", data.string()});
        std::map<std::string, int> counts;
        for (const auto& one : report.at("counts")) counts[one.at("kind")] = one.at(column).get<int>();
        const bool first = std::string_view{column} == "created";
        stage.narrator.check(counts == expected && report.at("broken").empty(),
                             first ? "Northwind is imported: 9 people, 53 territories, 91 accounts and contacts, 77 products, 830 orders with 2,155 lines"
                                   : "importing it a second time changes nothing",
                             report.dump());
    }
}

void enrol(Stage& stage, const Server& server, const Device& device, const std::string& person)
{
    const auto code = administer(stage.programs, stage.server_data(), {"admin", "code", person}).at("code").get<std::string>();
    const auto enrolled = device.ask({"enrol", "--server", server.url(), "--code", code, "--pin", server.fingerprint(), "--name", device.name()});
    const auto report = device.sync("first sync", stage.costs);
    stage.narrator.check(enrolled.at("person_name") == person,
                         fmt::format("{} is enrolled for {} and receives {} records", device.name(), person, report.at("records_received").dump()));
    if (&device != &stage.phone) return;
    stage.narrator.equal(stage.colleague.fails_with({"enrol", "--server", server.url(), "--code", code, "--pin", server.fingerprint()}), "bad_code",
                         "the same code does not enrol a second device");
}

/// Each rep has the accounts of his own territories, no more and no less; the manager, who has all, is asked which these are.
void check_scopes(Stage& stage)
{
    const auto all = stage.manager.ask({"list", "account"});
    const auto territories = stage.manager.ask({"list", "territory"});
    std::map<std::string, std::string> holder_of;
    for (const auto& territory : territories.at("records"))
        if (const auto& holder = territory.at("fields").at("holder"); !holder.is_null()) holder_of[territory.at("id")] = holder.at("id");
    const auto of = [&](const std::string& rep) {
        std::set<std::string> names;
        for (const auto& account : all.at("records"))
            if (holder_of[account.at("fields").at("territory").at("id")] == rep) names.insert(account.at("title").get<std::string>());
        return names;
    };
    stage.narrator.equal(all.at("count").get<int>(), 91, "the manager has all 91 accounts, since everybody reports to him");
    for (const auto& [device, rep, name] : {std::tuple{&stage.phone, stage.rep_a, rep_a_name}, std::tuple{&stage.tablet, stage.rep_a, rep_a_name},
                                            std::tuple{&stage.colleague, stage.rep_b, rep_b_name}}) {
        const auto own = titles(device->ask({"list", "account"}));
        stage.narrator.check(own == of(rep) && !own.empty(), fmt::format("{} has exactly the {} accounts of {}'s territories", device->name(), own.size(), name));
    }
    for (const auto* device : stage.devices())
        stage.narrator.equal(device->ask({"status"}).at("kinds").at("product").get<int>(), 77, fmt::format("{} has all 77 products", device->name()));
}

void write_quote(Stage& stage)
{
    const auto& phone = stage.phone;
    const auto product = [&](const std::string& name) { return "product=" + id_where(phone, "product", "name=" + name); };
    stage.quote = phone.add({"add", "quote", "number=Q-2026-001", "account=" + stage.kept_account, "owner=me", "status=draft"});
    stage.first_line = phone.add({"add-item", stage.quote, "lines", product("Chai"), "quantity=10", "unit_price=18.00 USD"});
    static_cast<void>(phone.add({"add-item", stage.quote, "lines", product("Chang"), "quantity=5", "unit_price=19.00 USD"}));
    static_cast<void>(phone.add({"add-item", stage.quote, "lines", product("Ikura"), "quantity=2", "unit_price=31.00 USD"}));
}

void write_expenses(Stage& stage)
{
    stage.expenses = stage.phone.add({"add", "expense_report", "title=Trip to Graz and Greensboro", "owner=me", "status=draft"});
    for (const auto& [category, amount] : {std::pair{"hotel", "180.00"}, std::pair{"meal", "42.50"}, std::pair{"taxi", "23.80"}, std::pair{"train", "96.00"}})
        static_cast<void>(stage.phone.add({"add-item", stage.expenses, "items", "spent_on=2026-11-20", fmt::format("category={}", category), fmt::format("amount={} USD", amount)}));
}

} // namespace

std::unique_ptr<Server> morning(Stage& stage)
{
    auto& narrator = stage.narrator;
    narrator.chapter("1. In the morning everybody has a network");
    auto server = std::make_unique<Server>(stage.programs, stage.server_data());
    stage.port = server->port();
    narrator.say(fmt::format("The server listens on {} with a certificate that it made itself.", server->url()));
    import_company(stage);
    enrol(stage, *server, stage.phone, rep_a_name);
    enrol(stage, *server, stage.tablet, rep_a_name);
    enrol(stage, *server, stage.colleague, rep_b_name);
    enrol(stage, *server, stage.manager, manager_name);
    stage.rep_a = id_where(stage.manager, "person", fmt::format("name={}", rep_a_name));
    stage.rep_b = id_where(stage.manager, "person", fmt::format("name={}", rep_b_name));
    stage.territory = id_where(stage.manager, "territory", fmt::format("name={}", territory_name));
    stage.kept_account = id_where(stage.phone, "account", "name=Ernst Handel");
    stage.moved_account = id_where(stage.phone, "account", "name=Bon app'");
    stage.other_moved_account = id_where(stage.phone, "account", "name=Lonesome Pine Restaurant");
    check_scopes(stage);

    write_quote(stage);
    write_expenses(stage);
    stage.phone.sync("morning", stage.costs);
    stage.tablet.sync("morning", stage.costs);
    const auto quote = stage.tablet.ask({"show", stage.quote});
    const auto expenses = stage.tablet.ask({"show", stage.expenses});
    narrator.check(quote.at("collections").at("lines").size() == 3 && quote.at("totals").at(0).at("total").at("text") == "337.00 USD",
                   "Margaret quotes Ernst Handel three lines on her phone; after a sync her tablet shows them, 337.00 USD in all", quote.dump());
    narrator.check(expenses.at("collections").at("items").size() == 4 && expenses.at("totals").at(0).at("total").at("text") == "342.30 USD",
                   "and her expense report of four items, 342.30 USD", expenses.dump());
    stage.colleague.sync("morning", stage.costs);
    stage.manager.sync("morning", stage.costs);
    return server;
}

} // namespace roadbook::story
