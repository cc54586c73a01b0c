#include "shared/wire/upgrade_rules.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace roadbook::wire {
namespace {

namespace http = boost::beast::http;

/// Browsers send an Origin; a page of another site must not speak for the person who sits there.
bool is_foreign_origin(const UpgradeRequest& request)
{
    const auto origin = request.find(http::field::origin);
    if (origin == request.end()) return false;
    return origin->value() != "https://" + std::string{request[http::field::host]};
}

PlainAnswer not_an_upgrade()
{
    auto answer = plain_answer(http::status::upgrade_required);
    answer.set(http::field::upgrade, "websocket");
    answer.set(http::field::connection, "Upgrade, close");
    answer.set(http::field::sec_websocket_version, "13");
    return answer;
}

std::string path_of(const UpgradeRequest& request)
{
    const std::string target{request.target()};
    return target.substr(0, target.find('?'));
}

} // namespace

PlainAnswer plain_answer(http::status status, std::string text)
{
    PlainAnswer answer{status, 11};
    answer.set(http::field::server, server_name);
    answer.set(http::field::connection, "close");
    if (!text.empty()) answer.set(http::field::content_type, "text/plain; charset=utf-8");
    answer.body() = std::move(text);
    answer.prepare_payload();
    return answer;
}

std::optional<PlainAnswer> refusal(const UpgradeRequest& request, bool has_body, const UpgradeRules& rules)
{
    if (request.version() != 11 || has_body || request.count(http::field::host) != 1)
        return plain_answer(http::status::bad_request);
    if (request.method() != http::verb::get) {
        auto answer = plain_answer(http::status::method_not_allowed);
        answer.set(http::field::allow, "GET");
        return answer;
    }
    const auto path = path_of(request);
    if (path != rules.path) {
        auto page = rules.page ? rules.page(path) : std::nullopt;
        return page ? plain_answer(http::status::ok, std::move(*page)) : plain_answer(http::status::not_found);
    }
    if (is_foreign_origin(request)) return plain_answer(http::status::forbidden);
    if (!boost::beast::websocket::is_upgrade(request) || request[http::field::sec_websocket_version] != "13" ||
        !http::token_list{request[http::field::sec_websocket_protocol]}.exists(rules.subprotocol))
        return not_an_upgrade();
    if (rules.busy) {
        auto answer = plain_answer(http::status::service_unavailable);
        answer.set(http::field::retry_after, std::to_string(rules.busy->count()));
        return answer;
    }
    return std::nullopt;
}

} // namespace roadbook::wire
