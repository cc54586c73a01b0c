#include "mobile-app/headless/stop_signals.hpp"

#include <cassert>
#include <csignal>

namespace roadbook::headless {
namespace {

std::atomic<bool> is_stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");
std::atomic<int> living{0};

extern "C" void on_signal(int signal)
{
    if (!is_stopped.exchange(true)) return;
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

} // namespace

StopSignals::StopSignals()
{
    const auto others = living.fetch_add(1);
    assert(others == 0);
    static_cast<void>(others);
    is_stopped = false;
    interrupt_before_ = std::signal(SIGINT, on_signal);
    terminate_before_ = std::signal(SIGTERM, on_signal);
}

StopSignals::~StopSignals()
{
    std::signal(SIGINT, interrupt_before_);
    std::signal(SIGTERM, terminate_before_);
    --living;
}

const std::atomic<bool>& StopSignals::stopped() const noexcept
{
    return is_stopped;
}

} // namespace roadbook::headless
