// roadbook-stories: the acceptance scenarios in every order of syncing, with the network cut at every frame and power lost at any write.
#include "tests/simulation/stories/player.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

/// "all" or a number.
std::optional<std::size_t> count_of(const std::string& text)
{
    return text == "all" ? std::nullopt : std::optional{static_cast<std::size_t>(std::stoul(text))};
}

const CLI::Validator all_or_a_number{[](const std::string& text) {
                                         const bool is_number =
                                             !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == std::string::npos;
                                         return text == "all" || is_number ? std::string{} : "'" + text + "' is neither all nor a number";
                                     },
                                     "all|N"};

} // namespace

int main(int argc, char** argv)
{
    using namespace roadbook::simulation::stories;
    CLI::App app{"Plays scripted stories in every order of syncing, with cuts and kills."};
    std::string story = "list", orders = "all", cuts = "all";
    HowMuch how_much;
    int jobs = 1;
    app.add_option("--story", story, "which one, all, or list")->capture_default_str();
    app.add_option("--orders", orders, "how many orders of syncing")->check(all_or_a_number)->capture_default_str();
    app.add_option("--cuts", cuts, "after how many frames of each order the network is cut")->check(all_or_a_number)->capture_default_str();
    app.add_option("--kills", how_much.kills, "how many plays in which a machine ends in the middle of a write")->capture_default_str();
    app.add_option("--jobs", jobs, "stories at the same time")->check(CLI::Range(1, 64))->capture_default_str();
    auto* order = app.add_option("--order", how_much.order, "only this one again, as a report numbers it");
    app.add_option("--cut", how_much.cut, "and only with a cut after this frame; 0: without")->needs(order);
    app.add_option("--kill", how_much.kill, "only this play with a kill again")->excludes(order);
    CLI11_PARSE(app, argc, argv);
    how_much.orders = count_of(orders);
    how_much.cuts = count_of(cuts);
    return play_stories(story, how_much, jobs);
}
