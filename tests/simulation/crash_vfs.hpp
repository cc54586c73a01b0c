#pragma once
// A machine's disk in memory, as a VFS of SQLite: it knows what was synced and what was only written, and fails as disks do. What it
// holds can be kept and put back: for restored machines, cloned ones, and one history in several orders.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::simulation {

/// What goes wrong at a write, a sync, a truncation or a deletion.
enum class DiskFault {
    killed,     ///< the program ends there; what was written so far stays. Of the write itself half arrives, or nothing
    power_lost, ///< the machine ends there: of what was not synced any part arrives, in any order, cut at any sector
    io_error,   ///< that one call fails, the machine goes on
    full,       ///< that call and all later ones that need room fail, until make_room()
};
constexpr std::size_t disk_fault_count = 4;
[[nodiscard]] const char* name(DiskFault fault) noexcept;

/// One machine's disk, found by SQLite through its name. Lives longer than the databases on it. Threads: one.
class Disk {
public:
    /// `seed`: of what is left when the power goes.
    explicit Disk(std::string name, std::uint64_t seed = 0);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    [[nodiscard]] const std::string& vfs() const noexcept { return name_; }

    /// At the `calls`-th call from now that changes the disk (0: the next one).
    void fail_after(int calls, DiskFault fault);
    /// From now on a sync says that it was done, and is not: for what the power then takes, nobody can be blamed.
    void lie_about_syncs(bool lies) noexcept;
    /// After a machine ended: it starts again, with what is left. No database on it may be open.
    void power_on();
    void make_room() noexcept;
    /// The program or machine has ended: every call fails until power_on().
    [[nodiscard]] bool is_dead() const noexcept;
    [[nodiscard]] bool is_full() const noexcept;
    /// Calls that changed the disk so far: how many places there are to fail at.
    [[nodiscard]] int writes() const noexcept;
    /// How often each fault has come about.
    [[nodiscard]] std::int64_t times(DiskFault fault) const noexcept;

    struct FileImage;
    /// All files, by name. Cheap to copy: their bytes are shared until they are written to.
    using Image = std::map<std::string, std::shared_ptr<const FileImage>>;
    /// As programs see it now. With no database open it is what a copied folder would hold.
    [[nodiscard]] Image image() const;
    /// No database on it may be open.
    void restore(const Image& image);
    /// The bytes of each file, as programs see them now.
    void each_file(const std::function<void(std::string_view)>& take) const;

    struct State;

private:
    std::string name_;
    std::unique_ptr<State> state_;
};

} // namespace roadbook::simulation
