#pragma once
// The real server, listening under TLS on a free port of this machine, in a thread of this process.
#include "mobile-app/replica/replica.hpp"
#include "shared/wire/tls.hpp"
#include "sync-server/listener/server.hpp"

#include <boost/asio/io_context.hpp>

#include <thread>

namespace roadbook::benchmark {

/// A device of this person, through the real enrolment.
[[nodiscard]] replica::Identity enrol(server::Hub& hub, const RecordId& person);

class RunningServer {
public:
    explicit RunningServer(const std::filesystem::path& folder);
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    /// A device of this person; enrolled in the server's own thread.
    [[nodiscard]] replica::Identity enrol(const RecordId& person);
    /// CPU time of the server's thread so far.
    [[nodiscard]] Duration cpu() const;
    [[nodiscard]] std::string url() const { return "wss://" + server_->address(); }
    [[nodiscard]] const std::string& fingerprint() const { return tls_.fingerprint(); }

private:
    boost::asio::io_context context_{1};
    std::unique_ptr<server::Hub> hub_;
    wire::ServerTls tls_;
    std::unique_ptr<server::Server> server_;
    std::thread thread_;
};

} // namespace roadbook::benchmark
