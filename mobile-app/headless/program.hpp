#pragma once
// The program but for main(): words in, streams out, an exit status back. Faults of the machine end here.
#include "mobile-app/headless/calls.hpp"

#include <istream>
#include <ostream>

namespace roadbook::headless {

/// The process around the program.
///
/// Ownership: borrows the streams.
struct Console {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
};

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1; ///< refused, not found, or the machine or the network did not let it
inline constexpr int exit_bad_call = 2;

/// `words` without the program's name.
[[nodiscard]] int run_program(const Words& words, const Console& console);

} // namespace roadbook::headless
