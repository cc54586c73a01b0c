#pragma once
// One connection of a SyncClient over a Wire: only moves bytes. Private to this room.
#include "mobile-app/sync/sync_runner.hpp"
#include "shared/wire/connect.hpp"

namespace roadbook::sync {

/// Opens the connection that an identity names. Errors: as wire::connect, file_unreadable for a lost certificate file.
[[nodiscard]] boost::asio::awaitable<Result<wire::Wire>> dial(boost::asio::any_io_executor executor, std::string server, std::string trust);

/// Sends `frames` in order.
[[nodiscard]] boost::asio::awaitable<Result<void>> send_all(wire::Wire& wire, std::vector<Bytes> frames);

} // namespace roadbook::sync
