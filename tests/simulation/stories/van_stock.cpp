// Scenario 6: two engineers share a van's stock offline.
#include "tests/simulation/stories/story.hpp"
#include "tests/simulation/stories/views.hpp"

namespace roadbook::simulation::stories {
namespace {

/// 5 of part P are in the van. E1 and E2 use some and the store adds 1, all apart.
class VanStock final : public Story {
public:
    VanStock(std::int64_t e1_uses, std::int64_t e2_uses) : e1_uses_{e1_uses}, e2_uses_{e2_uses} {}

    void set_up(Stage& stage) override
    {
        const auto mona = stage.hire("Mona", "manager");
        eve_ = stage.hire("Eve", "engineer", mona);
        finn_ = stage.hire("Finn", "engineer", mona);
        dora_ = stage.hire("Dora", "dispatcher", mona);
        part_ = stage.put("product", {{"name", text("P")}, {"price", Money{1000, "EUR"}}});
        e1_ = &stage.enrol("e1", eve_);
        e2_ = &stage.enrol("e2", finn_);
        store_ = &stage.enrol("store", dora_);
        stage.enrol("mona", mona);
        exchange(stage);
        (void)moves(*store_, 5, "receipt", dora_);
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        std::vector<Chapter> all;
        all.push_back({[this](Stage& stage) {
                           stage.at(0, 10);
                           one_ = moves(*e1_, -e1_uses_, "used", eve_);
                           two_ = moves(*e2_, -e2_uses_, "used", finn_);
                           (void)moves(*store_, 1, "transfer", dora_);
                       },
                       [this](Stage& stage, Expect& expect) { check_stock(stage, expect); }});
        if (left() >= 0) return all;
        all.push_back({[this](Stage& stage) {
                           stage.at(0, 12);
                           (void)moves(*e1_, -left(), "counted", eve_);
                       },
                       [this](Stage& stage, Expect& expect) { check_counted(stage, expect); }});
        return all;
    }

private:
    [[nodiscard]] std::int64_t left() const { return 5 - e1_uses_ - e2_uses_ + 1; }

    RecordId moves(Device& by, std::int64_t units, const char* reason, const RecordId& who)
    {
        return by.add("stock_movement", {{"product", part_},
                                         {"van", eve_},
                                         {"quantity", units * 1'000},
                                         {"reason", text(reason)},
                                         {"moved_at", by.clock.now()},
                                         {"moved_by", who}});
    }

    void check_stock(Stage& stage, Expect& expect)
    {
        for (auto& device : stage.devices()) {
            expect.on(device->name());
            std::int64_t sum = 0;
            for (const auto& movement : (*device)->list({"stock_movement", {}, "id"}).value()) sum += std::get<std::int64_t>(movement["quantity"]);
            expect.equal(sum, left() * 1'000, "what is in the van");
            expect.equal(value(*device, one_, "quantity"), schema::Value{-e1_uses_ * 1'000}, "E1's report stays whole");
            expect.equal(value(*device, two_, "quantity"), schema::Value{-e2_uses_ * 1'000}, "E2's report stays whole");
            const auto found = (*device)->findings();
            expect.equal(found.size(), left() < 0 ? 1U : 0U, "findings");
            if (!found.empty()) expect.equal(found.front().quantity.value_or(0), -left() * 1'000, "missing, in thousandths");
        }
        const auto tasks = tasks_of(*e1_);
        expect.on("e1");
        expect.equal(tasks.size(), left() < 0 ? 1U : 0U, "recount tasks");
        for (const auto& task : tasks) {
            expect.equal(task["owner"], schema::Value{eve_}, "who recounts");
            expect.equal(task["notice"], schema::Value{text("new")}, "told once");
            expect.equal(task["done"], schema::Value{false}, "still to do");
        }
        expect.that(tasks_of(*e2_).empty(), "only the van's holder recounts");
    }

    void check_counted(Stage& stage, Expect& expect)
    {
        for (auto& device : stage.devices()) {
            expect.on(device->name());
            expect.that((*device)->findings().empty(), "nothing is found once it was counted");
        }
        expect.on("e1");
        const auto task = tasks_of(*e1_).at(0);
        expect.equal(task["notice"], schema::Value{text("withdrawn")}, "the task");
        expect.that(schema::text_of(task, "closed_because").find("not below zero") != std::string::npos, "the task says why it is closed");
    }

    std::int64_t e1_uses_, e2_uses_;
    RecordId eve_, finn_, dora_, part_, one_, two_;
    Device *e1_ = nullptr, *e2_ = nullptr, *store_ = nullptr;
};

} // namespace

std::unique_ptr<Story> van_stock()
{
    return std::make_unique<VanStock>(2, 2);
}

std::unique_ptr<Story> van_stock_overdrawn()
{
    return std::make_unique<VanStock>(4, 3);
}

} // namespace roadbook::simulation::stories
