#pragma once
// Records as text: what one reader finds, to be compared with what another one does.
#include "conflict/merge/merged_record.hpp"

#include <set>

namespace roadbook::simulation {

/// The values that a reader finds at a path: the shown one and all that stand beside it.
[[nodiscard]] std::set<std::string> readable(const merge::Merged& merged, const std::string& path);
/// "{a | b}"
[[nodiscard]] std::string joined(const std::set<std::string>& values);
/// A record as text, equal for equal states. Winners are left out where a replay under a new actor may decide them.
[[nodiscard]] std::string describe(const merge::Merged& merged, bool with_winners);

// What orders of syncing may leave different, of such a text.
/// Which device gets which block of numbers depends on who comes first, so numbers are no part of what every order must make alike.
[[nodiscard]] std::string without_numbers(const std::string& text);
/// Whether a person was told of a conflict that was settled soon after depends on who came first; so tasks of the server's own are left out.
[[nodiscard]] bool is_notice(const std::string& text);

} // namespace roadbook::simulation
