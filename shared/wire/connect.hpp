#pragma once
#include "shared/wire/tls.hpp"
#include "shared/wire/url.hpp"
#include "shared/wire/wire.hpp"

namespace roadbook::wire {

/// Opens a connection to a Roadbook server, for coroutines on `executor` (await it there).
/// `link_lost`: no such name, no route, nobody listens, or cut on the way; `timed_out`: a step took longer than its
/// timeout; `tls_failed`: the server is not who it should be, and the message says why; nothing of the application was
/// sent; `upgrade_refused`: a web server, but no Roadbook server; `server_busy`: it asks to come again later, the field
/// holds the seconds when it named them.
[[nodiscard]] boost::asio::awaitable<Result<Wire>> connect(boost::asio::any_io_executor executor, Url url,
                                                           ClientTls trust, Options options = {});

} // namespace roadbook::wire
