// Scenario 5, as far as records alone tell it: one work order, two engineers, and dispatchers who do not hear of each other.
#include "tests/simulation/stories/story.hpp"
#include "tests/simulation/stories/views.hpp"

#include <algorithm>

namespace roadbook::simulation::stories {
namespace {

struct Workshop {
    RecordId mona, dora, dirk, e1, e4, work;
    Device *desk = nullptr, *night_desk = nullptr, *one = nullptr, *four = nullptr;

    /// A ticket at 14:00 with four hours to answer, and a work order for it, to which nobody is assigned yet.
    void open(Stage& stage)
    {
        mona = stage.hire("Mona", "manager");
        dora = stage.hire("Dora", "dispatcher", mona);
        dirk = stage.hire("Dirk", "dispatcher", mona);
        e1 = stage.hire("E1", "engineer", mona);
        e4 = stage.hire("E4", "engineer", mona);
        const auto north = stage.put("territory", {{"name", text("North")}, {"holder", mona}});
        const auto acme = stage.put("account", {{"name", text("Acme")}, {"territory", north}});
        stage.at(0, 14);
        const auto ticket = stage.put(
            "ticket", {{"subject", text("Hard repair")}, {"account", acme}, {"opened_at", stage.clock().now()}, {"respond_by", stage.moment(0, 18)}});
        work = stage.put("work_order", {{"subject", text("Pump, high voltage")},
                                        {"account", acme},
                                        {"ticket", ticket},
                                        {"dispatcher", dora},
                                        {"status", text("new")},
                                        {"respond_by", stage.moment(0, 18)}});
        desk = &stage.enrol("desk", dora);
        night_desk = &stage.enrol("night-desk", dirk);
        one = &stage.enrol("e1", e1);
        four = &stage.enrol("e4", e4);
        exchange(stage);
    }
    [[nodiscard]] std::vector<Device*> engineers() const { return {one, four}; }
};

/// E1 is sent, and not reachable. At 14:05 the dispatcher gives it to E4; E1, who does not know, accepts it offline, and is back at 14:09.
class AcceptedTooLate final : public Story {
public:
    void set_up(Stage& stage) override
    {
        shop_.open(stage);
        shop_.desk->set(shop_.work, {{"assignee", shop_.e1}, {"status", text("offered")}});
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) {
                     stage.at(0, 14, 5);
                     shop_.desk->set(shop_.work, {{"assignee", shop_.e4}}, "E1 is not reachable");
                     stage.at(0, 14, 7);
                     shop_.one->set(shop_.work, {{"status", text("accepted")}});
                     stage.at(0, 14, 9);
                 },
                 [this](Stage&, Expect& expect) { check(expect); }}};
    }

private:
    /// Whether E1's yes was late depends on who came first: then it is marked so, and he has a receipt.
    void check(Expect& expect)
    {
        const auto receipts = (*shop_.one)->receipts().size();
        for (auto* device : {shop_.desk, shop_.night_desk, shop_.four}) {
            expect.on(device->name());
            expect.equal(value(*device, shop_.work, "assignee"), schema::Value{shop_.e4}, "who is assigned");
            std::size_t by_e1 = 0, late = 0;
            for (const auto& entry : (*device)->history(shop_.work).value()) {
                by_e1 += entry.person_name == "E1";
                late += entry.person_name == "E1" && entry.by->late;
            }
            expect.equal(by_e1, 1U, "E1's yes is in the history");
            expect.equal(late, receipts, "if it was marked as late, E1 was told");
        }
        expect.on("e1");
        expect.that(!(*shop_.one)->kind_of(shop_.work), "has it no more");
    }

    Workshop shop_;
};

/// Two dispatchers send two engineers, apart. One of them is assigned; both dispatchers are asked; then it is settled.
class TwoDispatchers final : public Story {
public:
    void set_up(Stage& stage) override { shop_.open(stage); }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) {
                     stage.at(0, 14, 5);
                     shop_.desk->set(shop_.work, {{"assignee", shop_.e1}, {"status", text("offered")}});
                     shop_.night_desk->set(shop_.work, {{"assignee", shop_.e4}, {"status", text("offered")}});
                 },
                 [this](Stage&, Expect& expect) { check_open(expect); }},
                {[this](Stage& stage) {
                     stage.at(0, 14, 20);
                     shop_.desk->resolve(shop_.work, "assignee", shop_.e1, "40 minutes away");
                 },
                 [this](Stage&, Expect& expect) { check_settled(expect); }}};
    }

private:
    void check_open(Expect& expect)
    {
        const auto sent = value(*shop_.desk, shop_.work, "assignee");
        for (auto* device : {shop_.desk, shop_.night_desk}) {
            expect.on(device->name());
            expect.equal(value(*device, shop_.work, "assignee"), sent, "who is sent meanwhile");
            const auto conflicts = (*device)->conflicts();
            expect.equal(conflicts.size(), 1U, "open questions");
            for (const auto& conflict : conflicts)
                expect.that(conflict.path == "assignee" && conflict.needs_person && conflict.may_decide, "who goes, to be decided here");
            expect.equal(open_tasks(*device), 1, "told once");
        }
        int have_it = 0;
        for (auto* engineer : shop_.engineers()) {
            expect.on(engineer->name());
            have_it += (*engineer)->kind_of(shop_.work).has_value();
            expect.that((*engineer)->kind_of(shop_.work).has_value() == (sent == schema::Value{engineer->person()}), "has it if he is sent");
        }
        expect.on("engineers");
        expect.equal(have_it, 1, "have the work order");
    }

    void check_settled(Expect& expect)
    {
        for (auto* device : {shop_.desk, shop_.night_desk}) {
            expect.on(device->name());
            expect.that((*device)->conflicts().empty(), "nothing is open");
            expect.equal(value(*device, shop_.work, "assignee"), schema::Value{shop_.e1}, "who is sent");
            expect.equal(open_tasks(*device), 0, "open tasks");
        }
        expect.on("e1");
        expect.that((*shop_.one)->kind_of(shop_.work).has_value(), "has it");
        expect.on("e4");
        expect.that(!(*shop_.four)->kind_of(shop_.work), "has it no more");
    }

    static int open_tasks(Device& device)
    {
        const auto tasks = tasks_of(device);
        return static_cast<int>(std::count_if(tasks.begin(), tasks.end(), [&](const auto& task) {
            return task["owner"] == schema::Value{device.person()} && task["notice"] == schema::Value{text("new")};
        }));
    }

    Workshop shop_;
};

} // namespace

std::unique_ptr<Story> accepted_too_late()
{
    return std::make_unique<AcceptedTooLate>();
}

std::unique_ptr<Story> two_dispatchers()
{
    return std::make_unique<TwoDispatchers>();
}

} // namespace roadbook::simulation::stories
