// Two managers hand one territory over apart, to different people.
#include "shared/protocol/frames.hpp"
#include "shared/protocol/packing.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

namespace roadbook::simulation::stories {
namespace {

/// Mona gives Ann's north to Ben, Max gives it to Cora. Until it is settled both managers see so, and exactly one rep has it.
class TwoManagers final : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        const auto max = stage.hire("Max", "manager");
        stage.apply(testing::edit(office_.mona, "person", {{"reports_to", max}}));
        cora_ = stage.hire("Cora", "rep", office_.mona);
        managers_ = {&stage.enrol("mona", office_.mona), &stage.enrol("max", max)};
        reps_ = {&stage.enrol("ann", office_.ann), &stage.enrol("ben", office_.ben), &stage.enrol("cora", cora_)};
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        const auto one_is_granted = [this](Stage& stage, Expect& expect) {
            expect.on("the server");
            expect.equal(granted(stage), 1, "reps to whom the territory is granted");
        };
        Chapter apart{[this](Stage& stage) {
                          stage.at(0, 10);
                          managers_[0]->does([&](auto& replica) { return replica.hand_over(office_.north, office_.ben, {}); });
                          managers_[1]->does([&](auto& replica) { return replica.hand_over(office_.north, cora_, {}); });
                      },
                      [this](Stage&, Expect& expect) { check_open(expect); },
                      {},
                      one_is_granted};
        Chapter settled{[this](Stage& stage) {
                            stage.at(0, 12);
                            managers_[1]->resolve(office_.north, "holder", cora_, "as agreed");
                        },
                        [this](Stage&, Expect& expect) { check_settled(expect); },
                        {},
                        one_is_granted};
        return {apart, settled};
    }

private:
    int granted(Stage& stage)
    {
        const auto north = protocol::to_field(schema::ScopeId::territory(office_.north).bytes());
        int count = 0;
        for (auto* rep : reps_) {
            const auto grants = stage.hub().grants_of(rep->person()).grants;
            for (const auto& scope : grants.scopes()) count += scope == north;
        }
        return count;
    }
    int holders()
    {
        int count = 0;
        for (auto* rep : reps_) count += (*rep)->show(office_.acme).has_value();
        return count;
    }

    void check_open(Expect& expect)
    {
        expect.on("the reps");
        expect.equal(holders(), 1, "of them have the customer");
        for (auto* manager : managers_) {
            expect.on(manager->name());
            const auto conflicts = (*manager)->conflicts();
            expect.equal(conflicts.size(), 1U, "open questions");
            for (const auto& conflict : conflicts)
                expect.that(conflict.path == "holder" && conflict.needs_person && conflict.candidates.size() == 2, "who holds it, with both");
            const auto undone = (*manager)->undo_handover(office_.north);
            expect.that(!undone && undone.error().message.find("settle the conflict") != std::string::npos,
                        "a hand-over that is disputed is not taken back");
        }
    }

    void check_settled(Expect& expect)
    {
        for (auto* manager : managers_) {
            expect.on(manager->name());
            expect.that((*manager)->conflicts().empty(), "nothing is open");
        }
        expect.on("the reps");
        expect.equal(holders(), 1, "of them have the customer");
        expect.that((*reps_[2])->show(office_.acme).has_value(), "it is Cora");
    }

    Office office_;
    RecordId cora_;
    std::vector<Device*> managers_, reps_;
};

} // namespace

std::unique_ptr<Story> two_managers()
{
    return std::make_unique<TwoManagers>();
}

} // namespace roadbook::simulation::stories
