// roadbook-attacks [WORD]: attacks a real server over real TLS, each in the way of the checklist, while an honest device works beside it, and
// prints what was sent, what was answered, and what that device noticed. Ends with 1 when one answer is not the one that must come.
#include "shared/base/log.hpp"
#include "tests/system/attacks/arena.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

#include <csignal>

namespace {

using namespace roadbook::attacks;

std::vector<Attack> all_attacks()
{
    std::vector<Attack> all;
    for (const auto& part : {attacks_at_the_door(), attacks_on_identity(), attacks_by_frames(), attacks_by_changes(), attacks_by_damage(), attacks_on_rights(), attacks_by_false_servers(),
                             attacks_by_volume(), what_must_hold_after_all()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::string run(const Attack& attack, Arena& arena)
{
    try {
        return attack.run(arena);
    } catch (const std::exception& thrown) {
        return fmt::format("failed: {}", thrown.what());
    }
}

/// After the last one there is no server to notice anything.
std::string noticed(Arena& arena, bool is_over)
{
    return is_over ? "" : arena.bystander().check();
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    roadbook::log::start(roadbook::log::Level::off);
    const std::string word = argc > 1 ? argv[1] : "";
    Arena arena;
    int failed = 0, made = 0;
    std::chrono::milliseconds longest{0};
    fmt::print("{:<9} {:<72} {:<86} {}\n", "row", "what was sent", "answer", "the honest device noticed");
    const auto all = all_attacks();
    for (const auto& attack : all) {
        const bool is_last = &attack == &all.back();
        if (!word.empty() && attack.what.find(word) == std::string::npos && attack.row != word && !is_last) continue;
        ++made;
        const auto answer = run(attack, arena);
        const auto seen = noticed(arena, is_last);
        if (!is_last) longest = arena.bystander().longest();
        const bool is_right = answer == attack.expected && (seen == "nothing" || is_last);
        failed += !is_right;
        fmt::print("{:<9} {:<72} {:<86} {}\n", attack.row, attack.what, answer, is_last ? "" : fmt::format("{} ({} ms)", seen, arena.bystander().took().count()));
        if (answer != attack.expected) fmt::print("{:<9} WRONG: it must be: {}\n", "", attack.expected);
        if (is_last) break;
        std::fflush(stdout);
    }
    fmt::print("{} attacks, {} answered otherwise than they must be; an edit of the honest device took {} ms at most\n", made, failed, longest.count());
    return failed == 0 ? 0 : 1;
}
