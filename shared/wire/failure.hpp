#pragma once
// Internal to the room: error codes of the network, in words.
#include "shared/base/result.hpp"

#include <boost/system/error_code.hpp>

#include <string_view>

namespace roadbook::wire {

/// `link_lost` with what happened; `doing` completes "The connection broke while ...".
[[nodiscard]] Error link_failure(const boost::system::error_code& ec, std::string_view doing);
[[nodiscard]] Error time_failure(std::string_view what);

} // namespace roadbook::wire
