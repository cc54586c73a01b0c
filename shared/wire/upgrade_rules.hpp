#pragma once
// Internal to the room: which HTTP requests become a WebSocket, and what the others are told. Pure.
#include "shared/wire/upgrade.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace roadbook::wire {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;
using PlainAnswer = boost::beast::http::response<boost::beast::http::string_body>;

inline constexpr auto server_name = "roadbook"; // no version: it would help only attackers

/// Nothing when the request is an upgrade to Roadbook, else the answer to send before closing. `has_body`: it announced
/// one, or sent bytes behind its header; both are how requests are smuggled past a proxy.
[[nodiscard]] std::optional<PlainAnswer> refusal(const UpgradeRequest& request, bool has_body,
                                                 const UpgradeRules& rules);
[[nodiscard]] PlainAnswer plain_answer(boost::beast::http::status status, std::string text = {});

} // namespace roadbook::wire
