#pragma once
// From words to a call. The only place that knows how commands are spelled.
#include "mobile-app/headless/calls.hpp"
#include "shared/base/result.hpp"

namespace roadbook::headless {

/// What the words asked for: a call, or the text of --help or --version.
struct Parsed {
    std::optional<Call> call;
    std::string help;
};

/// `words` without the program's name. `base` holds what a batch has settled for all of its lines: data, key file,
/// json. Errors: bad_argument, naming the nearest command or option where one is mistyped.
[[nodiscard]] Result<Parsed> parse(const Words& words, const Call& base = {});

} // namespace roadbook::headless
