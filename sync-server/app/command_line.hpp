#pragma once
#include "sync-server/app/calls.hpp"

namespace roadbook::server {

struct Parsed {
    std::optional<Call> call;
    std::string help; ///< to be printed when there is no call: --help or --version was asked for
};

/// `words` without the program's name. Errors: bad_argument; a mistyped command or option says what exists.
[[nodiscard]] Result<Parsed> parse(const std::vector<std::string>& words);

} // namespace roadbook::server
