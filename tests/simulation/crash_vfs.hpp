#pragma once
// A disk that loses power: SQLite's own VFS with a switch between any two writes. Once the power is gone every write, sync,
// truncation and deletion fails, so the files stay as they were at that moment.
#include <filesystem>
#include <optional>
#include <string>

namespace roadbook::simulation {

/// One machine's disk, found by SQLite through its name. Lives as long as databases on it are open.
class Disk {
public:
    explicit Disk(std::string name);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    [[nodiscard]] const std::string& vfs() const noexcept { return name_; }
    /// The power goes in the `writes`-th write from now (0: at the next one). Half of that write reaches the disk if `torn`.
    void fail_after(int writes, bool torn);
    void power_on();
    [[nodiscard]] bool is_dead() const noexcept;
    /// Writes so far: how many places there are to fail at.
    [[nodiscard]] int writes() const noexcept;

    struct State;

private:
    std::string name_;
    State* state_;
};

} // namespace roadbook::simulation
