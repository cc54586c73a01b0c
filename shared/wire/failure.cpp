#include "shared/wire/failure.hpp"

#include <boost/asio/error.hpp>

#include <fmt/format.h>

namespace roadbook::wire {

Error link_failure(const boost::system::error_code& ec, std::string_view doing)
{
    namespace error = boost::asio::error;
    if (ec == error::eof || ec == error::connection_reset || ec == error::broken_pipe)
        return fail(Errc::link_lost, fmt::format("The other end broke the connection off while {}.", doing));
    if (ec == error::operation_aborted || ec == error::bad_descriptor)
        return fail(Errc::link_lost, fmt::format("The connection was cut while {}.", doing));
    return fail(Errc::link_lost, fmt::format("The connection broke while {}: {}.", doing, ec.message()));
}

Error time_failure(std::string_view what)
{
    return fail(Errc::timed_out, std::string{what});
}

} // namespace roadbook::wire
