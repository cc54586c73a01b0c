#pragma once
// A scripted story: who does what without a network, in which order that may be exchanged, and exactly what everybody then sees.
#include "tests/simulation/stories/expect.hpp"
#include "tests/simulation/stories/network.hpp"
#include "tests/simulation/stories/stage.hpp"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace roadbook::simulation::stories {

/// First people work apart, then everybody who is there syncs, in an order that the player chooses, until all is quiet.
struct Chapter {
    std::function<void(Stage&)> work;                    ///< without a network; may administer the server
    std::function<void(Stage&, Expect&)> expect;         ///< reads only, and is the same in every order
    std::function<std::vector<Device*>()> present = {};  ///< who syncs; nothing: all devices
    std::function<void(Stage&, Expect&)> meanwhile = {}; ///< what holds whenever somebody has hung up, not only when all is quiet
};

/// A story is played many times from the same beginning: `set_up` once, a chapter's work once or again. What it remembers of a chapter is
/// set anew by that chapter's work.
class Story {
public:
    virtual ~Story() = default;
    /// People, records and devices; what the chapters may build on is exchanged when it returns.
    virtual void set_up(Stage& stage) = 0;
    [[nodiscard]] virtual std::vector<Chapter> chapters() = 0;
    /// Once, after an order without cuts: what only has a number there, such as bytes on the wire. In words, for the report.
    virtual std::vector<std::string> measure(Stage&, Expect&) { return {}; }
};

struct Listed {
    std::string_view name;
    int scenario; ///< of the acceptance scenarios; 0: none of them
    std::string_view told_as;
    std::unique_ptr<Story> (*begin)();
};
[[nodiscard]] std::span<const Listed> all_stories();

/// Connects everybody until nothing is left to say: for set_up.
void exchange(Stage& stage);

// ---- one file per story
std::unique_ptr<Story> offline_day();
std::unique_ptr<Story> two_prices();
std::unique_ptr<Story> one_quote();
std::unique_ptr<Story> moved_territory();
std::unique_ptr<Story> moved_territory_encrypted();
std::unique_ptr<Story> two_managers();
std::unique_ptr<Story> accepted_too_late();
std::unique_ptr<Story> two_dispatchers();
std::unique_ptr<Story> van_stock();
std::unique_ptr<Story> van_stock_overdrawn();
std::unique_ptr<Story> cancelled_work();
std::unique_ptr<Story> cancel_seen();
std::unique_ptr<Story> fast_clock();
std::unique_ptr<Story> lost_device();
std::unique_ptr<Story> trip();

} // namespace roadbook::simulation::stories
