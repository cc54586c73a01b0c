#pragma once
// A real roadbookd process with a small company in it, an honest device that stays connected, and what the attacks need to know.
#include "sync-server/session/hub.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/system/attacks/bystander.hpp"

#include <boost/asio/io_context.hpp>

namespace roadbook::attacks {

/// A device whose owner has taken it apart: he has its token.
struct Credentials {
    std::string device; ///< 16 bytes
    std::string token;
    RecordId person;
};

class Arena {
public:
    Arena();
    ~Arena();

    RecordId mona, ann, ben;  ///< a manager, and two reps who report to her; Ann is the attacker, Ben has the honest device
    RecordId north, south;    ///< Ann's and Ben's territory
    RecordId widget;          ///< a product
    RecordId acme, bolt;      ///< an account in the north, one in the south
    RecordId visit;           ///< of Ben at his account, with a photo
    Hash photo;

    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const;
    [[nodiscard]] const std::string& pin() const noexcept { return pin_; }
    /// An address that nobody has called from: what one attack uses up is not the next one's.
    [[nodiscard]] std::uint32_t fresh_address() noexcept { return ++last_address_; }

    /// Administration, as another process beside the server.
    [[nodiscard]] server::Hub& admin() { return *admin_; }
    /// Entries of the audit log about a record, or of a kind.
    [[nodiscard]] std::vector<store::AuditEntry> audit_of(const RecordId& record);
    [[nodiscard]] std::vector<store::AuditEntry> audit_of(store::AuditKind kind);
    [[nodiscard]] std::string code_for(const RecordId& person);
    /// Enrols over the wire.
    [[nodiscard]] Credentials enrol(const RecordId& person);

    [[nodiscard]] Bystander& bystander() { return *bystander_; }
    /// Of the server's process, in MiB.
    [[nodiscard]] double memory() const;
    [[nodiscard]] double peak_memory() const;
    [[nodiscard]] double memory_at_start() const noexcept { return memory_at_start_; }
    [[nodiscard]] std::string log() const;
    /// Texts that must never be in the log.
    void keep_secret(std::string text) { secrets_.push_back(std::move(text)); }
    [[nodiscard]] const std::vector<std::string>& secrets() const noexcept { return secrets_; }
    /// Ends the server as an administrator does; its exit status.
    [[nodiscard]] int stop();

private:
    void found_company();
    void start_server();

    testing::TempFolder folder_;
    boost::asio::io_context io_{1};
    std::unique_ptr<server::Hub> admin_;
    std::unique_ptr<testing::Process> server_;
    std::unique_ptr<Bystander> bystander_;
    std::uint16_t port_ = 0;
    std::string pin_;
    std::uint32_t last_address_ = 0x7f08'0000; // 127.8.0.1 is the first
    double memory_at_start_ = 0;
    std::vector<std::string> secrets_;
};

/// A record as an administrator creates it.
[[nodiscard]] merge::Intent creation(const RecordId& id, std::string_view kind, schema::Fields fields);

} // namespace roadbook::attacks
