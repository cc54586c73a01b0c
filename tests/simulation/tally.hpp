#pragma once
// What worlds went through: no speed may come from empty worlds, and no fault may be one that never came about.
#include <cstdint>
#include <map>
#include <string>

namespace roadbook::simulation {

struct Tally {
    std::int64_t edits = 0, refused = 0, conflicts = 0, moves = 0, kills = 0, cuts = 0, late = 0, local_refusals = 0, devices = 0;
    /// How often each kind of event, fault, answer and state of a session came about, by name.
    std::map<std::string, std::int64_t> met;

    Tally& operator+=(const Tally& other)
    {
        edits += other.edits;
        refused += other.refused;
        conflicts += other.conflicts;
        moves += other.moves;
        kills += other.kills;
        cuts += other.cuts;
        late += other.late;
        local_refusals += other.local_refusals;
        devices += other.devices;
        for (const auto& [name, times] : other.met) met[name] += times;
        return *this;
    }
};

} // namespace roadbook::simulation
