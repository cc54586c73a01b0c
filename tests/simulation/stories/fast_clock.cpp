// Scenario 8: a device's clock is two days fast.
#include "shared/rules/service_level.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <set>

namespace roadbook::simulation::stories {
namespace {

constexpr std::chrono::hours day{24};
constexpr std::chrono::seconds under_way{1}; // so long may a greeting take: by this much the offset of a clock is uncertain

/// Ann's clock is two days fast. She edits a customer's phone; Mona, who has seen that, corrects it; Max changes it offline at the same time.
class FastClock final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        const auto max = stage.hire("Max", "manager");
        stage.apply(testing::edit(office_.mona, "person", {{"reports_to", max}}));
        opened_ = stage.clock().now();
        ticket_ = stage.put(
            "ticket",
            {{"subject", text("It leaks")}, {"account", office_.acme}, {"opened_at", opened_}, {"respond_by", opened_ + std::chrono::hours{4}}});
        ann_ = &stage.enrol("ann", office_.ann, Device::With::vault);
        mona_ = &stage.enrol("mona", office_.mona);
        max_ = &stage.enrol("max", max);
        ann_->clock.ahead = 2 * day;
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { ann_and_max_edit(stage); },
                 [this](Stage&, Expect& expect) {
                     expect.on("mona");
                     expect.equal(value(*mona_, office_.acme, "phone"), schema::Value{text("of the rep")}, "the phone that she sees");
                 },
                 [this] { return std::vector<Device*>{ann_, mona_}; }},
                {[this](Stage& stage) {
                     stage.at(0, 10);
                     mona_->set(office_.acme, {{"phone", text("of the colleague")}});
                 },
                 [this](Stage&, Expect& expect) {
                     for (auto* device : all()) check(*device, expect);
                     for (auto* device : all()) before_[device->name()] = history(*device);
                 }},
                {[this](Stage& stage) {
                     stage.at(1, 8);
                     ann_->clock.ahead = -100 * day;
                 },
                 [this](Stage&, Expect& expect) {
                     for (auto* device : all()) {
                         check(*device, expect);
                         expect.equal(history(*device), before_[device->name()], "turning the clock back reorders nothing");
                     }
                 }}};
    }

private:
    std::vector<Device*> all() { return {ann_, mona_, max_}; }

    void ann_and_max_edit(Stage& stage)
    {
        stage.at(0, 9);
        edited_ = stage.clock().now();
        max_->set(office_.acme, {{"phone", text("of the third")}}); // offline, and knows of neither of the others
        ann_->set(office_.acme, {{"phone", text("of the rep")}});
        (void)ann_->add("task", {{"subject", text("Call back")}, {"owner", office_.ann}, {"due_on", text("2026-03-20")}});
    }

    void check(Device& device, Expect& expect)
    {
        expect.on(device.name());
        std::set<std::string> phones;
        const auto shown = device->show(office_.acme).value();
        for (const auto& conflict : shown.conflicts)
            if (conflict.path == "phone")
                for (const auto& candidate : conflict.candidates) phones.insert(std::get<std::string>(candidate.value));
        expect.equal(phones, std::set<std::string>{"of the colleague", "of the third"}, "phones: the rep's is superseded, the third's is not lost");
        int of_the_rep = 0;
        for (const auto& entry : device->history(office_.acme).value()) {
            if (entry.person_name != "Ann") continue;
            ++of_the_rep;
            expect.equal(entry.by->device_time, edited_ + 2 * day, "the rep's time, as her device had it");
            expect.that(std::chrono::abs(entry.by->when() - edited_) <= under_way, "the rep's time, put right: " + to_text(entry.by->when()));
        }
        expect.equal(of_the_rep, 1, "changes of the rep");
        expect.equal(value(device, ticket_, "respond_by"), schema::Value{opened_ + std::chrono::hours{4}}, "the promised answer");
        const rules::Entitlement four_hours{"Hard repair", {}, 240, {}, false};
        const auto times = rules::service_times(four_hours, std::get<Time>(value(device, ticket_, "opened_at")), nullptr, {}).value();
        expect.that(times.response->at == opened_ + std::chrono::hours{4}, "the promised answer follows from the contract");
        const auto tasks = tasks_of(device);
        expect.equal(tasks.size(), 1U, "tasks");
        for (const auto& task : tasks) expect.equal(task["due_on"], schema::Value{text("2026-03-20")}, "a date is kept as it was typed");
        const auto earlier = device->as_of(office_.acme, edited_ - std::chrono::minutes{1});
        expect.that(earlier && schema::is_empty((*earlier)["phone"]), "before the edit there was no phone, by the right clock");
    }

    static std::vector<std::string> history(Device& device, const RecordId& id)
    {
        std::vector<std::string> lines;
        for (const auto& entry : device->history(id).value()) lines.push_back(entry.change.hex() + " " + to_text(entry.by->when()));
        return lines;
    }
    std::vector<std::string> history(Device& device) { return history(device, office_.acme); }

    Office office_;
    RecordId ticket_;
    Time opened_{}, edited_{};
    std::map<std::string, std::vector<std::string>> before_;
    Device *ann_ = nullptr, *mona_ = nullptr, *max_ = nullptr;
};

} // namespace

std::unique_ptr<Story> fast_clock()
{
    return std::make_unique<FastClock>();
}

} // namespace roadbook::simulation::stories
