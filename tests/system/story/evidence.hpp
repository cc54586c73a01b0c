#pragma once
// What a device shows and what its files hold, in a form that two devices, or two runs, can be compared by.
#include "tests/system/story/cast.hpp"

#include <map>
#include <set>

namespace roadbook::story {

/// By record id, as text. Receipts, late marks and the time of a sync are left out: they depend on the order of arrival, and may.
struct Evidence {
    std::map<std::string, std::string> records; ///< all fields and items
    std::map<std::string, std::string> totals;  ///< of quotes, orders and expense reports
    std::map<std::string, std::string> conflicts; ///< by record and path: the values and who wrote them, on which device

    bool operator==(const Evidence&) const = default;
    /// Which keys differ, for a message; empty when nothing does.
    [[nodiscard]] std::string difference_from(const Evidence& other) const;
    /// Does `other` show all that this shows, and the same?
    [[nodiscard]] bool is_part_of(const Evidence& other) const;
};

[[nodiscard]] Evidence evidence_of(const Device& device);

/// Which of these texts stand in any file under `folder`. Capital letters count as small ones.
[[nodiscard]] std::set<std::string> texts_found(const std::filesystem::path& folder, const std::set<std::string>& texts);

/// Texts of records that could only come from them: names, addresses, notes; at least `shortest` bytes long, so that none is met by chance.
[[nodiscard]] std::set<std::string> telling_texts(const std::vector<Json>& records, std::size_t shortest);

} // namespace roadbook::story
