#pragma once
// Internal to the room.
#include "shared/wire/listener.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace roadbook::wire {

class Socket::State {
public:
    boost::asio::ip::tcp::socket socket;
    std::string address; ///< IP only
    std::string peer;    ///< with the port
};

/// "192.0.2.7:50122" or "[2001:db8::7]:50122"
[[nodiscard]] std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint);

} // namespace roadbook::wire
