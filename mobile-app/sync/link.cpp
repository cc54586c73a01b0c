#include "mobile-app/sync/link.hpp"

#include "shared/wire/tls.hpp"
#include "shared/wire/url.hpp"

namespace roadbook::sync {
namespace {

Result<wire::ClientTls> trust_of(const std::string& trust)
{
    if (trust.empty()) return wire::ClientTls::system();
    if (trust.starts_with("sha256:")) return wire::ClientTls::pinned(trust);
    return wire::ClientTls::authority(trust);
}

} // namespace

boost::asio::awaitable<Result<wire::Wire>> dial(boost::asio::any_io_executor executor, std::string server, std::string trust)
{
    const auto url = wire::Url::parse(server);
    if (!url) co_return url.error();
    auto tls = trust_of(trust);
    if (!tls) co_return tls.error();
    co_return co_await wire::connect(executor, *url, *tls);
}

boost::asio::awaitable<Result<void>> send_all(wire::Wire& wire, std::vector<Bytes> frames)
{
    for (auto& frame : frames) {
        const auto shared = std::make_shared<const Bytes>(std::move(frame));
        const auto sent = co_await wire.write(shared);
        if (!sent) co_return sent.error();
    }
    co_return Result<void>{};
}

} // namespace roadbook::sync
