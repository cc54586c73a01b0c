#pragma once
// An installation of the app in a story, in the hands of its user.
#include "mobile-app/replica/replica.hpp"
#include "tests/simulation/crash_vfs.hpp"
#include "tests/support/company.hpp"

namespace roadbook::simulation::stories {

class Stage;

/// What went over the network, as frames: without what WebSocket and TLS put around them.
struct Traffic {
    std::int64_t up = 0;      ///< bytes, from the device; here and below without `files`
    std::int64_t down = 0;    ///< bytes, to it
    std::int64_t files = 0;   ///< bytes of frames that carry parts of files, or answer them
    std::int64_t records = 0; ///< bytes, to it: frames that carry records, changes or parts of files
};

/// What its user does is saved when the call returns. Where the power goes meanwhile he starts the app again, looks whether it was saved, and does it
/// again when it was not; that a call fails otherwise is a fault of the story, and throws.
class Device {
public:
    enum class With { no_vault, vault };
    Device(Stage& stage, std::string name, const RecordId& person, With with);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() { close(); }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const RecordId& person() const noexcept { return person_; }
    [[nodiscard]] replica::Replica* operator->() { return replica_.get(); }
    [[nodiscard]] replica::Replica& replica() { return *replica_; }
    [[nodiscard]] replica::Vault& vault() { return *vault_; }
    [[nodiscard]] bool has_vault() const noexcept { return with_ == With::vault; }
    [[nodiscard]] std::filesystem::path folder() const;
    testing::ShiftedClock clock; ///< as wrong as its user has set it
    replica::Uptime uptime{"first boot", Duration{0}};

    // ---- edits
    RecordId add(std::string_view kind, const schema::Fields& fields);
    void set(const RecordId& id, const schema::Fields& fields, std::string_view reason = {});
    ChildId add_item(const RecordId& id, std::string_view collection, const schema::Fields& fields);
    void set_item(const RecordId& id, std::string_view collection, const ChildId& item, const schema::Fields& fields);
    void remove_item(const RecordId& id, std::string_view collection, const ChildId& item);
    void attach(const RecordId& id, std::string_view file_name, std::string_view media_type, ByteView bytes);
    void resolve(const RecordId& id, std::string_view path, const schema::Value& value, std::string_view reason);
    ChildId approve(const RecordId& id, std::string_view reason = {});
    ChildId sign(const RecordId& id, const replica::Signer& signer);
    /// Any other edit that is one change: `act` returns a Result.
    template <class Act>
    void does(Act&& act)
    {
        does_it([&](replica::Replica& replica) -> std::optional<Error> {
            const auto done = act(replica);
            return done ? std::nullopt : std::optional{done.error()};
        });
    }
    /// The app is killed and started again.
    void restart();

    // ---- for the stage and the network
    void open();
    void close() noexcept { replica_.reset(), vault_.reset(); }
    void close_records() noexcept { replica_.reset(); } ///< the vault stays open: nothing can be read any more
    [[nodiscard]] bool is_open() const noexcept { return replica_ != nullptr; }
    [[nodiscard]] bool is_wiped() const noexcept { return wiped_; }
    void note_wiped() noexcept;
    void forget_wiped() noexcept { wiped_ = false; }
    [[nodiscard]] Disk& disk() noexcept { return disk_; }
    [[nodiscard]] const Disk& disk() const noexcept { return disk_; }
    [[nodiscard]] Chance& chance() noexcept { return chance_; }
    Traffic traffic;       ///< the network's: since the stage was brought back
    int writes_before = 0; ///< the stage's: what the disk had counted when the stage was brought back

private:
    void does_it(const std::function<std::optional<Error>(replica::Replica&)>& act);
    template <class Act>
    ChildId makes_child(const RecordId& id, std::string_view collection, Act&& act);

    Stage& stage_;
    const std::string name_;
    const RecordId person_;
    const With with_;
    Chance chance_;
    Disk disk_;
    std::shared_ptr<replica::Vault> vault_;
    std::unique_ptr<replica::Replica> replica_;
    bool wiped_ = false;
};

} // namespace roadbook::simulation::stories
