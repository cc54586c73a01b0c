#pragma once
// The people, places and records of the story, as far as it has come.
#include "tests/system/story/evidence.hpp"
#include "tests/system/story/narrator.hpp"

#include <optional>

namespace roadbook::story {

/// Rep A has a phone and a tablet; rep B and the manager have one device each.
struct Stage {
    Programs programs;
    Narrator& narrator;
    std::filesystem::path folder; ///< holds the server's data and one folder a device
    Device phone, tablet, colleague, manager;
    std::vector<Cost> costs;

    // who and where
    std::string rep_a, rep_b;  ///< ids of the two reps
    std::string territory;     ///< the one that is given away
    int port = 0;              ///< of the server: devices come back to where it was

    // records that the story follows; ids
    std::string kept_account, moved_account, other_moved_account;
    std::string quote, first_line, expenses, visit, new_account, new_visit;

    /// Of the morning: the accounts that stay rep A's, as his phone showed them.
    Evidence before;
    std::set<std::string> moved_texts; ///< that only records of the moved territory hold

    Stage(const Programs& with, Narrator& told_by, const std::filesystem::path& root);
    /// The same stage on a copy of its folder: the world goes on from here twice.
    [[nodiscard]] Stage copied_to(const std::filesystem::path& root) const;

    [[nodiscard]] std::filesystem::path server_data() const { return folder / "server"; }
    /// In the given order of the story: phone, tablet, colleague, manager.
    [[nodiscard]] std::vector<const Device*> devices() const { return {&phone, &tablet, &colleague, &manager}; }
};

// What people call them.
inline constexpr auto rep_a_name = "Margaret Peacock";
inline constexpr auto rep_b_name = "Nancy Davolio";
inline constexpr auto manager_name = "Andrew Fuller";
inline constexpr auto territory_name = "Greensboro";

// ---- the chapters, in order

/// 1: import, enrolment, first sync; rep A writes a quote and an expense report. Returns the running server.
[[nodiscard]] std::unique_ptr<Server> morning(Stage& stage);
/// 2 and 3: without a server. Rep A's devices and the manager's each go their own way.
void offline_day(Stage& stage);

/// What each device shows in the end, by its name.
using Ending = std::map<std::string, Evidence>;
struct Evening {
    Ending ending;
    std::unique_ptr<Server> server; ///< it still serves
};
/// 4: the server comes back and all sync, in this order of devices. `late_expected` edits reach it after their records were handed over.
[[nodiscard]] Evening evening(Stage& stage, const std::string& title, const std::vector<const Device*>& order, int late_expected);
/// 4, the end of it: both runs came to the same.
void compare(Narrator& narrator, const Ending& one, const Ending& other);
/// 5: bytes, times, records.
void tell_costs(Narrator& narrator, const std::vector<Cost>& costs, const Stage& stage);

} // namespace roadbook::story
