#pragma once
// A server, two to twelve devices and their users, on virtual time, in one thread. The sessions, replica, hub, store, gate and merge are the
// real ones; only disk, clock, chance and network are the world's.
#include "mobile-app/sync/sync_client.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/firm.hpp"
#include "tests/simulation/seeded.hpp"
#include "tests/simulation/tally.hpp"
#include "tests/simulation/weather.hpp"

#include <deque>
#include <filesystem>
#include <memory>

namespace roadbook::simulation {

class World {
public:
    World(Setting setting, std::filesystem::path folder);
    ~World();

    /// A working time: edits, syncs, cuts, crashes and what else the weather brings, in random order.
    void work();
    /// Faults end, everybody syncs in the order drawn from `order`, until nobody has anything left to say.
    void settle(std::uint64_t order);
    /// Copies of all machines, and back to them: one history, several orders.
    void keep_image();
    void restore_image();

    /// Breaks of the invariants, in words; empty when all hold.
    [[nodiscard]] std::vector<std::string> check();
    /// After check(): everything a user or manager could see, by record: equal texts are equal states.
    [[nodiscard]] std::map<std::string, std::string> view_of_server() const;
    [[nodiscard]] std::map<std::string, std::string> view_of_device(std::size_t device);
    [[nodiscard]] std::set<std::string> refusals();

    [[nodiscard]] const Weather& weather() const noexcept { return weather_; }
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    [[nodiscard]] const std::vector<std::string>& story() const noexcept { return story_; }
    [[nodiscard]] std::vector<std::string> device_names() const;

    /// Begins every text that a user makes up; with the number and the last letter behind it, "zq000017q", it stands nowhere else.
    static constexpr std::string_view canary = "zq";

private:
    /// Written by nobody but the liar, who is no manager.
    static constexpr std::string_view lied_field = "credit_limit";

    /// Frames on their way; a half-open link swallows those of one direction, and nobody hears of it.
    struct Link {
        std::unique_ptr<sync::SyncClient> client;
        server::ConnectionId connection = 0;
        std::deque<Bytes> up, down;
        bool swallows_up = false, swallows_down = false;
    };
    struct Sent {
        std::int64_t up_to = 0;    ///< edits of the ledger that are known to have left it
        bool is_uncertain = false; ///< its disk lied and the power went: what it says of itself counts for nothing, until it begins with a new file
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
        std::int64_t io_errors_seen = 0;
        bool is_damaged = false;         ///< it said so of its file
        std::string why_cut;             ///< of its last connection
        bool is_absent = false;          ///< left out by a shrinker, or its person has left: it does nothing, and nobody looks at it
        bool is_copy = false;            ///< of another device, which goes on
        bool is_away = false;            ///< it does not connect until all is over
        Sent sent;
    };
    struct Kept { ///< what a machine once held
        Disk::Image image;
        std::int64_t at = 0; ///< edits of the ledger
    };

    // machines.cpp
    void add_device(const std::string& name, std::size_t person, const Disk::Image& holds);
    void start_server();
    void start(Device& device);
    void restart(Device& device, std::string_view why);
    void note_damage(const Error& said);
    void begin_with_new_file(Device& device);
    void restart_server(std::string_view why);
    void recover();
    [[nodiscard]] static bool has_io_error(const Device& device);
    void look_at_everything();
    [[nodiscard]] bool any_machine_failed() const;
    void fail_a_disk(Device& device);
    void fail_servers_disk();
    [[nodiscard]] DiskFault pick_fault();
    void count_faults();

    // network.cpp
    void connect(Device& device);
    void cut(Device& device);
    void cut_all();
    bool step_network(Device& device);
    void deliver_up(Device& device);
    void deliver_down(Device& device);
    void run_server();
    void route(const server::Output& output);
    void older_app_comes();
    void spoil(Bytes& frame);
    void enrol_anew(Device& device);
    void note_refusals(Device& device);
    void note_refusal(const std::string& record, bool creates, const std::vector<merge::WrittenField>& sets, bool is = true);
    void note_what_left(Device& device);

    // disasters.cpp
    void disaster_step(Device& device);
    void restore_device(Device& device);
    void replace_device(Device& device);
    void restore_server();
    void long_absence(Device& device);
    void person_leaves(Device& device);
    void check_who_left();
    void admit_the_waiting();
    [[nodiscard]] bool may_lose_on_power(const Device& device) const;

    void tell(std::string line);
    void work_a_step(Device& device);
    void have_good_network(Device& device);

    // users.cpp: what people do
    void act();
    void act(Device& device);
    void edit_account(Device& device);
    void write_note(Device& device);
    void add_account(Device& device);
    void add_visit(Device& device);
    void add_visit(Device& device, const RecordId& account);
    void add_visit_heard_of(Device& device);
    void edit_visit(Device& device);
    void add_quote(Device& device);
    void edit_quote(Device& device);
    void add_expense(Device& device);
    void move_territory();
    void move_account();
    void dispatch(Device& device);
    void work_with_older_app();
    [[nodiscard]] std::optional<RecordId> not_sent_yet(const RecordId& person);
    void settle_conflict(Device& device);
    // money_and_files.cpp
    template <class Outcome>
    bool did(Device& device, const Outcome& outcome);
    void submit_report(Device& device);
    void approve(Device& device);
    void pay(Device& device);
    void attach(Device& device);
    void check_approvals(std::vector<std::string>& broken);
    void check_files(std::vector<std::string>& broken);
    // any_record.cpp: the same for every type of record
    void add_any(Device& device);
    void edit_any(Device& device);
    void add_entry(Device& device);
    void remove_entry(Device& device);
    [[nodiscard]] static bool is_tampered(Device& device);
    [[nodiscard]] static bool is_followed(const schema::Kind& kind, const schema::Field& field);
    void note_fields(const merge::Intent& made, Ledger::Fate fate);
    std::optional<schema::Record> pick_any(Device& device);
    /// Nothing: a reference to a record of a type of which the device has none.
    std::optional<schema::Value> any_value(Device& device, const schema::Field& field);
    void lie(Device& device);
    std::optional<schema::Record> pick_record(Device& device, std::string_view kind);
    std::optional<schema::Record> pick_in_state(Device& device, std::string_view kind, std::string_view state);
    void set_value(Device& device, const schema::Record& record, std::string_view collection, const ChildId& child, std::string_view field,
                   const schema::Value& value);
    void save(Device& device, merge::Intent intent, const std::function<void(Ledger::Fate)>& note);
    [[nodiscard]] std::string unique(std::string_view word);

    // checks.cpp
    void read_server();
    void note_kept();
    [[nodiscard]] const merge::Merged* on_server(const std::string& record) const;
    [[nodiscard]] bool may_be_refused_and_there() const;
    void check_edits(std::vector<std::string>& broken);
    void check_rights(std::vector<std::string>& broken);
    void check_views(std::vector<std::string>& broken);
    void check_money(std::vector<std::string>& broken);
    void check_leftovers(std::vector<std::string>& broken);
    void check_numbers(std::vector<std::string>& broken);
    void check_bytes(std::vector<std::string>& broken);
    void check_audit(std::vector<std::string>& broken);

    const Firm& firm_;
    Setting setting_;
    Weather weather_;
    std::filesystem::path folder_;
    Chance chance_;
    VirtualClock server_clock_;
    Chance server_random_;
    std::unique_ptr<Disk> server_disk_;
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
    std::int64_t server_io_errors_seen_ = 0;
    std::vector<Device> devices_;
    std::map<std::string, Kept> kept_; ///< of devices, by name; the server's under ""
    bool disaster_came_ = false;
    std::string liar_disk_;                    ///< the device whose disk lies
    std::optional<RecordId> leaver_;           ///< from when his access is to end
    std::set<server::ConnectionId> ended_;     ///< his: not a byte goes out on these
    std::optional<OlderApp> older_app_;
    std::optional<server::ConnectionId> older_link_;
    std::vector<server::Output> older_got_;
    protocol::v1::ChangeList older_image_;
    std::vector<server::ConnectionId> unheard_; ///< dead, and the server does not know
    bool values_unknown_ = false;         ///< a bit of an answer was turned: what a device takes for accepted, or for refused, is not what the server said. Or an
                                          ///< edit came with one, and its device forgot what it said at once, since its record was handed over
    bool is_calm_ = false;                ///< work is over: nothing fails any more
    std::vector<Disk::Image> image_; ///< the server's last
    std::vector<Sent> sent_image_;   ///< of the devices
    std::map<RecordId, merge::Merged> truth_; ///< what the server holds at rest
    Ledger ledger_, ledger_image_;
    std::map<std::string, std::string> approved_;                ///< what an approver saw, by the approval's entry
    std::vector<std::pair<std::string, std::string>> files_;     ///< record and hash of each file that was attached
    std::set<std::string> lied_;                ///< records that somebody wrote to beyond his rights
    std::set<std::string> noted_refusals_, unexpected_refusals_;
    Tally tally_;
    std::vector<std::string> story_;
    int step_ = 0;
    int numbers_ = 0;
};

} // namespace roadbook::simulation
