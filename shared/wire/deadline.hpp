#pragma once
// Internal to the room: a step that may take only so long.
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace roadbook::wire {

/// Runs `on_late` once, unless destroyed before; on the executor of the step that it bounds. Boost 1.81 has no
/// cancel_after.
class Deadline {
public:
    Deadline(const boost::asio::any_io_executor& executor, std::chrono::milliseconds limit,
             std::function<void()> on_late)
        : timer_{executor, limit}, state_{std::make_shared<State>(State{std::move(on_late)})}
    {
        timer_.async_wait([state = std::weak_ptr{state_}](const boost::system::error_code& ec) {
            const auto alive = state.lock(); // a timer that fired just before it was destroyed finds nothing here
            if (ec || !alive) return;
            alive->passed = true;
            alive->on_late();
        });
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline() = default;

    [[nodiscard]] bool passed() const noexcept { return state_->passed; }

private:
    struct State {
        std::function<void()> on_late;
        bool passed = false;
    };
    boost::asio::steady_timer timer_;
    std::shared_ptr<State> state_;
};

} // namespace roadbook::wire
