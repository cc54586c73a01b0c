#pragma once

namespace roadbook::testing {

/// How many times its usual time a thing may take in this build: 1, but more under a sanitizer, which slows our code and not the clock. What people wait
/// for is promised, and checked, of the build that they get.
inline constexpr int patience = ROADBOOK_PATIENCE;

} // namespace roadbook::testing
