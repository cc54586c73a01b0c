#pragma once
// Many clients that push ready-made changes and want no pages, on one thread: the load that a server's morning brings.
#include "tests/benchmark/data_set.hpp"
#include "tests/benchmark/running_server.hpp"

namespace roadbook::benchmark {

/// Connections that have said Hello, and nothing since. They end with this object.
[[nodiscard]] std::shared_ptr<void> connect_idle(const std::vector<replica::Identity>& devices);

class PushLoad {
public:
    /// Each client gets its own records and `changes` one-field changes over them, made now, in memory.
    PushLoad(const std::filesystem::path& server_folder, RunningServer& server, const DataSet& data, int clients, int changes);

    /// Pushes all with `per_push` changes in a frame, and waits for every answer. Changes a second.
    [[nodiscard]] double run(int per_push);

private:
    struct Client {
        replica::Identity identity;
        std::vector<protocol::v1::PushedChange> changes;
    };
    std::vector<Client> clients_;
};

} // namespace roadbook::benchmark
