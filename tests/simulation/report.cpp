#include "tests/simulation/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace roadbook::simulation {
namespace {

/// What must have come about at least once in a long run: every message of the protocol that worlds can send, every fault, every disaster.
struct Expected {
    const char* name;
    const char* meaning;
};
constexpr std::array expected{
    Expected{"to server 1", "Enrol"},
    Expected{"to server 2", "Hello"},
    Expected{"to server 3", "Push"},
    Expected{"to server 4", "Drained"},
    Expected{"to server 6", "Offer"},
    Expected{"to server 7", "Recovered"},
    Expected{"to server 8", "PutPart"},
    Expected{"to device 1", "Enrolled"},
    Expected{"to device 2", "Welcome"},
    Expected{"to device 3", "Answers"},
    Expected{"to device 4", "Page"},
    Expected{"to device 5", "Pack"},
    Expected{"to device 6", "Grants"},
    Expected{"to device 7", "Purge"},
    Expected{"to device 8", "CaughtUp"},
    Expected{"to device 9", "Refusal"},
    Expected{"to device 10", "Wanted"},
    Expected{"to device 11", "PartKept"},
    Expected{"waits", "an edit that the server does not take yet"},
    Expected{"approved", "an approval"},
    Expected{"approval holds", "an approval that holds at the end"},
    Expected{"paid", "a payment"},
    Expected{"older app", "an edit by an app that is one schema version behind"},
    Expected{"work order sent", "an engineer is sent out"},
    Expected{"account moved", "an account moved to another territory"},
    Expected{"device: killed", "a device's program ends in a write"},
    Expected{"device: power lost", "a device's unsynced writes are lost, torn, out of order"},
    Expected{"device: I/O error", "a device's disk fails once"},
    Expected{"device: disk full", "a device's disk is full"},
    Expected{"server: killed", "the server ends in a write"},
    Expected{"server: power lost", "the server's unsynced writes are lost, torn, out of order"},
    Expected{"server: I/O error", "the server's disk fails once"},
    Expected{"server: disk full", "the server's disk is full"},
    Expected{"link: half open", "one end takes a dead link for alive"},
    Expected{"link: truncated frame", "a frame is cut short"},
    Expected{"link: damaged frame", "a bit of a frame is turned"},
    Expected{"link: frame twice", "a frame comes twice"},
    Expected{"disaster: device restored", "a device is put back to an older state"},
    Expected{"disaster: device cloned", "a copy of a device runs beside it"},
    Expected{"disaster: device replaced", "a device is lost and replaced"},
    Expected{"disaster: lying disk", "a device's disk says that it synced, and did not"},
    Expected{"disaster: server restored", "the server comes out of a backup"},
    Expected{"disaster: long absence", "400 days pass without a device"},
    Expected{"disaster: person leaves", "somebody leaves, whose access ends at once"},
};

struct Floor {
    const char* what;
    std::int64_t Tally::*count;
    double per_seed;
};
constexpr std::array floors{
    Floor{"devices", &Tally::devices, 3.5}, Floor{"edits", &Tally::edits, 40}, Floor{"conflicts", &Tally::conflicts, 1},
    Floor{"refusals", &Tally::refused, 0.3}, Floor{"hand-overs", &Tally::moves, 0.8}, Floor{"late edits", &Tally::late, 2},
    Floor{"kills", &Tally::kills, 2}, Floor{"cuts", &Tally::cuts, 15},
};

} // namespace

double Report::per_seed(std::int64_t count) const
{
    return static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(seeds_, 1));
}

std::string Report::text() const
{
    auto text = fmt::format("{} seeds in {:.1f} s, {:.1f} a second; per seed:", seeds_, seconds_, static_cast<double>(seeds_) / seconds_);
    for (const auto& floor : floors) text += fmt::format(" {:.1f} {}{}", per_seed(total_.*floor.count), floor.what, &floor == &floors.back() ? "\n" : ",");
    std::string never;
    for (const auto& one : expected)
        if (!total_.met.contains(one.name) || total_.met.at(one.name) == 0) never += fmt::format("{}{}", never.empty() ? "" : ", ", one.meaning);
    text += never.empty() ? fmt::format("all {} messages, faults and disasters came about\n", expected.size()) : fmt::format("never: {}\n", never);
    return text;
}

bool Report::write(const std::filesystem::path& file) const
{
    std::ofstream out{file};
    out << fmt::format("| {} seeds in {:.0f} s | in all | per seed | at least |\n|---|---:|---:|---:|\n", seeds_, seconds_);
    for (const auto& floor : floors) out << fmt::format("| {} | {} | {:.2f} | {} |\n", floor.what, total_.*floor.count, per_seed(total_.*floor.count), floor.per_seed);
    out << "\n| message, fault or disaster | how often |\n|---|---:|\n";
    for (const auto& one : expected) out << fmt::format("| {} | {} |\n", one.meaning, total_.met.contains(one.name) ? total_.met.at(one.name) : 0);
    out << "\n| refused with, or closed for | how often |\n|---|---:|\n";
    for (const auto& [name, times] : total_.met)
        if (name.starts_with("refused: ") || name.starts_with("closed: ")) out << fmt::format("| {} | {} |\n", name, times);
    return static_cast<bool>(out.flush());
}

std::vector<std::string> Report::below_floors() const
{
    std::vector<std::string> missing;
    for (const auto& floor : floors)
        if (per_seed(total_.*floor.count) < floor.per_seed)
            missing.push_back(fmt::format("{} per seed: {:.2f}, wanted {}", floor.what, per_seed(total_.*floor.count), floor.per_seed));
    for (const auto& one : expected)
        if (!total_.met.contains(one.name) || total_.met.at(one.name) == 0) missing.push_back(fmt::format("never: {}", one.meaning));
    return missing;
}

} // namespace roadbook::simulation
