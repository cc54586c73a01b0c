// Scenario 1: a rep's offline day.
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <algorithm>

namespace roadbook::simulation::stories {
namespace {

constexpr std::size_t customers = 180;
constexpr std::int64_t wire_bytes_max = 60'000; // of the evening's sync, the photos aside
constexpr std::uint64_t photos = 7;

/// As long as people write them on a phone after a visit.
constexpr std::array notes{
    "Spoke with the head of purchasing. Stock of the winter range lasts three weeks more; wants better terms from fifty cases on, and a tasting in "
    "April.",
    "The owner has sold to his daughter, who wants to drop the frozen line. She liked the samples of dried fruit; send the price list by Friday, and "
    "call her, not him.",
    "Complaint about two broken pallets on 24 February, delivery note 5512. Promised a credit note. The shelf by the door is ours again if we refill "
    "it twice a week.",
    "Nobody there but the cook. He uses our tofu for the lunch menu, thirty portions a day, and would take silken tofu if there were a catering pack "
    "of five kilos.",
    "Competitor's price for jasmine rice is 4 cents lower since January. They stay with us because of Saturday deliveries; do not change the tour "
    "without asking them.",
    "New branch in the harbour opens on 1 May: 80 seats, breakfast from seven. Wants an offer for coffee, tea and juices with a machine on loan, "
    "decision before Easter.",
};

/// "Bakomi Letura 17": no two are alike enough to be taken for one customer.
std::string customer_name(std::size_t number)
{
    static constexpr std::array syllables{"ba", "co", "du", "fe", "gi", "ka", "lo", "mu", "ne", "pi", "ra", "so", "tu", "ve", "wi", "zo"};
    Chance chance{number + 1};
    std::string name;
    for (const int word : {3, 4}) {
        name += name.empty() ? "" : " ";
        for (int i = 0; i < word; ++i) name += syllables[chance.below(syllables.size())];
        const auto first = name.size() - static_cast<std::size_t>(2 * word);
        name[first] = static_cast<char>(name[first] - 'a' + 'A');
    }
    return name;
}

/// Ann has 180 customers, synced at 08:00, then no network until 19:00. The app is killed twice in between.
class OfflineDay final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        const auto fay = stage.hire("Fay", "finance");
        for (std::size_t i = 1; i < customers; ++i) // Acme is the first one
            accounts_.push_back(stage.put("account", {{"name", customer_name(i)}, {"territory", office_.north}}));
        for (const auto* name : {"Fair: Kowalski", "Fair: Lindgren"})
            leads_.push_back(stage.put("lead", {{"name", text(name)},
                                                {"company", text(name).substr(6) + " KG"},
                                                {"territory", office_.north},
                                                {"owner", office_.ann},
                                                {"status", text("qualified")}}));
        phone_ = &stage.enrol("phone", office_.ann);
        mona_ = &stage.enrol("mona", office_.mona);
        finance_ = &stage.enrol("finance", fay);
        exchange(stage);
        before_ = counts(stage.hub());
        if (before_.at("account") != customers || !(*phone_)->findings().empty())
            throw std::logic_error{"the story begins with 180 customers, and no question"};
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { day(stage); }, [this](Stage& stage, Expect& expect) { check(stage, expect); }}};
    }

    std::vector<std::string> measure(Stage&, Expect& expect) override
    {
        const auto& [up, down, files, records] = phone_->traffic;
        const auto wire = fmt::format("the evening takes {} bytes up and {} down besides the photos, of {} at most", up, down, wire_bytes_max);
        expect.that(up + down <= wire_bytes_max, wire);
        expect.that(files >= static_cast<std::int64_t>(photos * photo(0).size()), "the photos were sent");
        return {wire};
    }

private:
    using Counts = std::map<std::string, std::size_t>;
    static Counts counts(server::Hub& hub)
    {
        Counts all;
        for (const auto& kind : schema::kinds())
            if (const auto count = hub.records_of(kind.name).size(); count > 0) all[std::string{kind.name}] = count;
        return all;
    }

    void day(Stage& stage)
    {
        visits_.clear();
        made_.clear();
        report_ = made("expense_report", {{"title", text("Monday")}, {"owner", office_.ann}, {"status", text("draft")}, {"currency", text("EUR")}});
        // Planned in another order than they came about: the second customer had no time before the afternoon.
        for (const int hour : {9, 16, 10, 11, 13, 14}) visit(stage, hour);
        std::sort(visits_.begin(), visits_.end());
        for (std::size_t i = 0; i < visits_.size(); ++i) {
            hold(stage, i);
            if (i == 2 || i == 4) phone_->restart(); // killed
        }
        stage.at(0, 17);
        customer_ = made("account",
                         {{"name", text("Hafen-Bistro")}, {"territory", office_.north}, {"city", text("Kiel")}, {"phone", text("+49 431 5550199")}});
        quote(customer_, 5);
        quote(accounts_[3], 3);
        const auto order =
            made("order", {{"account", accounts_[7]}, {"owner", office_.ann}, {"status", text("open")}, {"ordered_on", text("2026-03-02")}});
        for (std::int64_t i = 1; i <= 4; ++i) (void)phone_->add_item(order, "lines", line(i));
        for (const auto& lead : leads_) upgrade(lead);
        expenses();
        stage.at(0, 19);
    }

    RecordId made(std::string_view kind, const schema::Fields& fields) { return made_.emplace_back(phone_->add(kind, fields)); }

    void visit(Stage& stage, int hour)
    {
        const auto& account = accounts_[10 * visits_.size()];
        visits_.emplace_back(hour, made("visit", {{"subject", text("Spring range")},
                                                  {"account", account},
                                                  {"owner", office_.ann},
                                                  {"status", text("planned")},
                                                  {"planned_at", stage.moment(0, 9 + static_cast<int>(visits_.size()))}}));
    }

    void hold(Stage& stage, std::size_t i)
    {
        const auto& [hour, id] = visits_[i];
        stage.at(0, hour);
        phone_->set(id, {{"status", text("in_progress")}, {"checked_in_at", stage.clock().now()}});
        stage.at(0, hour, 40);
        phone_->set(id, {{"status", text("done")},
                         {"checked_out_at", stage.clock().now()},
                         {"outcome", text("Interested in two products")},
                         {"notes", text(notes[i])}});
    }

    [[nodiscard]] schema::Fields line(std::int64_t i) const
    {
        return {{"product", office_.widget},
                {"description", fmt::format("Widget, pack of {}", 6 * i)},
                {"quantity", (10 + i) * 1'000},
                {"unit_price", Money{10'00 * i, "EUR"}}};
    }

    void quote(const RecordId& account, std::int64_t lines)
    {
        const auto id = made("quote", {{"account", account},
                                       {"owner", office_.ann},
                                       {"status", text("draft")},
                                       {"currency", text("EUR")},
                                       {"valid_until", text("2026-04-30")}});
        for (std::int64_t i = 1; i <= lines; ++i) (void)phone_->add_item(id, "lines", line(i));
    }

    /// A lead becomes a customer, a contact and an opportunity.
    void upgrade(const RecordId& lead)
    {
        const auto company = schema::text_of((*phone_)->show(lead)->merged.record, "company");
        const auto account = made("account", {{"name", company}, {"territory", office_.north}});
        const auto contact = made("contact", {{"name", company.substr(0, company.size() - 3)}, {"account", account}});
        const auto opportunity = made("opportunity", {{"name", "First order of " + company},
                                                      {"account", account},
                                                      {"owner", office_.ann},
                                                      {"stage", text("qualification")},
                                                      {"lead", lead},
                                                      {"amount", Money{2'500'00, "EUR"}}});
        phone_->set(
            lead,
            {{"status", text("converted")}, {"converted_account", account}, {"converted_contact", contact}, {"converted_opportunity", opportunity}});
    }

    void expenses()
    {
        for (std::uint64_t i = 0; i < photos; ++i) {
            (void)phone_->add_item(report_, "items",
                                   {{"spent_on", text("2026-03-02")},
                                    {"category", text(i % 2 == 0 ? "taxi" : "meal")},
                                    {"amount", Money{12'50 + static_cast<std::int64_t>(i), "EUR"}},
                                    {"receipt", sha256(photo(i)).hex()}});
            phone_->attach(report_, fmt::format("receipt-{}.jpg", i + 1), "image/jpeg", photo(i));
        }
    }

    void check(Stage& stage, Expect& expect)
    {
        expect.on("the server");
        auto wanted = before_;
        for (const auto& [kind, more] : {std::pair{"visit", 6}, std::pair{"account", 3}, std::pair{"quote", 2}, std::pair{"order", 1},
                                         std::pair{"expense_report", 1}, std::pair{"contact", 2}, std::pair{"opportunity", 2}})
            wanted[kind] +=
                static_cast<std::size_t>(more); // the two leads were there; two of the customers, the contacts and opportunities came out of them
        expect.equal(counts(stage.hub()), wanted, "records");
        for (const auto& lead : leads_) expect.equal(stage.hub().record(lead).value()["status"], schema::Value{text("converted")}, "a lead");
        for (std::uint64_t i = 0; i < photos; ++i)
            expect.that(is_on_server(stage, photo(i)), fmt::format("photo {} is there, its hash is equal", i + 1));
        const auto report = stage.hub().record(report_).value();
        expect.equal(report.collections.at("items").size(), 7U, "expense items");
        expect.equal(report.collections.at("attachments").size(), 7U, "receipts");
        expect.on("phone");
        for (const auto& id : made_) expect.that(!(*phone_)->show(id)->unsent, "a record is marked as on the server");
        for (const auto& lead : leads_) expect.that(!(*phone_)->show(lead)->unsent, "a lead is marked as on the server");
        for (auto* device : {phone_, mona_, finance_}) {
            expect.on(device->name());
            expect.that((*device)->conflicts().empty() && (*device)->findings().empty() && tasks_of(*device).empty(), "no question is asked");
        }
        check_day_view(expect);
    }

    /// By the time when they came about.
    void check_day_view(Expect& expect)
    {
        std::vector<RecordId> seen, true_order;
        for (const auto& visit : (*mona_)->list({"visit", {{"owner", office_.ann}}, "checked_in_at"}).value()) seen.push_back(visit.id);
        for (const auto& [hour, id] : visits_) true_order.push_back(id);
        expect.on("mona");
        expect.equal(seen, true_order, "the day's visits");
    }

    Office office_;
    std::vector<RecordId> accounts_, leads_, made_;
    std::vector<std::pair<int, RecordId>> visits_; ///< the hour in which it began
    RecordId report_, customer_;
    Counts before_;
    Device *phone_ = nullptr, *mona_ = nullptr, *finance_ = nullptr;
};

} // namespace

std::unique_ptr<Story> offline_day()
{
    return std::make_unique<OfflineDay>();
}

} // namespace roadbook::simulation::stories
