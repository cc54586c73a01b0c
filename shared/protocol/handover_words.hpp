#pragma once
// What a hand-over would move, for people and for scripts: roadbookd and roadbook-device say it alike.
#include "shared/protocol/frames.hpp"

#include <nlohmann/json.hpp>

namespace roadbook::protocol {

/// Lines of text, the last with its line break. Names in it are as people wrote them: not made safe for a terminal.
[[nodiscard]] std::string text_of(const v1::HandoverPreview& preview);
[[nodiscard]] nlohmann::ordered_json json_of(const v1::HandoverPreview& preview);

} // namespace roadbook::protocol
