#pragma once
// The oracle: a naive record of what users were told is saved, kept in plain maps, apart from the product's code. Each value is written once in
// a world, so that a value names the edit that wrote it.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace roadbook::simulation {

class Ledger {
public:
    enum class Fate { confirmed, unknown }; ///< unknown: the power went while it was saved; both outcomes are right

    /// `record` got `value` at `path`, by someone who saw the values `seen` there.
    void wrote(const std::string& record, const std::string& path, const std::string& value, std::set<std::string> seen, Fate fate);
    /// A text was put into the notes of a record.
    void noted(const std::string& record, const std::string& text, Fate fate);
    void made(const std::string& record, const std::string& kind, Fate fate);
    void spent(const std::string& record, std::int64_t minor, Fate fate); ///< an expense item
    /// The server refused the edit that wrote this value.
    void refused(const std::string& record, const std::string& path, const std::string& value);

    struct Cell {
        struct Write {
            std::string value;
            std::set<std::string> seen;
            Fate fate = Fate::confirmed;
            bool refused = false;
        };
        std::vector<Write> writes;
        /// The values that must be readable at the end: those that no later edit replaced having seen them.
        [[nodiscard]] std::set<std::string> live() const;
        /// Of these, any subset may also be there.
        [[nodiscard]] std::set<std::string> possible() const;
    };
    std::map<std::pair<std::string, std::string>, Cell> cells;
    std::map<std::string, std::vector<std::pair<std::string, Fate>>> notes;
    std::map<std::string, std::pair<std::string, Fate>> records;
    std::map<std::string, std::vector<std::pair<std::int64_t, Fate>>> items;
    std::int64_t edits = 0;
    std::int64_t refusals = 0;
};

} // namespace roadbook::simulation
