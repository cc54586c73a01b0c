#pragma once
// SIGINT and SIGTERM as a wish to end, for a command that would else never end.
#include <atomic>

namespace roadbook::headless {

/// While this object lives the first signal sets stopped(); a second one ends the process at once, which loses nothing
/// either. All other commands keep the system's way: they end at once. Threads: one object at a time in the process
/// (asserted).
class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();
    [[nodiscard]] const std::atomic<bool>& stopped() const noexcept;

private:
    void (*interrupt_before_)(int);
    void (*terminate_before_)(int);
};

} // namespace roadbook::headless
