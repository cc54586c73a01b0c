#pragma once
#include "mobile-app/viewmodels/preferences.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace roadbook::app {

struct Options {
    std::filesystem::path data;
    std::string pin; ///< empty: none was given
    std::optional<viewmodels::Preferences::Language> language; ///< for this run
    std::optional<viewmodels::Preferences::Look> look;         ///< for this run
    std::string screenshot; ///< a file: take a picture and end
    std::string page = "customers";
    bool verbose = false;
    bool proceed = false; ///< false: all is said, end with `status`
    int status = 0;
};

/// Reads the command line, and says what is wrong with it. Where there is no display, a screenshot is taken without one.
[[nodiscard]] Options read_options(int argc, char** argv);

} // namespace roadbook::app
