#pragma once
// The oracle: a naive record of what users were told is saved, kept in plain maps, apart from the product's code. Each value is written once in
// a world, so that a value names the edit that wrote it.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace roadbook::simulation {

class Ledger {
public:
    /// unknown: the power went while it was saved, or what held it was put back to an older state: both outcomes are right.
    enum class Fate { confirmed, unknown };

    /// On whose device all that is written from now on is made.
    void made_on(std::string device) { device_ = std::move(device); }
    /// `record` got `value` at `path`, by someone who saw the values `seen` there.
    void wrote(const std::string& record, const std::string& path, const std::string& value, std::set<std::string> seen, Fate fate);
    /// A text was put into the notes of a record.
    void noted(const std::string& record, const std::string& text, Fate fate);
    void made(const std::string& record, const std::string& kind, Fate fate);
    void spent(const std::string& record, std::int64_t minor, Fate fate); ///< an expense item
    /// The server refused the edit that wrote this value; or has it all the same, after a restore, from somebody who had received it before.
    void refused(const std::string& record, const std::string& path, const std::string& value, bool is = true);
    void refused_creation(const std::string& record, bool is = true);
    void refused_spending(const std::string& record, std::int64_t minor, bool is = true);
    void refused_note(const std::string& record, const std::string& text, bool is = true);

    /// How many edits there are: a mark for doubt().
    [[nodiscard]] std::int64_t edits() const noexcept { return edits_; }
    /// What this device wrote since is there or not: it was put back to what it held then.
    void doubt(const std::string& device, std::int64_t since);
    /// The same for all of which this is true, by its record and the device that wrote it.
    void doubt_if(const std::function<bool(const std::string& record, const std::string& device)>& doubtful);

    /// Which edit it was.
    struct Written {
        std::string device;
        std::int64_t number = 0;
        Fate fate = Fate::confirmed;
        bool refused = false;
        [[nodiscard]] bool must_be_there() const noexcept { return fate == Fate::confirmed && !refused; }
    };
    struct Cell {
        struct Write : Written {
            std::string value;
            std::set<std::string> seen;
        };
        std::vector<Write> writes;
        /// The values that must be readable at the end: those that no later edit replaced having seen them.
        [[nodiscard]] std::set<std::string> live() const;
        /// The same if the refused ones among `found` were taken all the same.
        [[nodiscard]] std::set<std::string> live_with(const std::set<std::string>& found) const;
        /// Of these, any subset may also be there.
        [[nodiscard]] std::set<std::string> possible() const;
        [[nodiscard]] bool is_unsure() const;
    };
    struct Text : Written { std::string text; };
    struct Made : Written { std::string kind; };
    struct Spent : Written { std::int64_t minor = 0; };

    std::map<std::pair<std::string, std::string>, Cell> cells; ///< by record and path
    std::map<std::string, std::vector<Text>> notes;
    std::map<std::string, Made> records;
    std::map<std::string, std::vector<Spent>> items;
    std::int64_t refusals = 0;

private:
    [[nodiscard]] Written written(Fate fate) { return {device_, ++edits_, fate, false}; }
    void note(Written& one, bool is_refused);
    template <class Change>
    void each(Change change);

    std::string device_;
    std::int64_t edits_ = 0;
};

} // namespace roadbook::simulation
