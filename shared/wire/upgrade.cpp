#include "shared/wire/upgrade.hpp"

#include "shared/wire/deadline.hpp"
#include "shared/wire/failure.hpp"
#include "shared/wire/server_tls_state.hpp"
#include "shared/wire/socket_state.hpp"
#include "shared/wire/upgrade_rules.hpp"
#include "shared/wire/wire_core.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

namespace roadbook::wire {
namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

using Parser = http::request_parser<http::empty_body>;

asio::awaitable<Result<void>> accept_tls(Wire::Core& core)
{
    const Deadline deadline{core.stream().get_executor(), core.timeouts().tls_handshake, [&] { core.tls().cut(); }};
    const auto ec = co_await core.tls().handshake();
    if (!ec) co_return Result<void>{};
    if (deadline.passed()) co_return time_failure("The TLS handshake took too long; no request was read.");
    if (ec == boost::system::errc::protocol_error)
        co_return fail(Errc::tls_failed,
                       fmt::format("No agreement on TLS ({}); no request was read.", core.tls().reason()));
    co_return link_failure(ec, "TLS was being agreed on");
}

asio::awaitable<Error> answer_and_close(Wire::Core& core, PlainAnswer answer)
{
    static_cast<void>(co_await http::async_write(core.tls(), answer, with_code));
    co_await core.tls().teardown();
    co_return fail(Errc::upgrade_refused,
                   fmt::format("Answered {} {}.", answer.result_int(), std::string{answer.reason()}));
}

std::optional<http::status> status_for(const error_code& ec)
{
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
        return http::status::request_header_fields_too_large;
    if (ec.category() == http::make_error_code(http::error::bad_method).category() &&
        ec != http::error::end_of_stream && ec != http::error::partial_message)
        return http::status::bad_request;
    return std::nullopt;
}

asio::awaitable<Result<void>> answer_upgrade(Wire::Core& core, const UpgradeRules& rules)
{
    // The buffer is a little larger than the header may be, so that the parser's own limit speaks first.
    boost::beast::flat_buffer buffer{limits::http_header_bytes_max + 1024};
    Parser parser;
    parser.header_limit(limits::http_header_bytes_max);
    const auto [ec, size] = co_await http::async_read_header(core.tls(), buffer, parser, with_code);
    if (ec) {
        if (const auto status = status_for(ec)) co_return co_await answer_and_close(core, plain_answer(*status));
        co_return link_failure(ec, "a request was expected");
    }
    const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0 || buffer.size() > 0;
    const auto& request = parser.get();
    if (auto refused = refusal(request, has_body, rules))
        co_return co_await answer_and_close(core, std::move(*refused));

    core.stream().set_option(websocket::stream_base::decorator([&rules](websocket::response_type& response) {
        response.set(http::field::server, server_name);
        response.set(http::field::sec_websocket_protocol, rules.subprotocol);
    }));
    const auto [failed] = co_await core.stream().async_accept(request, with_code);
    if (!failed) co_return Result<void>{};
    co_await core.tls().teardown();
    co_return fail(Errc::upgrade_refused, fmt::format("Answered 400: {}.", failed.message()));
}

} // namespace

asio::awaitable<Result<Wire>> serve_upgrade(Socket socket, ServerTls tls, UpgradeRules rules)
{
    const auto accepted = socket.release();
    auto ssl = make_ssl(tls.state()->context.get());
    SSL_set_accept_state(ssl.get());
    auto core = std::make_shared<Wire::Core>(std::move(accepted->socket), std::move(ssl), nullptr,
                                             std::move(accepted->peer), rules.options);
    if (const auto agreed = co_await accept_tls(*core); !agreed) co_return agreed.error();
    const Deadline deadline{core->stream().get_executor(), rules.options.timeouts.upgrade, [&] { core->tls().cut(); }};
    const auto upgraded = co_await answer_upgrade(*core, rules);
    if (deadline.passed()) co_return time_failure("The request took too long.");
    if (!upgraded) co_return upgraded.error();
    core->open(true);
    co_return Wire{std::move(core)};
}

} // namespace roadbook::wire
