#pragma once
// A server, three to five devices and their users, on virtual time, in one thread. The sessions, replica, hub, store, gate and
// merge are the real ones; only disk, clock, chance and network are the world's.
#include "mobile-app/sync/sync_client.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/crash_vfs.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/seeded.hpp"

#include <deque>
#include <filesystem>
#include <memory>

namespace roadbook::simulation {

/// What a world went through, for reports: no speed may come from empty worlds.
struct Tally {
    std::int64_t edits = 0, refused = 0, conflicts = 0, moves = 0, kills = 0, cuts = 0, late = 0, local_refusals = 0;
    Tally& operator+=(const Tally& other);
};

class World {
public:
    World(std::uint64_t seed, std::filesystem::path folder);
    ~World();

    /// Everybody is enrolled and has synced once.
    void set_up();
    /// A working time: edits, syncs, cuts and crashes in random order.
    void work();
    /// Faults end, everybody syncs in the order drawn from `order`, until nobody has anything left to say.
    void settle(std::uint64_t order);
    /// Copies of all files, and back to them: one history, several orders.
    void keep_image();
    void restore_image();

    /// Everything a user or manager could see, by record: equal texts are equal states.
    [[nodiscard]] std::map<std::string, std::string> view_of_server();
    [[nodiscard]] std::map<std::string, std::string> view_of_device(std::size_t device);
    [[nodiscard]] std::set<std::string> refusals();
    /// Breaks of the invariants, in words; empty when all hold.
    [[nodiscard]] std::vector<std::string> check();

    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    [[nodiscard]] const std::vector<std::string>& story() const noexcept { return story_; }
    [[nodiscard]] std::size_t device_count() const noexcept { return devices_.size(); }

private:
    /// Written by nobody but the liar, who is no manager.
    static constexpr std::string_view lied_field = "credit_limit";

    struct Link {
        std::unique_ptr<sync::SyncClient> client;
        server::ConnectionId connection = 0;
        std::deque<Bytes> up;   ///< frames on their way to the server
        std::deque<Bytes> down; ///< and to the device
    };
    struct Device {
        std::string name;
        RecordId person;
        schema::Role role = schema::Role::rep;
        std::filesystem::path folder;
        std::unique_ptr<Disk> disk;
        std::unique_ptr<VirtualClock> clock;
        std::unique_ptr<Chance> random;
        std::unique_ptr<replica::Replica> replica;
        std::optional<Link> link;
        std::size_t refused_seen = 0;
    };

    // world.cpp: machines and network
    void start_server();
    void start(Device& device);
    void crash(Device& device);
    void crash_server();
    void recover();
    [[nodiscard]] bool any_power_lost() const;
    void connect(Device& device);
    void cut(Device& device);
    void cut_all();
    bool step_network(Device& device);
    void deliver_up(Device& device);
    void deliver_down(Device& device);
    void run_server();
    void note_refusals(Device& device);
    void tell(std::string line);

    void work_a_step(Device& device);

    // users.cpp: what people do
    void set_up_company();
    void act();
    void act(Device& device);
    void edit_account(Device& device);
    void write_note(Device& device);
    void add_account(Device& device);
    void add_visit(Device& device);
    void edit_visit(Device& device);
    void add_quote(Device& device);
    void edit_quote(Device& device);
    void add_expense(Device& device);
    void move_territory();
    void settle_conflict(Device& device);
    // any_record.cpp: the same for every type of record
    void add_any(Device& device);
    void edit_any(Device& device);
    void add_entry(Device& device);
    void remove_entry(Device& device);
    [[nodiscard]] static bool is_tampered(Device& device);
    [[nodiscard]] static bool is_followed(const schema::Field& field);
    void note_fields(const merge::Intent& made, Ledger::Fate fate);
    std::optional<schema::Record> pick_any(Device& device);
    /// Nothing: a reference to a record of a type of which the device has none.
    std::optional<schema::Value> any_value(Device& device, const schema::Field& field);
    void lie(Device& device);
    std::optional<schema::Record> pick_record(Device& device, std::string_view kind);
    void set_value(Device& device, const schema::Record& record, std::string_view collection, const ChildId& child, std::string_view field,
                   const schema::Value& value);
    void save(Device& device, merge::Intent intent, const std::function<void(Ledger::Fate)>& note);
    [[nodiscard]] std::string unique(std::string_view word);

    // checks.cpp
    void check_edits(std::vector<std::string>& broken);
    void check_views(std::vector<std::string>& broken);
    void check_money(std::vector<std::string>& broken);
    void check_leftovers(std::vector<std::string>& broken);
    void check_numbers(std::vector<std::string>& broken);

    std::uint64_t seed_;
    std::filesystem::path folder_;
    Chance chance_;
    VirtualClock server_clock_;
    Chance server_random_;
    std::unique_ptr<Disk> server_disk_;
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
    std::vector<Device> devices_;
    std::vector<RecordId> territories_;
    std::vector<RecordId> reps_;
    RecordId manager_;
    std::vector<RecordId> products_;
    Ledger ledger_;
    std::set<std::string> lied_;                ///< records that somebody wrote to beyond his rights
    std::set<std::string> unexpected_refusals_;
    Tally tally_;
    std::vector<std::string> story_;
    int numbers_ = 0;
};

} // namespace roadbook::simulation
