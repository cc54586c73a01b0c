#pragma once
// What a command gives back, in the form that was asked for.
#include "mobile-app/headless/json.hpp"
#include "shared/base/result.hpp"

#include <optional>
#include <string>
#include <variant>

namespace roadbook::headless {

/// How the caller wants it.
struct Form {
    bool json = false;
    bool chinese = false; ///< why something was refused, in lines of text; JSON has both
    std::size_t cell_max =
        0; ///< of a table's cells, in columns of the terminal; 0: nothing is cut, since no person reads it
};

/// A JSON object with --json, else lines of text.
using Answer = std::variant<Json, std::string>;

/// Of a command about several things: what was done, if anything was, and why not all.
struct Partly {
    std::optional<Answer> done;
    std::optional<Error> failed;
};

} // namespace roadbook::headless
