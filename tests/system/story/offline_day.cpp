#include "tests/system/story/stage.hpp"

#include <algorithm>

namespace roadbook::story {
namespace {

bool finds(const Device& device, const std::string& text, const std::string& id)
{
    const auto ids = device.ask({"search", text, "--ids"}).at("ids");
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string field(const Device& device, const std::string& id, const std::string& name)
{
    const auto value = device.ask({"show", id}).at("fields").at(name);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void on_the_phone(Stage& stage)
{
    const auto& phone = stage.phone;
    auto& narrator = stage.narrator;
    narrator.equal(phone.fails_with({"sync"}), "link_lost", "Margaret's phone cannot sync, says so, and keeps working");
    phone.ask({"set", stage.moved_account, "phone=91.24.99.00"});
    phone.ask({"set", stage.other_moved_account, "website=lonesome-pine.example"});
    phone.ask({"set", stage.kept_account, "tier=a", "industry=Delicatessen"});
    const auto killed = phone.save_and_die(fmt::format("add visit account={} owner=me 'subject=Autumn range at Bon app' status=done 'notes=Bouillabaisse on the new menu, wants twelve crates'", stage.moved_account));
    stage.visit = killed.at("record").get<std::string>();
    narrator.say("On the phone she edits three accounts and writes up a visit; the process is killed right after it said the visit is saved.");
    narrator.check(field(phone, stage.visit, "status") == "done" && finds(phone, "Bouillabaisse", stage.visit), "the visit is there after the kill, and its notes are found");
    narrator.check(field(phone, stage.moved_account, "phone") == "91.24.99.00" && finds(phone, "91.24.99.00", stage.moved_account), "so are the three edited accounts");
    phone.ask({"set-item", stage.quote, "lines", stage.first_line, "quantity=12"});
    narrator.equal(phone.ask({"show", stage.quote}).at("totals").at(0).at("total").at("text").get<std::string>(), "373.00 USD",
                   "on the phone the quote's first line is 12 now, 373.00 USD in all");
}

void on_the_tablet(Stage& stage)
{
    const auto& tablet = stage.tablet;
    auto& narrator = stage.narrator;
    const auto tofu = tablet.ask({"list", "product", "--where", "name=Tofu"}).at("records").at(0).at("id").get<std::string>();
    tablet.ask({"set-item", stage.quote, "lines", stage.first_line, "quantity=8"});
    static_cast<void>(tablet.add({"add-item", stage.quote, "lines", "product=" + tofu, "quantity=6", "unit_price=23.25 USD"}));
    static_cast<void>(tablet.add({"add-item", stage.expenses, "items", "spent_on=2026-11-21", "category=other", "description=Parking", "amount=12.00 USD"}));
    stage.new_account = tablet.add({"add", "account", "name=Guilford Growers Market", "territory=" + stage.territory, "city=Greensboro"});
    stage.new_visit = tablet.add({"add", "visit", "account=" + stage.new_account, "owner=me", "subject=First call at Guilford Growers", "status=done", "notes=Opens in spring, asks for a tasting"});
    narrator.say("On the tablet she sets the same line to 8, adds a fourth line, a fifth expense, and a new customer with a first visit.");
    narrator.equal(tablet.ask({"show", stage.quote}).at("totals").at(0).at("total").at("text").get<std::string>(), "440.50 USD",
                   "on the tablet the quote has four lines, 440.50 USD in all");
    narrator.equal(tablet.ask({"show", stage.expenses}).at("totals").at(0).at("total").at("text").get<std::string>(), "354.30 USD", "and the expense report 354.30 USD");
    narrator.check(finds(tablet, "Guilford", stage.new_account) && finds(tablet, "tasting", stage.new_visit), "the new customer and its visit are found");
    narrator.equal(tablet.ask({"status"}).at("unsent").get<int>(), 5, "five edits wait on the tablet for the server");
}

void at_the_manager(Stage& stage)
{
    auto& narrator = stage.narrator;
    narrator.chapter("3. Meanwhile the manager, offline too, gives Greensboro to Nancy");
    narrator.equal(stage.phone.fails_with({"set", stage.territory, "holder=" + stage.rep_b}), "not_allowed", "Margaret could not do that herself");
    stage.manager.ask({"set", stage.territory, "holder=" + stage.rep_b, "--reason", "Nancy lives there now"});
    narrator.equal(stage.manager.ask({"show", stage.territory}).at("fields").at("holder").at("id").get<std::string>(), stage.rep_b, "Andrew makes Nancy its holder, on his laptop");
}

/// What must be gone from rep A's devices later: texts of the moved territory's records that stand in none of his others.
void note_what_moves(Stage& stage)
{
    constexpr std::size_t shortest = 8; // "Bon app'"
    std::vector<Json> moving;
    std::vector<Json> staying;
    std::set<std::string> moved_accounts;
    const auto kinds = stage.phone.ask({"status"}).at("kinds");
    for (const auto* device : {&stage.phone, &stage.tablet}) {
        const auto accounts = device->ask({"list", "account"});
        for (const auto& account : accounts.at("records"))
            if (account.at("fields").at("territory").at("id") == stage.territory) moved_accounts.insert(account.at("id").get<std::string>());
        for (const auto& [kind, count] : kinds.items()) {
            const auto listed = device->ask({"list", kind});
            for (const auto& record : listed.at("records")) {
                const auto account = record.at("fields").value("account", Json{});
                const bool moves = moved_accounts.contains(record.at("id")) || (account.is_object() && moved_accounts.contains(account.at("id")));
                (moves ? moving : staying).push_back(record);
            }
        }
    }
    const auto kept_texts = telling_texts(staying, 1);
    for (const auto& text : telling_texts(moving, shortest)) {
        const auto is_in = [&](const std::string& kept) { return kept.find(text) != std::string::npos; };
        if (std::none_of(kept_texts.begin(), kept_texts.end(), is_in)) stage.moved_texts.insert(text);
    }
    stage.before = evidence_of(stage.phone);
    auto found = texts_found(stage.phone.folder(), stage.moved_texts);
    found.merge(texts_found(stage.tablet.folder(), stage.moved_texts)); // the new customer is there alone
    stage.narrator.check(found == stage.moved_texts && found.contains("Bon app'") && moved_accounts.size() == 5,
                         fmt::format("a search of the bytes on Margaret's devices finds what is about to move: all {} texts of {} accounts and what hangs on them",
                                     stage.moved_texts.size(), moved_accounts.size()),
                         fmt::format("{} are found", found.size()));
}

} // namespace

void offline_day(Stage& stage)
{
    stage.narrator.chapter("2. The network goes away: the server is stopped");
    on_the_phone(stage);
    on_the_tablet(stage);
    at_the_manager(stage);
    note_what_moves(stage);
}

} // namespace roadbook::story
