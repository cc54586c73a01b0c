// Scenario 3: two reps change one quote, both offline, and their manager settles it.
#include "shared/rules/totals.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <algorithm>

namespace roadbook::simulation::stories {
namespace {

std::string total(const schema::Record& record)
{
    return rules::totals_of(record).value().sums.front().total().text();
}

/// Base: L1 10 x 100, L2 5 x 40, discount 0. Ann: L1 12, L3 1 x 500. Ben: L1 8, without L2, discount 5 %.
class OneQuote final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        office_.ben_covers(stage);
        ann_ = &stage.enrol("ann", office_.ann);
        ben_ = &stage.enrol("ben", office_.ben);
        mona_ = &stage.enrol("mona", office_.mona);
        exchange(stage);
        quote_ = ann_->add("quote", {{"account", office_.acme}, {"currency", text("CNY")}, {"owner", office_.ann}, {"status", text("draft")}});
        l1_ = ann_->add_item(quote_, "lines", line("L1", 10, 100'00));
        l2_ = ann_->add_item(quote_, "lines", line("L2", 5, 40'00));
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { both_work(stage); }, [this](Stage& stage, Expect& expect) { check_conflict(stage, expect); }},
                {[this](Stage& stage) { mona_picks(stage); }, [this](Stage& stage, Expect& expect) { check_settled(stage, expect); }}};
    }

private:
    static schema::Fields line(const char* what, std::int64_t quantity, std::int64_t minor)
    {
        return {{"description", text(what)}, {"quantity", quantity * 1'000}, {"unit_price", Money{minor, "CNY"}}};
    }
    [[nodiscard]] std::string contested() const { return "lines/" + l1_.text() + "/quantity"; }

    void both_work(Stage& stage)
    {
        stage.at(0, 10);
        ann_->set_item(quote_, "lines", l1_, {{"quantity", std::int64_t{12'000}}});
        l3_ = ann_->add_item(quote_, "lines", line("L3", 1, 500'00));
        ben_->set_item(quote_, "lines", l1_, {{"quantity", std::int64_t{8'000}}});
        ben_->remove_item(quote_, "lines", l2_);
        ben_->set(quote_, {{"discount", std::int64_t{500}}});
    }

    void check_conflict(Stage& stage, Expect& expect)
    {
        const auto shown_total = total(stage.hub().record(quote_).value());
        for (auto* device : {ann_, ben_, mona_}) {
            expect.on(device->name());
            const auto shown = (*device)->show(quote_).value();
            expect.equal(shown.conflicts.size(), 1U, "open questions");
            std::map<std::string, std::string> totals; // by whose value it is
            for (const auto& conflict : shown.conflicts) {
                expect.equal(conflict.path, contested(), "what it is about");
                expect.that(conflict.needs_person && conflict.may_decide, "the quote needs review, by anybody who may write it");
                for (const auto& one : conflict.candidates)
                    totals[one.person_name] = total(merge::if_chosen(shown.merged.record, conflict.path, one.value));
            }
            expect.equal(totals, std::map<std::string, std::string>{{"Ann", "1615.00 CNY"}, {"Ben", "1235.00 CNY"}}, "what each choice comes to");
            expect.equal(total(shown.merged.record), shown_total, "the total that shows, as on the server");
            expect.that(line_is_there(shown.merged.record, l1_) && !line_is_there(shown.merged.record, l2_) &&
                            line_is_there(shown.merged.record, l3_),
                        "L1 and L3 are there, L2 is gone");
            expect.equal(shown.merged.record["discount"], schema::Value{std::int64_t{500}}, "the discount");
            expect.that(device != mona_ || (*device)->approve(quote_).error().code == Errc::conflict_open, "it cannot be approved");
            expect.equal(notices(*device), device == mona_ ? std::vector<std::string>{} : std::vector<std::string>{"new"},
                         "both who wrote it are told, once");
        }
        changes_ = (*mona_)->history(quote_).value().size();
    }

    void mona_picks(Stage& stage)
    {
        stage.at(0, 12);
        mona_->resolve(quote_, contested(), std::int64_t{12'000}, "the customer needs twelve");
    }

    void check_settled(Stage&, Expect& expect)
    {
        for (auto* device : {ann_, ben_, mona_}) {
            expect.on(device->name());
            const auto shown = (*device)->show(quote_).value();
            expect.that(shown.conflicts.empty(), "nothing is open");
            expect.equal(total(shown.merged.record), "1615.00 CNY", "the total");
            const auto history = (*device)->history(quote_).value();
            expect.equal(history.size(), changes_ + 1, "changes: the choice is one");
            expect.equal(history.back().by->reason, "the customer needs twelve", "its reason");
            const auto is_bens_eight = [&](const auto& entry) {
                return entry.person_name == "Ben" && std::any_of(entry.sets.begin(), entry.sets.end(),
                                                                 [&](const auto& set) { return set.path == contested() && set.value == "8"; });
            };
            expect.that(std::any_of(history.begin(), history.end(), is_bens_eight), "Ben's eight stays in the history");
            expect.equal(notices(*device), device == mona_ ? std::vector<std::string>{} : std::vector<std::string>{"withdrawn"},
                         "what they were told is closed");
        }
    }

    static bool line_is_there(const schema::Record& record, const ChildId& id)
    {
        const auto& lines = record.collections.at("lines");
        return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.id == id && !line.removed; });
    }

    std::vector<std::string> notices(Device& device)
    {
        std::vector<std::string> states;
        for (const auto& task : tasks_of(device))
            if (schema::reference_of(task, "owner") == device.person() && schema::text_of(task, "finding").starts_with("conflict/" + quote_.text()))
                states.push_back(schema::text_of(task, "notice"));
        return states;
    }

    Office office_;
    RecordId quote_;
    ChildId l1_, l2_, l3_;
    std::size_t changes_ = 0;
    Device *ann_ = nullptr, *ben_ = nullptr, *mona_ = nullptr;
};

} // namespace

std::unique_ptr<Story> one_quote()
{
    return std::make_unique<OneQuote>();
}

} // namespace roadbook::simulation::stories
