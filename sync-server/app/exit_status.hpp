#pragma once
#include "shared/base/result.hpp"

namespace roadbook::server {

/// What scripts and service managers see. README.md has the table; a number keeps its meaning.
enum class Exit : int {
    done = 0,
    failed = 1,           ///< anything without a number of its own; the message says what
    bad_call = 2,         ///< words, settings or names that cannot be understood
    port_in_use = 3,
    folder_busy = 4,      ///< another server has the data folder
    newer_file = 5,       ///< written by a newer version: not touched
    bad_certificate = 6,  ///< expired, unreadable, or not that of the key
    disk_full = 7,
};

[[nodiscard]] Exit exit_for(Errc code) noexcept;

} // namespace roadbook::server
