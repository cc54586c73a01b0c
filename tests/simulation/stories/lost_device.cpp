// Scenario 9: a device is lost.
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <set>

namespace roadbook::simulation::stories {
namespace {

/// Ann's phone was last in contact at 11:00 and is reported lost at 14:20. A new one is enrolled; the old one comes online at 16:00, in any order.
class LostDevice final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        lost_ = &stage.enrol("lost", office_.ann, Device::With::vault);
        mona_ = &stage.enrol("mona", office_.mona);
        exchange(stage);
        stage.at(0, 11);
        lost_->set(office_.acme, {{"phone", text("of 11:00")}});
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { reported(stage); }, [this](Stage& stage, Expect& expect) { check_handed_over(stage, expect); }},
                {[this](Stage& stage) { decided(stage); }, [this](Stage&, Expect& expect) { check_decided(expect); },
                 [this] { return std::vector<Device*>{mona_, fresh_}; }}};
    }

private:
    void reported(Stage& stage)
    {
        stage.at(0, 12);
        lost_->set(office_.acme, {{"city", text("Kiel")}});
        (void)lost_->add("task", {{"subject", text("Unsent")}, {"owner", office_.ann}});
        id_ = (*lost_)->identity()->device;
        before_ = lost_->traffic.records;
        stage.at(0, 14, 20);
        stage.administer([&](server::Hub& hub) { return hub.revoke(id_).has_value(); });
        stage.core().poll();
        mona_->set(office_.acme, {{"website", text("after the report")}});
        fresh_ = &stage.enrol("fresh", office_.ann);
        stage.at(0, 16);
    }

    void check_handed_over(Stage& stage, Expect& expect)
    {
        expect.on("lost");
        expect.equal(lost_->traffic.records, before_, "bytes of records that it was given since the report");
        expect.that(lost_->is_wiped(), "has erased itself");
        std::set<std::string> left;
        for (const auto& entry : std::filesystem::directory_iterator{lost_->folder()}) left.insert(entry.path().filename().string());
        expect.equal(left, std::set<std::string>{"lock"}, "files that are left on it");
        expect.on("the server");
        const auto edits = stage.hub().surrendered();
        expect.equal(edits.size(), 2U, "edits that wait for a manager");
        for (const auto& edit : edits)
            expect.that(edit.person == office_.ann && edit.device == id_ && edit.why == "revoked", "of whom, from where and why they came");
        for (auto* device : {mona_, fresh_}) {
            expect.on(device->name());
            expect.equal(value(*device, office_.acme, "phone"), schema::Value{text("of 11:00")}, "the state of 11:00");
            expect.equal(value(*device, office_.acme, "city"), schema::Value{}, "nothing is carried out before somebody has decided");
            expect.equal(value(*device, office_.acme, "website"), schema::Value{text("after the report")}, "and the day went on");
        }
    }

    /// The new device is used, and a manager lets the old one's edits through.
    void decided(Stage& stage)
    {
        stage.at(0, 17);
        fresh_->set(office_.acme, {{"street", text("Harbour 1")}});
        stage.administer([](server::Hub& hub) {
            for (const auto& edit : hub.surrendered()) (void)hub.release("s" + std::to_string(edit.num), {}).value();
            return true;
        });
    }

    void check_decided(Expect& expect)
    {
        for (auto* device : {mona_, fresh_}) {
            expect.on(device->name());
            for (const auto& [field, wanted] : {std::pair{"city", "Kiel"}, std::pair{"phone", "of 11:00"}, std::pair{"street", "Harbour 1"}})
                expect.equal(value(*device, office_.acme, field), schema::Value{text(wanted)}, field);
        }
        expect.on("fresh");
        expect.equal(tasks_of(*fresh_).size(), 1U, "the task that was not sent");
    }

    Office office_;
    DeviceId id_{};
    std::int64_t before_ = 0;
    Device *lost_ = nullptr, *mona_ = nullptr, *fresh_ = nullptr;
};

} // namespace

std::unique_ptr<Story> lost_device()
{
    return std::make_unique<LostDevice>();
}

} // namespace roadbook::simulation::stories
