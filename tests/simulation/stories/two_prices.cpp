// Scenario 2: which price holds?
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

namespace roadbook::simulation::stories {
namespace {

/// Ann quotes product X at 100 from price list v12, Ben at 92 from v13 (in force from 1 June), both to the customer Acme.
class TwoPrices final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        office_.ben_covers(stage);
        v12_ = price_list(stage, 12, 100'00, "2026-01-01");
        v13_ = price_list(stage, 13, 92'00, "2026-06-01");
        ann_ = &stage.enrol("ann", office_.ann);
        ben_ = &stage.enrol("ben", office_.ben);
        mona_ = &stage.enrol("mona", office_.mona);
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { both_quote(stage); }, [this](Stage&, Expect& expect) { check(expect); }}};
    }

private:
    RecordId price_list(Stage& stage, std::int64_t version, std::int64_t minor, const char* from)
    {
        auto made = testing::creation(
            stage.new_record(), "price_list",
            {{"name", text("STD")}, {"code", text("STD")}, {"currency", text("EUR")}, {"version", version}, {"valid_from", text(from)}});
        made.steps.push_back(
            {"entries", stage.new_child(), true, {{"product", office_.widget}, {"unit_price", Money{minor, "EUR"}}, {"position", text("a")}}});
        stage.apply(made);
        return made.record;
    }

    RecordId quote(Device& by, std::int64_t minor, const RecordId& list, std::int64_t version, const char* day)
    {
        const auto id = by.add("quote", {{"account", office_.acme},
                                         {"owner", by.person()},
                                         {"quoted_on", text(day)},
                                         {"valid_until", text("2026-07-31")},
                                         {"status", text("draft")}});
        (void)by.add_item(id, "lines",
                          {{"product", office_.widget},
                           {"quantity", std::int64_t{1'000}},
                           {"unit_price", Money{minor, "EUR"}},
                           {"price_list", list},
                           {"price_list_version", version}});
        return id;
    }

    void both_quote(Stage& stage)
    {
        stage.at(0, 10);
        a_ = quote(*ann_, 100'00, v12_, 12, "2026-05-30");
        ann_->attach(a_, "quote.pdf", "application/pdf", as_bytes(paper));
        ann_->set(a_, {{"status", text("sent")}});
        b_ = quote(*ben_, 92'00, v13_, 13, "2026-06-02");
        was_a_ = (*ann_)->show(a_)->merged.record;
        was_b_ = (*ben_)->show(b_)->merged.record;
    }

    void check(Expect& expect)
    {
        for (auto* device : {ann_, ben_, mona_}) {
            expect.on(device->name());
            const auto found = (*device)->findings_of(office_.acme);
            expect.equal(found.size(), 1U, "alerts on the customer");
            for (const auto& finding : found) {
                expect.equal(finding.rule, "two_prices", "its rule");
                for (const auto* words :
                     {"100.00 EUR by STD v12, valid until 2026-07-31", "92.00 EUR by STD v13, valid until 2026-07-31", "2026-06-01"})
                    expect.that(finding.words.en.find(words) != std::string::npos, fmt::format("it says \"{}\": {}", words, finding.words.en));
                expect.that(finding.way_out.en.ends_with("list superseded, re-price to 92.00 EUR?"), finding.way_out.en);
                expect.that(finding.proposals.size() == 1 && finding.proposals.front().record == a_, "it is Ann's quote that may be priced anew");
            }
            check_unchanged(*device, a_, was_a_, expect);
            check_unchanged(*device, b_, was_b_, expect);
            expect.that(tasks_of(*device).empty(), "everybody who must know sees both quotes himself");
        }
        expect.on("ann");
        const auto file = (*ann_)->attachment(a_, sha256(as_bytes(paper)));
        expect.that(file && *file == to_bytes(as_bytes(paper)), "the paper that was sent is as it was");
    }

    /// Neither quote changes by itself; a number from the server aside.
    static void check_unchanged(Device& device, const RecordId& id, const schema::Record& was, Expect& expect)
    {
        const auto is = device->show(id)->merged.record;
        expect.that(is.collections == was.collections, "lines, and the hash of the paper with them, are as they were");
        for (const auto& [field, before] : was.fields)
            if (field != "number") expect.equal(is[field], before, field);
    }

    static constexpr std::string_view paper = "the paper that was sent";
    Office office_;
    RecordId v12_, v13_, a_, b_;
    schema::Record was_a_, was_b_;
    Device *ann_ = nullptr, *ben_ = nullptr, *mona_ = nullptr;
};

} // namespace

std::unique_ptr<Story> two_prices()
{
    return std::make_unique<TwoPrices>();
}

} // namespace roadbook::simulation::stories
