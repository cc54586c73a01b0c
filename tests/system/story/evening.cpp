#include "tests/system/story/stage.hpp"

#include <algorithm>
#include <array>

namespace roadbook::story {
namespace {

constexpr int rounds = 3; // one to send, one to hear what others sent after us, one to show that it is quiet then

std::string listed(const std::vector<const Device*>& order)
{
    std::string names;
    for (const auto* device : order) names += (names.empty() ? "" : ", ") + device->name();
    return names;
}

std::string did(const Json& report)
{
    auto text = fmt::format("sends {}", report.at("sent").dump());
    if (report.at("late") > 0) text += fmt::format(" ({} after the hand-over)", report.at("late").dump());
    text += fmt::format(", receives {} records and {} changes", report.at("records_received").dump(), report.at("entries_received").dump());
    if (report.at("scopes_purged") > 0) text += ", gives up a territory";
    return text;
}

void sync_all(Stage& stage, const std::vector<const Device*>& order, int late_expected)
{
    constexpr std::array steps{"evening", "evening, 2nd sync", "evening, 3rd sync"};
    static_assert(steps.size() == rounds);
    std::int64_t refused = 0;
    std::int64_t late = 0;
    for (int round = 1; round <= rounds; ++round) {
        std::int64_t moved = 0;
        for (const auto* device : order) {
            const auto report = device->sync(steps.at(static_cast<std::size_t>(round - 1)), stage.costs);
            late += report.at("late").get<std::int64_t>();
            refused += report.at("refused").get<std::int64_t>() + report.at("waiting").get<std::int64_t>();
            moved += report.at("sent").get<std::int64_t>() + report.at("records_received").get<std::int64_t>() + report.at("entries_received").get<std::int64_t>();
            if (round == 1) stage.narrator.say(fmt::format("{} {}", device->name(), did(report)));
        }
        if (round == rounds) stage.narrator.equal(moved, 0, "after a second round there is nothing left to exchange");
    }
    stage.narrator.equal(refused, 0, "no edit was refused");
    stage.narrator.equal(late, late_expected, late_expected == 0 ? "none came late, since Margaret's devices were first" : fmt::format("{} edits in Greensboro came after the hand-over and were taken all the same", late));
    for (const auto* device : order) {
        const auto status = device->ask({"status"});
        stage.narrator.check(status.at("unsent") == 0 && status.at("refused") == 0, fmt::format("the server has every edit of {}", device->name()), status.dump());
    }
}

void check_quote(Stage& stage, const Device& device)
{
    const auto quote = device.ask({"show", stage.quote});
    const auto& lines = quote.at("collections").at("lines");
    const auto& conflicts = quote.at("conflicts");
    std::map<std::string, std::string> said; // quantity -> by whom, on which device
    bool has_times = true;
    if (conflicts.size() == 1)
        for (const auto& candidate : conflicts.at(0).at("candidates")) {
            said[candidate.at("value").get<std::string>()] = candidate.at("person_name").get<std::string>() + " " + candidate.at("device").get<std::string>();
            has_times = has_times && candidate.at("when").is_string();
        }
    const auto on = [&](const Device& author) { return std::string{rep_a_name} + " " + author.ask({"status"}).at("device").get<std::string>(); };
    const std::map<std::string, std::string> expected{{"12", on(stage.phone)}, {"8", on(stage.tablet)}};
    stage.narrator.check(lines.size() == 4 && conflicts.size() == 1 && said == expected && has_times && conflicts.at(0).at("needs_person") == true &&
                             conflicts.at(0).at("path") == fmt::format("lines/{}/quantity", stage.first_line),
                         fmt::format("on {} the quote has all four lines and one conflict: 12 from the phone, 8 from the tablet, both by {}, with the time of each", device.name(), rep_a_name),
                         conflicts.dump());
    const auto shown = conflicts.empty() ? std::string{} : conflicts.at(0).at("candidates").at(0).at("value").get<std::string>();
    stage.narrator.equal(quote.at("totals").at(0).at("total").at("text").get<std::string>(), shown == "12" ? "512.50 USD" : "440.50 USD",
                         fmt::format("its total there is that of the {} shown", shown));
}

std::string text_at(const Device& device, const std::string& id, const std::string& field)
{
    const auto value = device.ask({"show", id}).at("fields").at(field);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void check_edits(Stage& stage)
{
    auto& narrator = stage.narrator;
    for (const auto* device : {&stage.phone, &stage.tablet, &stage.manager}) {
        check_quote(stage, *device);
        const auto expenses = device->ask({"show", stage.expenses});
        narrator.check(expenses.at("collections").at("items").size() == 5 && expenses.at("totals").at(0).at("total").at("text") == "354.30 USD",
                       fmt::format("on {} the expense report has five items, 354.30 USD to the cent", device->name()), expenses.dump());
        narrator.check(text_at(*device, stage.kept_account, "tier") == "a" && text_at(*device, stage.kept_account, "industry") == "Delicatessen",
                       fmt::format("on {} Ernst Handel shows the edit from the phone", device->name()));
    }
    for (const auto* device : {&stage.colleague, &stage.manager}) {
        narrator.check(text_at(*device, stage.moved_account, "phone") == "91.24.99.00" &&
                           text_at(*device, stage.other_moved_account, "website") == "lonesome-pine.example" &&
                           text_at(*device, stage.visit, "notes").starts_with("Bouillabaisse"),
                       fmt::format("{} shows Margaret's late edits of two accounts in Greensboro, and her visit there", device->name()));
        narrator.check(text_at(*device, stage.new_account, "name") == "Guilford Growers Market" && text_at(*device, stage.new_visit, "notes").starts_with("Opens in spring"),
                       fmt::format("and the customer that she added there, with the first visit"));
    }
}

void check_hand_over(Stage& stage)
{
    auto& narrator = stage.narrator;
    const auto count = [&](const Device& device) { return device.ask({"status"}).at("kinds").at("account").get<int>(); };
    narrator.equal(count(stage.colleague), 15 + 5, "Nancy has her 15 accounts and the five of Greensboro");
    narrator.equal(count(stage.manager), 92, "Andrew has all 92");
    for (const auto* device : {&stage.phone, &stage.tablet}) {
        narrator.equal(count(*device), 12 - 4, fmt::format("{} keeps Margaret's other eight", device->name()));
        narrator.equal(device->fails_with({"show", stage.moved_account}), "not_found", "Bon app' is not there any more");
        const auto left = texts_found(device->folder(), stage.moved_texts);
        narrator.check(left.empty(), fmt::format("and in all files of {} not one of the {} texts of the moved records is left", device->name(), stage.moved_texts.size()),
                       fmt::format("{} are, such as '{}'", left.size(), left.empty() ? "" : *left.begin()));
    }
}

/// The kept accounts and what hangs on them, as they were before the evening; the quote is the one thing that changed there.
void check_others_unchanged(Stage& stage, const Evidence& now)
{
    std::size_t same = 0;
    std::string changed;
    for (const auto& [id, text] : stage.before.records) {
        const auto record = Json::parse(text);
        const auto& kind = record.at("kind").get_ref<const std::string&>();
        const bool hangs_on_account = kind == "account" || kind == "contact" || kind == "order" || kind == "visit";
        const auto after = now.records.find(id);
        if (!hangs_on_account || after == now.records.end()) continue;
        if (after->second == text) ++same;
        else changed = text + " -> " + after->second;
    }
    stage.narrator.check(changed.empty() && same > 8, fmt::format("Margaret's other accounts, contacts, orders and visits are unchanged, {} records", same), changed);
}

void check_agreement(Stage& stage, const Ending& ending)
{
    const auto& phone = ending.at(stage.phone.name());
    const auto& manager = ending.at(stage.manager.name());
    stage.narrator.check(phone == ending.at(stage.tablet.name()), "Margaret's phone and tablet show the same", phone.difference_from(ending.at(stage.tablet.name())));
    stage.narrator.check(phone.is_part_of(manager), "Andrew sees all of it as she does", phone.difference_from(manager));
    const auto& colleague = ending.at(stage.colleague.name());
    stage.narrator.check(colleague.is_part_of(manager), "and all of Nancy's as Nancy does", colleague.difference_from(manager));
}

} // namespace

Evening evening(Stage& stage, const std::string& title, const std::vector<const Device*>& order, int late_expected)
{
    stage.narrator.chapter(title);
    auto server = std::make_unique<Server>(stage.programs, stage.server_data(), stage.port);
    stage.narrator.say(fmt::format("They sync in this order: {}.", listed(order)));
    sync_all(stage, order, late_expected);
    check_edits(stage);
    check_hand_over(stage);
    Ending ending;
    for (const auto* device : stage.devices()) ending[device->name()] = evidence_of(*device);
    check_others_unchanged(stage, ending.at(stage.phone.name()));
    check_agreement(stage, ending);
    return {std::move(ending), std::move(server)};
}

void compare(Narrator& narrator, const Ending& one, const Ending& other)
{
    narrator.chapter("Both orders came to the same");
    for (const auto& [device, evidence] : one)
        narrator.check(evidence == other.at(device),
                       fmt::format("{} shows the same in both: {} records, {} totals, conflicts: {}", device, evidence.records.size(), evidence.totals.size(), evidence.conflicts.size()),
                       evidence.difference_from(other.at(device)));
}

void tell_costs(Narrator& narrator, const std::vector<Cost>& costs, const Stage& stage)
{
    narrator.chapter("5. What it cost");
    narrator.say(fmt::format("{:<18} {:<18} {:>10} {:>10} {:>8}", "step", "device", "bytes out", "bytes in", "time"));
    for (const auto& cost : costs)
        narrator.say(fmt::format("{:<18} {:<18} {:>10} {:>10} {:>5} ms", cost.step, cost.device, cost.bytes_out, cost.bytes_in, cost.ms));
    for (const auto* device : stage.devices()) {
        const auto status = device->ask({"status"});
        narrator.say(fmt::format("{:<18} holds {} records", device->name(), status.at("records").dump()));
    }
}

} // namespace roadbook::story
