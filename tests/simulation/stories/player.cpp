#include "tests/simulation/stories/player.hpp"

#include "tests/simulation/stories/choices.hpp"
#include "tests/simulation/stories/replica_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace roadbook::simulation::stories {
namespace {

constexpr std::size_t broken_max = 3;        // plays that went wrong; then the story is given up
constexpr std::size_t visits_max = 100;      // of a chapter: one who is cut comes again, and the link is cut once
constexpr std::uint64_t chance_of_cuts = 42; // seeds of the player's choices
constexpr std::uint64_t chance_of_kills = 43;

/// Images of the stage: all is set up; the first chapter's work is done, too, and nothing of it exchanged.
enum class From { beginning, worked };
constexpr std::array image_names{"beginning", "worked"};
const char* name(From from)
{
    return image_names[static_cast<std::size_t>(from)];
}

struct Plan {
    Order order{};
    std::uint64_t seed = 0; ///< of the network's choices; one for each order
    std::int64_t cut_after = 0;
    std::optional<PowerCut> power{};
    std::size_t kill = 0; ///< with `power`: the number of this play among those with kills
};

class Player {
public:
    Player(const Listed& listed, const HowMuch& how_much, const std::filesystem::path& folder)
        : how_much_{how_much}, stage_{folder}, story_{listed.begin()}
    {
    }

    Played run()
    {
        story_->set_up(stage_);
        stage_.keep(name(From::beginning));
        chapters_ = story_->chapters();
        learn();
        const auto orders = orders_of(devices_, how_much_.orders.value_or(orders_max));
        played_.orders_possible = orders_possible(devices_);
        // What the story remembers of its first chapter is what the image holds: it is made last, and the plays with kills come after all others.
        start_over();
        stage_.keep(name(From::worked));
        Chance chance{chance_of_cuts};
        for (std::size_t i = 0; i < orders.size() && !given_up(); ++i)
            if (i == 0 || (!how_much_.kill && i == how_much_.order.value_or(i))) play_order(orders[i], i, chance); // the first one is compared with
        if (!how_much_.order) play_kills(orders);
        return std::move(played_);
    }

private:
    [[nodiscard]] bool given_up() const { return played_.broken.size() >= broken_max; }

    void start_over()
    {
        stage_.bring_back(name(From::beginning));
        stage_.begin(0);
        chapters_.front().work(stage_);
    }

    /// Once through, to see how many devices there are and how often each machine writes.
    void learn()
    {
        start_over();
        Network network{stage_, 0};
        go_on(network, {}, nullptr);
        Expect expect;
        played_.measured = story_->measure(stage_, expect);
        for (const auto& line : expect.broken()) played_.broken.push_back("measured: " + line);
        devices_ = stage_.devices().size();
        writes_ = stage_.writes();
    }

    void play_order(const Order& order, std::size_t index, Chance& chance)
    {
        Plan plan{order, index};
        const auto frames = play(plan, From::worked);
        ++played_.orders;
        played_.frames = std::max(played_.frames, frames);
        if (how_much_.kill || index != how_much_.order.value_or(index)) return;
        const auto cuts = how_much_.cut ? std::vector{*how_much_.cut} : cuts_of(frames, how_much_.cuts, chance);
        for (const auto cut : cuts) {
            if (given_up()) return;
            plan.cut_after = cut;
            (void)play(plan, From::worked);
        }
    }

    void play_kills(const std::vector<Order>& orders)
    {
        Chance chance{chance_of_kills};
        std::vector<std::string> machines;
        for (const auto& [name, writes] : writes_)
            if (writes > 0) machines.push_back(name);
        const auto count = how_much_.kill ? *how_much_.kill + 1 : how_much_.kills;
        for (std::size_t i = 0; i < count && !given_up(); ++i) {
            const auto& machine = chance.pick(machines);
            const auto at_write = static_cast<int>(chance.below(static_cast<std::size_t>(writes_[machine])));
            const auto fault = chance.one_in(2) ? DiskFault::killed : DiskFault::power_lost;
            if (i != how_much_.kill.value_or(i)) continue;
            const Plan plan{orders[i % orders.size()], i % orders.size(), 0, PowerCut{machine, at_write, fault}, i};
            (void)play(plan, From::beginning);
            played_.kills += stage_.has_lost_power();
        }
    }

    /// The number of frames.
    std::int64_t play(const Plan& plan, From from)
    {
        Expect expect;
        std::int64_t frames = 0;
        try {
            stage_.bring_back(name(from));
            if (plan.power) stage_.lose_power(*plan.power);
            stage_.arm();
            if (from == From::beginning) {
                stage_.begin(0);
                chapters_.front().work(stage_);
            }
            Network network{stage_, plan.seed};
            network.cut_after(plan.cut_after);
            go_on(network, plan, &expect);
            frames = network.frames();
            played_.cuts += network.cuts();
        } catch (const std::exception& thrown) {
            expect.on("thrown");
            expect.that(false, thrown.what());
        }
        stage_.disarm();
        if (!expect.broken().empty()) played_.broken.push_back(fmt::format("{}:\n      {}", told(plan), fmt::join(expect.broken(), "\n      ")));
        return frames;
    }

    /// From the first chapter's work on.
    void go_on(Network& network, const Plan& plan, Expect* expect)
    {
        for (std::size_t part = 0; part < chapters_.size(); ++part) {
            const auto& chapter = chapters_[part];
            if (part > 0) {
                stage_.begin(part);
                chapter.work(stage_);
            }
            const auto present = present_in(chapter, plan.order);
            settle(network, present, plan, [&] {
                if (chapter.meanwhile && expect != nullptr) chapter.meanwhile(stage_, *expect);
            });
            if (expect == nullptr) continue;
            stage_.disarm();
            chapter.expect(stage_, *expect);
            check_rest(present, *expect);
            if (!plan.power) check_same(part, *expect);
            stage_.arm();
        }
    }

    std::vector<Device*> present_in(const Chapter& chapter, const Order& order)
    {
        std::vector<Device*> all;
        for (auto& device : stage_.devices()) all.push_back(device.get());
        std::vector<Device*> in_order;
        for (const auto index : order)
            if (index < all.size()) in_order.push_back(all[index]);
        if (order.empty()) in_order = all;
        if (!chapter.present) return in_order;
        const auto here = chapter.present();
        std::erase_if(in_order, [&](const auto* device) { return std::find(here.begin(), here.end(), device) == here.end(); });
        return in_order;
    }

    /// Each alone, in this order; again, since what one brings may concern those who came before; and all together, live.
    static void settle(Network& network, const std::vector<Device*>& devices, const Plan& plan, const std::function<void()>& hung_up)
    {
        const bool comes_at_once =
            (static_cast<std::uint64_t>(plan.cut_after) + plan.seed) % 2 == 0; // one who was cut; else when all others were there
        std::deque<Device*> turn{devices.begin(), devices.end()};
        for (std::size_t visits = 0; !turn.empty(); ++visits) {
            if (visits > visits_max) throw std::runtime_error{"somebody cannot get through"};
            auto* device = turn.front();
            turn.pop_front();
            const bool all_done = network.visit(*device);
            hung_up();
            if (all_done) continue;
            if (comes_at_once)
                turn.push_front(device);
            else
                turn.push_back(device);
        }
        for (auto* device : devices) {
            while (!network.visit(*device)) {
            }
            hung_up();
        }
        network.meet(devices);
    }

    /// Nothing waits, nothing was refused, and whoever may see a record sees what the server has.
    void check_rest(const std::vector<Device*>& devices, Expect& expect)
    {
        const auto server = view_of(stage_.hub());
        for (auto* device : devices) {
            if (!device->is_open()) continue;
            expect.on(device->name());
            const auto status = (*device)->status();
            expect.equal(status.unsent, 0, "edits that wait");
            expect.equal(status.files_to_send, 0, "files that wait");
            expect.equal(status.refused, 0, "edits that were refused");
            for (const auto& [id, text] : view_of(device->replica())) {
                const auto there = server.find(id);
                expect.that(there != server.end() && there->second == text,
                            fmt::format("shows {} as\n{}the server as\n{}", id, text, there == server.end() ? "nothing\n" : there->second));
            }
        }
    }

    /// What is on the server is the same whoever came first, wherever the network was cut.
    void check_same(std::size_t part, Expect& expect)
    {
        auto view = in_any_order(view_of(stage_.hub()));
        if (views_.size() <= part) {
            views_.push_back(std::move(view));
            return;
        }
        expect.on("the server");
        for (const auto& [id, text] : view) expect.equal(text, views_[part][id], "in this order");
        expect.equal(view.size(), views_[part].size(), "records in this order");
    }

    std::string told(const Plan& plan)
    {
        std::vector<std::string> names;
        for (const auto index : plan.order) names.push_back(stage_.devices().size() > index ? stage_.devices()[index]->name() : "?");
        auto text = fmt::format("order {} ({})", plan.seed, fmt::join(names, ", "));
        if (plan.cut_after > 0) text += fmt::format(", cut after frame {}", plan.cut_after);
        if (plan.power) text += fmt::format(", {} at write {}: {}", plan.power->machine, plan.power->at_write, simulation::name(plan.power->fault));
        if (plan.power) return text + fmt::format("; again: --kill {}", plan.kill);
        return text + fmt::format("; again: --order {} --cut {}", plan.seed, plan.cut_after);
    }

    HowMuch how_much_;
    Stage stage_;
    std::unique_ptr<Story> story_;
    std::vector<Chapter> chapters_;
    std::size_t devices_ = 0;
    std::map<std::string, int> writes_;
    std::vector<View> views_; ///< of the server after each chapter, as the first order made it
    Played played_;
};

} // namespace

void exchange(Stage& stage)
{
    Network network{stage, 0};
    for (int round = 0; round < 2; ++round)
        for (auto& device : stage.devices())
            if (!network.visit(*device)) throw std::runtime_error{device->name() + " was cut"};
}

Played play(const Listed& listed, const HowMuch& how_much, const std::filesystem::path& folder)
{
    Player player{listed, how_much, folder};
    return player.run();
}

} // namespace roadbook::simulation::stories
