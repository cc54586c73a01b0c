// Writes on one Wire: one at a time, in the order they were called.
#include "shared/wire/failure.hpp"
#include "shared/wire/wire_core.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace roadbook::wire {
namespace {

constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

} // namespace

/// Lives in the frame of the waiting coroutine, so that it leaves the line however that ends.
struct Wire::Core::Waiting {
    Waiting(Core& of, std::size_t message_bytes)
        : core{of}, bytes{message_bytes}, timer{of.ws_.get_executor(), SteadyTime::max()}
    {
        place = core.waiting_.insert(core.waiting_.end(), this);
        core.waiting_bytes_ += bytes;
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { leave(); }

    void leave()
    {
        if (!std::exchange(in_line, false)) return;
        core.waiting_.erase(place);
        core.waiting_bytes_ -= bytes;
    }

    Core& core;
    std::size_t bytes;
    asio::steady_timer timer; // never expires by itself: it is cancelled when the turn comes
    std::list<Waiting*>::iterator place;
    bool in_line = true;
    bool called = false;
};

class Wire::Core::Turn {
public:
    explicit Turn(Core& core) noexcept : core_{core} { core_.writing_ = true; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { core_.give_turn_on(); }

private:
    Core& core_;
};

void Wire::Core::give_turn_on() noexcept
{
    writing_ = !waiting_.empty(); // handed over: nobody may slip in before the one that is called
    if (!writing_) return;
    auto& next = *waiting_.front();
    next.leave();
    next.called = true;
    next.timer.cancel();
}

asio::awaitable<Result<void>> Wire::Core::wait_for_turn(std::shared_ptr<Core> self, std::size_t bytes)
{
    if (!self->writing_) co_return Result<void>{};
    if (self->waiting_.size() >= limits::writes_waiting_max ||
        (!self->waiting_.empty() && self->waiting_bytes_ + bytes > limits::write_bytes_waiting_max))
        co_return fail(Errc::server_busy, "Too much waits to be sent on this connection already; this was not sent.");
    Waiting waiting{*self, bytes};
    static_cast<void>(co_await waiting.timer.async_wait(with_code));
    if (waiting.called) co_return Result<void>{};
    co_return fail(Errc::session_over, "The write was cancelled before its turn; nothing of it was sent.");
}

asio::awaitable<Result<void>> Wire::Core::write(std::shared_ptr<Core> self, ByteView message)
{
    if (self->verdict_) co_return *self->verdict_;
    if (message.size() > limits::frame_bytes_max)
        co_return fail(Errc::too_large, "A frame of this size is over the limit; it was not sent.");
    if (const auto come = co_await wait_for_turn(self, message.size()); !come) co_return come.error();
    const Turn turn{*self};
    if (self->verdict_) co_return *self->verdict_;
    const auto [ec, sent] = co_await self->ws_.async_write(asio::buffer(message.data(), message.size()), with_code);
    if (ec) co_return self->on_write_error(ec);
    co_return Result<void>{};
}

Error Wire::Core::on_write_error(const error_code& ec)
{
    auto error = verdict_ ? *verdict_ : link_failure(ec, "a frame was being sent");
    // A reader learns more than a writer: that the peer closed, and why. Let it, unless nobody reads.
    if (!reading_) cut(error);
    return error;
}

} // namespace roadbook::wire
