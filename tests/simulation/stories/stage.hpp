#pragma once
// Where a story is played: a server and devices in one process, each on a disk that may lose its power. All that they hold can be kept and brought
// back. Hub, sessions, gate, store and replicas are the product's; only clock, chance, disk and network are the stage's.
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/crash_vfs.hpp"
#include "tests/simulation/stories/device.hpp"

#include <deque>
#include <memory>

namespace roadbook::simulation::stories {

/// Where a machine ends: at the call of this number that changes its disk, counted from when the stage was brought back.
struct PowerCut {
    std::string machine; ///< "server" or a device's name
    int at_write = 0;
    DiskFault fault = DiskFault::power_lost; ///< or killed: then what it has written stays
};

/// Ownership: owns its folder and all machines; a story keeps references to devices, which stay until the stage goes. Threads: one.
class Stage {
public:
    explicit Stage(std::filesystem::path folder);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    // ---- before the story begins, and what an administrator does in it: the power stays meanwhile
    [[nodiscard]] RecordId new_record() { return new_id<RecordId>(clock_.now(), chance_); }
    [[nodiscard]] ChildId new_child() { return new_id<ChildId>(clock_.now(), chance_); }
    RecordId put(std::string_view kind, schema::Fields fields);
    RecordId hire(const char* name, const char* role, std::optional<RecordId> reports_to = {});
    void apply(const merge::Intent& intent);
    Device& enrol(const std::string& name, const RecordId& person, Device::With with = Device::With::no_vault);
    /// `act` gets the hub.
    template <class Act>
    auto administer(Act&& act)
    {
        disarm();
        auto done = act(*hub_);
        arm();
        return done;
    }

    // ---- time: virtual, and set by the story
    [[nodiscard]] VirtualClock& clock() { return clock_; }
    /// The `day`th day of the story (0: Monday, 2 March 2026), at this time. Never back: what has happened has happened.
    void at(int day, int hour, int minute = 0);
    [[nodiscard]] static Time moment(int day, int hour, int minute = 0);
    /// A part of the story begins: from here on chance is the same in every order, so that records get the same ids.
    void begin(std::uint64_t part);

    // ---- machines
    [[nodiscard]] server::Hub& hub() { return *hub_; }
    [[nodiscard]] server::ServerCore& core() { return *core_; }
    [[nodiscard]] std::deque<std::unique_ptr<Device>>& devices() { return devices_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] bool is_server_dead() const { return disk_.is_dead(); }
    void restart_server();

    // ---- the power
    void lose_power(const PowerCut& cut);
    void arm();    ///< the announced cut can happen from now on
    void disarm(); ///< and not any more
    [[nodiscard]] bool has_lost_power() const noexcept { return lost_power_; }
    void note_power_lost() noexcept { lost_power_ = true; }
    /// Writes of each machine since the stage was brought back: how many places there are to lose power at.
    [[nodiscard]] std::map<std::string, int> writes() const;

    // ---- the same history again
    void keep(const std::string& name);
    void bring_back(const std::string& name);

private:
    struct Image;
    [[nodiscard]] Disk& disk_of(const std::string& machine);
    [[nodiscard]] Device& device(const std::string& name);
    void close();
    void open();

    std::filesystem::path folder_;
    VirtualClock clock_;
    Chance chance_;
    Disk disk_;
    int writes_before_ = 0; ///< what the disk had counted when the stage was brought back
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
    std::deque<std::unique_ptr<Device>> devices_;
    std::map<std::string, Image> images_;
    RecordId administrator_; ///< on whose behalf administration edits: the first who was hired
    std::optional<PowerCut> cut_;
    bool lost_power_ = false;
};

} // namespace roadbook::simulation::stories
