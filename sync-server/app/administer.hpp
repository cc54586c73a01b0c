#pragma once
#include "sync-server/app/calls.hpp"

#include <nlohmann/json.hpp>

namespace roadbook::server {

using Json = nlohmann::ordered_json; // names in a fixed order; README.md has them, and none is renamed

/// What a command gives back: both forms, since the caller chooses one.
struct Answer {
    Json json;
    std::string text; ///< ends with a line break
    std::optional<Error> failed = std::nullopt; ///< of several things that were asked for, some were not done: it says which, and decides the exit status
};

/// To the second: what a person reads in a list.
[[nodiscard]] std::string short_text(const std::optional<Time>& time);

/// "1 record", "2 records"
[[nodiscard]] std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// Opens the server's data, does what is asked and closes it again; a running server notices within a second.
/// Errors: not_found when the folder holds no server (only `person add` and `import` make one); as Hub::open; the command's own.
[[nodiscard]] Result<Answer> administer(const AdminCall& call);

} // namespace roadbook::server
