#include "sync-server/app/serve.hpp"

#include "shared/storage/folder_lock.hpp"
#include "sync-server/listener/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include <sys/resource.h>

namespace roadbook::server {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

constexpr auto expires_soon = std::chrono::hours{24 * 30};
constexpr unsigned gate_threads_max = 8; // one commit at a time; more would only wait for the disk

Stopped stopped(const Error& why)
{
    return {exit_for(why.code), why};
}

Result<void> make_folder(const fs::path& folder)
{
    std::error_code ec;
    if (fs::create_directories(folder, ec)) fs::permissions(folder, fs::perms::owner_all, ec);
    if (!ec) return {};
    if (ec == std::errc::no_space_on_device) return fail(Errc::storage_full, fmt::format("the disk is full: the data folder {} was not made", folder.string()));
    return fail(Errc::file_unreadable, fmt::format("the data folder {} cannot be made ({})", folder.string(), ec.message()));
}

Result<wire::ServerTls> certificate_of(const Settings& settings)
{
    auto tls = settings.cert.empty() ? wire::ServerTls::development(settings.data, settings.names) : wire::ServerTls::load(settings.cert, settings.key);
    if (!tls) return tls.error();
    if (tls->valid_until() < system_clock().now() + expires_soon) log::warning("certificate_expires_soon", "on={}", to_text(tls->valid_until()));
    return tls;
}

/// Each connection is a file; the usual soft limit of 1,024 is for programs that use select().
void allow_many_connections()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files)); // without it the server still serves some
}

/// As devices may write it: every address of the machine is none that they can call.
std::string url_of(const Server& server, const Settings& settings)
{
    const bool any_address = settings.listen.host == "0.0.0.0" || settings.listen.host == "::";
    if (!settings.names.empty()) return fmt::format("wss://{}:{}", settings.names.front(), server.port());
    return any_address ? std::string{} : "wss://" + server.address();
}

Stopped run(Hub& hub, wire::ServerTls tls, const Settings& settings, std::ostream& out)
{
    const auto fingerprint = tls.fingerprint();
    asio::io_context context{1};
    auto server = Server::open(context, hub, std::move(tls), {settings.listen.host, settings.listen.port, {}});
    if (!server) return stopped(server.error());
    asio::signal_set signals{context, SIGTERM, SIGINT};
    signals.async_wait([&](const boost::system::error_code& cancelled, int signal) {
        if (cancelled) return;
        log::info("stopping", "signal={}", signal);
        (*server)->drain(fail(Errc::server_busy, Bilingual{"server restarts: connect again in a moment; all edits are safe on the device", "服务器正在重启：请稍后重新连接；所有修改都安全保存在设备上"}));
    });
    hub.note_reached_at({url_of(**server, settings), settings.cert.empty() ? fingerprint : std::string{}});
    (*server)->start();
    fmt::print(out, "listening wss://{} fingerprint {}\n", (*server)->address(), fingerprint);
    out.flush();
    log::info("serving", "address={} data={} audit_head={}", (*server)->address(), settings.data.string(), hub.audit().head().text());
    context.run();
    log::info("stopped", "failed={} audit_head={}", (*server)->failure().has_value(), (*server)->failure() ? "unknown" : hub.audit().head().text());
    return (*server)->failure() ? Stopped{Exit::failed, *(*server)->failure()} : Stopped{};
}

} // namespace

Stopped serve(const Settings& settings, std::ostream& out)
{
    log::start(settings.log_level, settings.log_file);
    std::signal(SIGPIPE, SIG_IGN); // whoever started us may stop reading what we print
    allow_many_connections();
    if (const auto made = make_folder(settings.data); !made) return stopped(made.error());
    const auto lock = storage::FolderLock::acquire(settings.data);
    if (!lock) return stopped(lock.error());
    Hub::Options options;
    options.folder = settings.data;
    options.lease_days = settings.lease_days;
    options.gate_threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, gate_threads_max));
    const auto hub = Hub::open(options);
    if (!hub) return stopped(hub.error());
    auto tls = certificate_of(settings);
    if (!tls) return {Exit::bad_certificate, tls.error()};
    return run(**hub, std::move(*tls), settings, out);
}

} // namespace roadbook::server
