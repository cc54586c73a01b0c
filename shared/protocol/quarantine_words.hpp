#pragma once
// Edits in quarantine, for people and for scripts: roadbookd and roadbook-device say them alike.
#include "shared/protocol/frames.hpp"

#include <nlohmann/json.hpp>

namespace roadbook::protocol {

/// For a table: one heading, and one row an edit. Names in it are as people wrote them: not made safe for a terminal.
[[nodiscard]] std::vector<std::string> kept_edit_columns();
[[nodiscard]] std::vector<std::string> cells_of(const v1::KeptEdit& edit, bool chinese);
/// One edit with what it would write, in lines of name and value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> lines_of(const v1::KeptEdit& edit, bool chinese);
[[nodiscard]] nlohmann::ordered_json json_of(const v1::KeptEdit& edit);

} // namespace roadbook::protocol
