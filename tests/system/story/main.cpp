// roadbook-story: a real sales territory, two reps, their manager and a server, as an account in which every line is checked.
#include "tests/support/temp_folder.hpp"
#include "tests/system/story/stage.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <sys/wait.h>
#include <unistd.h>

namespace roadbook::story {
namespace {

/// Opens the app on rep A's phone, beside the running server, until it is closed.
void open_app(const Stage& stage, const std::string& app)
{
    stage.narrator.say(fmt::format("The app opens on {}; the server runs until it is closed.", stage.phone.name()));
    const auto pid = ::fork();
    if (pid == 0) {
        ::execl(app.c_str(), app.c_str(), "--data", stage.phone.folder().c_str(), static_cast<char*>(nullptr));
        std::_Exit(127);
    }
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127) throw Broken{fmt::format("the app {} did not run", app)};
}

void tell(Narrator& narrator, const std::string& app)
{
    const testing::TempFolder folder;
    Stage stage{Programs::beside_us(), narrator, folder / "morning"};
    std::filesystem::create_directories(stage.folder);
    auto server = morning(stage);
    narrator.equal(server->stop(), 0, "asked to stop, the server closes cleanly");
    offline_day(stage);
    stage.narrator.say("Here the world is copied, so that the same evening can come twice.");

    auto first = stage.copied_to(folder / "first");
    auto given = evening(first, "4. The server comes back", first.devices(), 0);
    narrator.equal(given.server->stop(), 0, "the server closes cleanly");

    auto second = stage.copied_to(folder / "second");
    auto order = second.devices();
    std::reverse(order.begin(), order.end());
    auto opposite = evening(second, "4, once more: the same evening, in the opposite order", order, 5);
    compare(narrator, given.ending, opposite.ending);
    tell_costs(narrator, first.costs, first);
    if (!app.empty()) open_app(second, app);
    narrator.equal(opposite.server->stop(), 0, "the server closes cleanly");
}

} // namespace
} // namespace roadbook::story

int main(int argc, char** argv)
{
    using namespace roadbook::story;
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && (words.size() != 2 || words[0] != "--open")) {
        std::cerr << "roadbook-story: it takes nothing, or --open APP\n";
        return 2;
    }
    Narrator narrator;
    try {
        tell(narrator, words.empty() ? std::string{} : words[1]);
    } catch (const std::exception& exception) {
        narrator.check(false, "the story goes on", exception.what());
    }
    return narrator.close();
}
