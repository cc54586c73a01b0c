#pragma once
// A small company in one process: a server with a manager, two reps and their customers, devices of theirs, and a network of two queues.
// Hub, sessions, gate and replicas are the real ones; only clock and chance are the test's.
#include "mobile-app/replica/open.hpp"
#include "mobile-app/sync/surrendering.hpp"
#include "mobile-app/sync/sync_client.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/seeded.hpp"
#include "tests/support/temp_folder.hpp"

#include <memory>

namespace roadbook::testing {

namespace v1 = protocol::v1;

[[nodiscard]] merge::Intent creation(const RecordId& id, std::string_view kind, schema::Fields fields);
[[nodiscard]] merge::Intent edit(const RecordId& id, std::string_view kind, schema::Fields fields);

class Company {
public:
    Company();

    [[nodiscard]] server::Hub& hub() { return *hub_; }
    [[nodiscard]] server::ServerCore& core() { return *core_; }
    [[nodiscard]] std::filesystem::path server_folder() const { return folder_ / "server"; }
    [[nodiscard]] std::filesystem::path folder(const std::string& name) const { return folder_ / name; }
    [[nodiscard]] simulation::VirtualClock& clock() { return clock_; }
    [[nodiscard]] simulation::Chance& chance() { return chance_; }
    [[nodiscard]] RecordId new_record() { return new_id<RecordId>(clock_.now(), chance_); }
    /// As administration does it; throws when it is refused.
    void apply(const merge::Intent& intent);
    void close_server();
    void open_server();
    /// A second process on the same folder.
    [[nodiscard]] std::unique_ptr<server::Hub> another_hub();

    RecordId mona, ann, ben;     ///< a manager and the two reps who report to her
    RecordId north, south;       ///< Ann's and Ben's territory
    RecordId widget;             ///< a product
    RecordId acme, bolt;         ///< an account in the north, one in the south

private:
    TempFolder folder_;
    simulation::VirtualClock clock_;
    simulation::Chance chance_;
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
};

/// A connection of which the test writes the device's half by hand.
class Connection {
public:
    explicit Connection(Company& company) : company_{company}, id_{company.core().connect()} {}
    /// What the server answers at once, pushes committed.
    std::vector<v1::ServerFrame> send(const v1::ClientFrame& frame);
    std::vector<v1::ServerFrame> send_bytes(ByteView bytes);
    /// What came without having been asked for.
    std::vector<v1::ServerFrame> receive();
    /// Pushes as one batch and gives each change's answer.
    std::vector<v1::Answer> push(const v1::ChangeList& changes);
    [[nodiscard]] bool is_closed() const noexcept { return closed_; }
    [[nodiscard]] server::ConnectionId id() const noexcept { return id_; }

private:
    Company& company_;
    server::ConnectionId id_;
    std::uint64_t batch_ = 0;
    bool closed_ = false;
};

/// A device's own clock: as wrong as its user has set it.
class ShiftedClock final : public Clock {
public:
    explicit ShiftedClock(Clock& right) : right_{right} {}
    Time now() override { return right_.now() + ahead; }
    Duration ahead{0};

private:
    Clock& right_;
};

/// An installation of the app: a replica that is enrolled.
class Device {
public:
    enum class With { no_vault, vault };
    Device(Company& company, std::string name, const RecordId& person, Bytes key = {}, With with = With::no_vault);
    /// Once more: the same installation gets another name. Errc::ok, or why not.
    Error enrol(const std::string& name, const RecordId& person);
    [[nodiscard]] replica::Replica& replica() { return *replica_; }
    [[nodiscard]] replica::Replica* operator->() { return replica_.get(); }
    void close() { replica_.reset(), vault_.reset(); }
    void open() { try_open().value(); }
    /// Of a device with a vault, also what is between the two: the vault alone.
    [[nodiscard]] Result<void> try_open(std::string_view pin = {});
    [[nodiscard]] replica::Vault& vault();
    /// Hands over what is sealed, as a device does that may not greet; the records are closed.
    [[nodiscard]] sync::Surrendering surrender(const std::string& why);
    ShiftedClock clock;
    replica::Uptime uptime{"first boot", Duration{0}}; ///< what the machine under it counts
    /// One connection, until nobody has anything left to say. Errc::ok, or why it was closed.
    Error sync();
    /// The same, and asks meanwhile.
    Error sync(const v1::Enquiry& enquiry, sync::SyncClient::Heard heard);
    [[nodiscard]] const sync::Tally& tally() const noexcept { return tally_; }
    /// Greets by hand: the frame that opens a Connection as this device.
    [[nodiscard]] v1::ClientFrame hello();

private:
    Error exchange(sync::SyncClient& client);

    Company& company_;
    replica::Replica::Options options_;
    With with_;
    std::shared_ptr<replica::Vault> vault_;
    std::unique_ptr<replica::Replica> replica_;
    sync::Tally tally_;
};

} // namespace roadbook::testing
