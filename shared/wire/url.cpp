#include "shared/wire/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace roadbook::wire {
namespace {

constexpr std::size_t host_length_max = 253; // RFC 1035

Error refuse(std::string_view text, std::string_view why)
{
    return fail(
        Errc::bad_argument,
        fmt::format("\"{}\" is no server address: {}. Write it like wss://roadbook.example.com:7443.", text, why),
        "server");
}

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return result;
}

std::string bracketed(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

bool is_ipv6(const std::string& host)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address_v6(host, ec);
    return !ec && host.find('%') == std::string::npos;
}

} // namespace

Result<Url> Url::parse(std::string_view text)
{
    auto rest = text;
    if (const auto scheme_end = rest.find("://"); scheme_end != std::string_view::npos) {
        const auto scheme = lower(rest.substr(0, scheme_end));
        if (scheme == "ws" || scheme == "http")
            return refuse(text, "without TLS anybody on the way could read and change what is sent; use wss://");
        if (scheme != "wss" && scheme != "https") return refuse(text, "the scheme must be wss://");
        rest.remove_prefix(scheme_end + 3);
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find_first_of("/?#@") != std::string_view::npos)
        return refuse(text, "only a host and a port belong there");

    Url url;
    auto host_end = rest.rfind(':');
    if (rest.starts_with('[')) {
        const auto bracket = rest.find(']');
        if (bracket == std::string_view::npos) return refuse(text, "a bracket is missing");
        url.host = lower(rest.substr(1, bracket - 1));
        if (!is_ipv6(url.host)) return refuse(text, "brackets hold an IPv6 address");
        host_end = bracket + 1;
        if (host_end == rest.size()) return url;
        if (rest[host_end] != ':') return refuse(text, "a colon and the port come after the bracket");
    } else {
        url.host = lower(rest.substr(0, host_end));
        if (url.host.empty()) return refuse(text, "the host is missing");
        if (url.host.size() > host_length_max || !std::all_of(url.host.begin(), url.host.end(), is_name_character))
            return refuse(text, "a host name has letters a-z, digits, dots and hyphens");
        if (host_end == std::string_view::npos) return url;
    }
    const auto digits = rest.substr(host_end + 1);
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (ec != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
        return refuse(text, "a port is a number from 1 to 65535");
    return url;
}

std::string Url::text() const
{
    return fmt::format("wss://{}:{}", bracketed(host), port);
}

std::string Url::authority() const
{
    return port == default_port ? bracketed(host) : fmt::format("{}:{}", bracketed(host), port);
}

} // namespace roadbook::wire
