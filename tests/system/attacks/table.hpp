#pragma once
// The table of attacks: what is tried, the exact answer that it must get, and what an honest device noticed of it.
#include <functional>
#include <string>
#include <vector>

namespace roadbook::attacks {

class Arena;

struct Attack {
    std::string row;      ///< of the checklist in the README
    std::string what;     ///< is sent
    std::string expected; ///< to the letter
    std::function<std::string(Arena&)> run; ///< says how it was answered
};

// In the order in which they are run.
[[nodiscard]] std::vector<Attack> attacks_at_the_door();   ///< before anybody has said who he is
[[nodiscard]] std::vector<Attack> attacks_on_identity();   ///< codes, passwords, tokens
[[nodiscard]] std::vector<Attack> attacks_by_frames();     ///< a device with a good token that does not keep to the protocol
[[nodiscard]] std::vector<Attack> attacks_by_changes();    ///< ... whose changes no honest device makes
[[nodiscard]] std::vector<Attack> attacks_by_damage();     ///< ... or that were damaged by chance
[[nodiscard]] std::vector<Attack> attacks_on_rights();     ///< ... that wants what is not its person's
[[nodiscard]] std::vector<Attack> attacks_by_volume();     ///< ... that asks for too much
[[nodiscard]] std::vector<Attack> attacks_by_false_servers();
[[nodiscard]] std::vector<Attack> what_must_hold_after_all();

} // namespace roadbook::attacks
