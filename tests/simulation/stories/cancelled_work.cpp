// Scenario 7: cancelled, but done offline.
#include "tests/simulation/stories/story.hpp"
#include "tests/simulation/stories/views.hpp"

namespace roadbook::simulation::stories {
namespace {

/// 10:05 the dispatcher cancels a work order. The engineer has no network since 09:30, completes it at 11:20 with 4 photos, 2 parts and a
/// signature, and syncs at 15:00.
class CancelledWork final : public Story {
public:
    void set_up(Stage& stage) override
    {
        stage.at(0, 8);
        mona_ = stage.hire("Mona", "manager");
        eve_ = stage.hire("Eve", "engineer", mona_);
        dora_ = stage.hire("Dora", "dispatcher", mona_);
        const auto north = stage.put("territory", {{"name", text("North")}, {"holder", mona_}});
        const auto acme = stage.put("account", {{"name", text("Acme")}, {"territory", north}});
        part_ = stage.put("product", {{"name", text("P")}, {"price", Money{1000, "EUR"}}});
        work_ = stage.put("work_order",
                          {{"subject", text("Pump")}, {"account", acme}, {"assignee", eve_}, {"dispatcher", dora_}, {"status", text("accepted")}});
        engineer_ = &stage.enrol("engineer", eve_);
        desk_ = &stage.enrol("desk", dora_);
        boss_ = &stage.enrol("boss", mona_);
        exchange(stage);
        van_ = desk_->add("van_stock", {{"holder", eve_}, {"product", part_}});
        (void)desk_->add("stock_movement", {{"product", part_},
                                            {"van", eve_},
                                            {"quantity", std::int64_t{5'000}},
                                            {"reason", text("receipt")},
                                            {"moved_at", stage.clock().now()},
                                            {"moved_by", dora_}});
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { cancelled_and_done(stage); }, [this](Stage& stage, Expect& expect) { check_hold(stage, expect); }},
                {[this](Stage& stage) { decided(stage); }, [this](Stage& stage, Expect& expect) { check_decided(stage, expect); }}};
    }

private:
    void cancelled_and_done(Stage& stage)
    {
        stage.at(0, 9, 30);
        engineer_->set(work_, {{"status", text("in_progress")}});
        stage.at(0, 10, 5);
        desk_->set(work_, {{"status", text("cancelled")}, {"cancel_reason", text("customer called")}});
        stage.at(0, 11, 20);
        for (int i = 0; i < 2; ++i)
            (void)engineer_->add_item(work_, "parts_used", {{"product", part_}, {"quantity", std::int64_t{1'000}}, {"van_stock", van_}});
        (void)engineer_->add_item(work_, "labour", {{"person", eve_}, {"minutes", std::int64_t{90}}});
        (void)engineer_->sign(work_, {"Customer", {}, {}, {}, {}});
        for (std::uint64_t i = 0; i < 4; ++i) engineer_->attach(work_, fmt::format("{}.jpg", i), "image/jpeg", photo(i));
        engineer_->set(work_, {{"status", text("completed")}});
        stage.at(0, 15);
    }

    void check_hold(Stage& stage, Expect& expect)
    {
        for (auto* device : {engineer_, desk_, boss_}) {
            expect.on(device->name());
            const auto found = (*device)->findings_of(work_);
            expect.equal(found.size(), 1U, "findings");
            for (const auto& finding : found) {
                expect.equal(finding.people, std::vector{std::min(eve_, dora_), std::max(eve_, dora_)}, "whom it concerns");
                expect.equal(finding.words.en,
                             R"("Pump" was completed after cancel (cancel not seen): 90 minutes of labour are counted, the invoice is on hold)",
                             "what it says");
            }
            expect.equal(value(*device, work_, "status"), schema::Value{text("completed")}, "status");
            expect.equal(value(*device, work_, "billing"), schema::Value{text("on_hold")}, "the invoice");
            const auto record = (*device)->show(work_)->merged.record;
            expect.equal(record.collections.at("parts_used").size(), 2U, "parts");
            expect.equal(record.collections.at("attachments").size(), 4U, "photos");
            expect.equal(record.collections.at("signatures").size(), 1U, "signatures");
        }
        for (std::uint64_t i = 0; i < 4; ++i) expect.that(is_on_server(stage, photo(i)), fmt::format("photo {} is on the server", i));
        expect.on("desk");
        const auto tasks = tasks_of(*desk_);
        expect.equal(tasks.size(), 1U, "decisions");
        for (const auto& task : tasks) expect.equal(task["work_order"], schema::Value{work_}, "what it is about");
        expect.on("engineer");
        expect.that(tasks_of(*engineer_).empty(), "has nothing to decide");
    }

    /// Goodwill; and four parts more are taken from the van, of which 5 - 2 are left: that shows that the two were deducted.
    void decided(Stage& stage)
    {
        stage.at(0, 16);
        desk_->set(work_, {{"billing", text("goodwill")}});
        (void)desk_->add("stock_movement", {{"product", part_},
                                            {"van", eve_},
                                            {"quantity", std::int64_t{-4'000}},
                                            {"reason", text("used")},
                                            {"moved_at", stage.clock().now()},
                                            {"moved_by", dora_}});
    }

    void check_decided(Stage&, Expect& expect)
    {
        for (auto* device : {engineer_, desk_, boss_}) {
            expect.on(device->name());
            const auto found = (*device)->findings(); // nothing to decide any more; but the two parts were deducted, and one is missing now
            expect.equal(found.size(), 1U, "findings");
            if (!found.empty()) expect.equal(found.front().rule, "overdrawn_stock", "the one that is left");
            if (!found.empty()) expect.equal(found.front().quantity.value_or(0), 1'000, "missing, in thousandths");
        }
        expect.on("desk");
        for (const auto& task : tasks_of(*desk_)) {
            expect.equal(task["done"], schema::Value{true}, "the decision is made");
            expect.that(schema::text_of(task, "closed_because").find("Goodwill") != std::string::npos, "and says which");
        }
    }

    RecordId mona_, eve_, dora_, part_, work_, van_;
    Device *engineer_ = nullptr, *desk_ = nullptr, *boss_ = nullptr;
};

/// Had the engineer synced at 10:30, he would have seen the cancel first.
class CancelSeen final : public Story {
public:
    void set_up(Stage& stage) override
    {
        const auto mona = stage.hire("Mona", "manager");
        eve_ = stage.hire("Eve", "engineer", mona);
        dora_ = stage.hire("Dora", "dispatcher", mona);
        const auto north = stage.put("territory", {{"name", text("North")}, {"holder", mona}});
        const auto acme = stage.put("account", {{"name", text("Acme")}, {"territory", north}});
        work_ = stage.put("work_order",
                          {{"subject", text("Pump")}, {"account", acme}, {"assignee", eve_}, {"dispatcher", dora_}, {"status", text("accepted")}});
        engineer_ = &stage.enrol("engineer", eve_);
        desk_ = &stage.enrol("desk", dora_);
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        const auto all_of_ten = [this](Stage& stage) {
            stage.at(0, 10, 5);
            desk_->set(work_, {{"status", text("cancelled")}, {"cancel_reason", text("customer called")}});
            stage.at(0, 10, 30);
        };
        const auto seen = [this](Stage&, Expect& expect) {
            expect.on("engineer");
            const auto shown = (*engineer_)->show(work_).value().merged;
            expect.equal(shown.record["status"], schema::Value{text("cancelled")}, "the cancel shows first");
            expect.equal(shown.record["cancel_reason"], schema::Value{text("customer called")}, "and why");
            // There is no way from cancelled to completed for an engineer: he is told so on the device, before anything is saved.
            const auto refused = (*engineer_)->set(work_, {{"status", text("completed")}});
            expect.that(!refused && refused.error().code == Errc::not_allowed && refused.error().field == "status", "he cannot complete it unseen");
        };
        return {{all_of_ten, seen}};
    }

private:
    RecordId eve_, dora_, work_;
    Device *engineer_ = nullptr, *desk_ = nullptr;
};

} // namespace

std::unique_ptr<Story> cancelled_work()
{
    return std::make_unique<CancelledWork>();
}

std::unique_ptr<Story> cancel_seen()
{
    return std::make_unique<CancelSeen>();
}

} // namespace roadbook::simulation::stories
