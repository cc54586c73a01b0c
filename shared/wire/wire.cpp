#include "shared/wire/wire.hpp"

#include "shared/wire/wire_core.hpp"

namespace roadbook::wire {

Wire::Wire(std::shared_ptr<Core> core) noexcept : core_{std::move(core)} {}
Wire::Wire(Wire&&) noexcept = default;

Wire& Wire::operator=(Wire&& other) noexcept
{
    if (this == &other) return *this;
    if (core_) cut();
    core_ = std::move(other.core_);
    return *this;
}

Wire::~Wire()
{
    if (core_) cut();
}

boost::asio::awaitable<Result<Bytes>> Wire::read()
{
    return Core::read(core_);
}

boost::asio::awaitable<Result<void>> Wire::write(ByteView message)
{
    return Core::write(core_, message);
}

boost::asio::awaitable<Result<void>> Wire::write(std::shared_ptr<const Bytes> message)
{
    return Core::write_shared(core_, std::move(message));
}

boost::asio::awaitable<void> Wire::close(CloseCode code, std::string reason)
{
    return Core::close(core_, code, std::move(reason), fail(Errc::session_over, "This end closed the connection."));
}

void Wire::cut() noexcept
{
    core_->cut(fail(Errc::link_lost, "This end cut the connection."));
}

void Wire::drop() noexcept
{
    core_->drop();
}

bool Wire::is_open() const noexcept
{
    return core_->is_open();
}

std::optional<CloseCode> Wire::closed_by_peer() const noexcept
{
    return core_->closed_by_peer();
}

void Wire::limit_frames(std::size_t bytes)
{
    core_->stream().read_message_max(bytes);
}

std::uint64_t Wire::bytes_in() const noexcept
{
    return core_->tls().end().bytes_in;
}

std::uint64_t Wire::bytes_out() const noexcept
{
    return core_->tls().end().bytes_out;
}

const std::string& Wire::peer() const noexcept
{
    return core_->peer();
}

boost::asio::any_io_executor Wire::executor() const
{
    return core_->stream().get_executor();
}

const Timeouts& Wire::timeouts() const noexcept
{
    return core_->timeouts();
}

} // namespace roadbook::wire
