// Scenario 10: trip expenses in two currencies, and a race with their approval.
#include "shared/rules/expenses.hpp"
#include "shared/rules/totals.hpp"
#include "sync-server/admin/payments.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <algorithm>

namespace roadbook::simulation::stories {
namespace {

const server::PaymentOptions today{"2026-05-20", "TX-1", {}, false};

/// Hotel 3 nights x 1,800 THB (rate 0.20), taxi 240 CNY, per diem 3 x 150 CNY, 86 km x 1.20 CNY. Mona approves 1,873.20 offline while Ann changes the
/// taxi to 420 on her second device.
class Trip final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        const auto fay = stage.hire("Fay", "finance");
        auto rules = testing::creation(policy_ = stage.new_record(), "expense_policy", {{"name", text("Travel 2026")}, {"currency", text("CNY")}});
        const auto add = [&](const char* collection, schema::Fields fields) {
            rules.steps.push_back({collection, stage.new_child(), true, std::move(fields)});
        };
        add("limits", {{"category", text("hotel")}, {"amount", Money{300'00, "CNY"}}, {"per", text("night")}});
        add("mileage", {{"per_km", Money{1'20, "CNY"}}});
        add("per_diems", {{"full_day", Money{150'00, "CNY"}}});
        stage.apply(rules);
        phone_ = &stage.enrol("phone", office_.ann);
        tablet_ = &stage.enrol("tablet", office_.ann);
        mona_ = &stage.enrol("mona", office_.mona);
        finance_ = &stage.enrol("finance", fay);
        exchange(stage);
        write_report();
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { race(stage); }, [this](Stage&, Expect& expect) { check_race(expect); }},
                {[this](Stage& stage) { export_pays_twice(stage); }, [this](Stage&, Expect& expect) { check_paid(expect); }},
                {[this](Stage& stage) { approves_again(stage); },
                 [this](Stage&, Expect& expect) { check_payouts({mona_, finance_}, {.paid = 1'873'20, .due = 180'00}, expect); },
                 [this] { return std::vector<Device*>{mona_, finance_}; }},
                {[this](Stage& stage) { pays_the_rest(stage); }, [this](Stage& stage, Expect& expect) { check_all_paid(stage, expect); }}};
    }

private:
    void write_report()
    {
        report_ =
            phone_->add("expense_report", {{"title", text("Bangkok")}, {"status", text("draft")}, {"currency", text("CNY")}, {"policy", policy_}});
        const auto item = [&](schema::Fields fields) {
            fields["spent_on"] = text("2026-05-06");
            return phone_->add_item(report_, "items", fields);
        };
        hotel_ = item({{"category", text("hotel")},
                       {"amount", Money{5'400'00, "THB"}},
                       {"nights", std::int64_t{3}},
                       {"rate_millionths", std::int64_t{200'000}},
                       {"rate_source", text("Bank of China")},
                       {"rate_date", text("2026-05-04")},
                       {"place", text("Bangkok")},
                       {"reason", text("trade fair: nothing cheaper")},
                       {"receipt", sha256(photo(1)).hex()}});
        taxi_ = item({{"category", text("taxi")}, {"amount", Money{240'00, "CNY"}}});
        (void)item({{"category", text("per_diem")}, {"amount", Money{450'00, "CNY"}}, {"hours", std::int64_t{72'000}}});
        (void)item({{"category", text("mileage")}, {"amount", Money{103'20, "CNY"}}, {"distance", std::int64_t{86'000}}});
        phone_->attach(report_, "hotel.jpg", "image/jpeg", photo(1));
        check_offline();
        phone_->set(report_, {{"status", text("submitted")}});
    }

    /// 1,080.00 + 240.00 + 450.00 + 103.20 = 1,873.20, and the hotel 60 a night over its limit, before anything is sent. A story that begins
    /// otherwise is none.
    void check_offline()
    {
        const auto policy = rules::expense_policy_from((*phone_)->show(policy_)->merged.record);
        const auto totals = rules::expense_totals(rules::expense_report_from((*phone_)->show(report_)->merged.record), &policy).value();
        const bool as_told = totals.total == Money{1'873'20, "CNY"} && totals.findings.size() == 1 && totals.findings[0].rule == "over_limit" &&
                             totals.findings[0].over == Money{180'00, "CNY"};
        if (!as_told) throw std::logic_error{"the report does not come to 1,873.20 CNY with +180.00 flagged"};
    }

    void race(Stage& stage)
    {
        stage.at(1, 9);
        approval_ = mona_->approve(report_);
        tablet_->set_item(report_, "items", taxi_, {{"amount", Money{420'00, "CNY"}}});
    }

    void check_race(Expect& expect)
    {
        for (auto* device : everybody()) {
            expect.on(device->name());
            const auto shown = (*device)->show(report_).value();
            expect.equal(shown.merged.record["status"], schema::Value{text("approved")}, "status");
            expect.that(!shown.approval.is_approved(), "a new approval is asked");
            expect.equal(shown.endorsed.size(), 1U, "approvals");
            for (const auto& one : shown.endorsed) {
                expect.that(one.read.standing == merge::Endorsed::Standing::changed_since && one.moves.size() == 1, "approved then, changed since");
                for (const auto& move : one.moves) {
                    expect.equal(move.path, "items/" + taxi_.text() + "/amount", "what moved");
                    expect.equal(move.then + " to " + move.now + " by " + move.person_name, "240.00 CNY to 420.00 CNY by Ann", "how it moved");
                }
            }
            const auto state = shown.payout.value();
            expect.equal(state.approved, 1'873'20, "approved, and only that");
            const auto taxi = std::find_if(state.items.begin(), state.items.end(), [&](const auto& item) { return item.item == taxi_; });
            expect.that(taxi != state.items.end() && taxi->approved == Money{240'00, "CNY"} && taxi->after_approval() == 180'00,
                        "the taxi shows after approval, +180.00");
            const auto then = (*device)->as_endorsed(report_, approval_);
            expect.that(then.has_value() && rules::totals_of(*then)->sums.size() == 2, "what was approved can still be read");
            const auto hotel = std::find_if(shown.merged.record.collections.at("items").begin(), shown.merged.record.collections.at("items").end(),
                                            [&](const auto& item) { return item.id == hotel_; });
            expect.equal(hotel->fields.at("receipt"), schema::Value{sha256(photo(1)).hex()}, "the hotel's line opens to its receipt's hash");
            expect.equal(hotel->fields.at("rate_source"), schema::Value{text("Bank of China")}, "its rate's source");
            expect.equal(hotel->fields.at("rate_date"), schema::Value{text("2026-05-04")}, "its rate's day");
            expect.equal(hotel->fields.at("place"), schema::Value{text("Bangkok")}, "its place");
        }
        check_payouts(everybody(), {.due = 1'873'20, .after_approval = 180'00}, expect);
    }

    /// The finance export, run twice.
    void export_pays_twice(Stage& stage)
    {
        stage.at(1, 12);
        stage.administer([&](server::Hub& hub) {
            first_ = server::pay_due(hub, today);
            second_ = server::pay_due(hub, today);
            listed_ = server::payments_of(hub, "2026-05-20");
            return true;
        });
    }

    void check_paid(Expect& expect)
    {
        std::int64_t sum = 0;
        for (const auto& row : first_.rows) sum += row.amount.minor;
        expect.on("finance export");
        expect.equal(sum, 1'873'20, "paid");
        expect.equal(first_.rows.size(), 4U, "payments");
        expect.that(first_.left.empty(), "nothing is left out");
        expect.that(second_.rows.empty(), "the second run pays nothing");
        expect.equal(listed_.rows.size(), 4U, "payments of that day");
        check_payouts(everybody(), {.paid = 1'873'20, .after_approval = 180'00}, expect);
    }

    void approves_again(Stage& stage)
    {
        stage.at(2, 9);
        (void)mona_->approve(report_, "the receipt is right");
    }

    void pays_the_rest(Stage& stage)
    {
        stage.at(2, 12);
        finance_->does([&](auto& replica) { return replica.pay(report_, "TX-2"); });
    }

    void check_all_paid(Stage& stage, Expect& expect)
    {
        check_payouts(everybody(), {.paid = 2'053'20}, expect);
        for (auto* device : everybody()) {
            expect.on(device->name());
            expect.equal(value(*device, report_, "status"), schema::Value{text("reimbursed")}, "status");
        }
        expect.on("the server");
        auto looking = today;
        looking.dry_run = true;
        expect.that(server::pay_due(stage.hub(), looking).rows.empty(), "nothing is due any more");
        expect.that(is_on_server(stage, photo(1)), "the receipt is there, byte for byte");
    }

    struct Sums {
        std::int64_t paid = 0, due = 0, after_approval = 0;
    };
    void check_payouts(const std::vector<Device*>& devices, const Sums& sums, Expect& expect)
    {
        for (auto* device : devices) {
            expect.on(device->name());
            const auto state = (*device)->show(report_)->payout.value();
            expect.equal(state.paid, sums.paid, "paid");
            expect.equal(state.due, sums.due, "due");
            expect.equal(state.after_approval, sums.after_approval, "after approval");
        }
    }

    std::vector<Device*> everybody() { return {phone_, tablet_, mona_, finance_}; }

    Office office_;
    RecordId policy_, report_;
    ChildId hotel_, taxi_, approval_;
    server::PaymentRun first_, second_, listed_;
    Device *phone_ = nullptr, *tablet_ = nullptr, *mona_ = nullptr, *finance_ = nullptr;
};

} // namespace

std::unique_ptr<Story> trip()
{
    return std::make_unique<Trip>();
}

} // namespace roadbook::simulation::stories
