#include "shared/wire/admission.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <map>
#include <mutex>

namespace roadbook::wire {
namespace {

constexpr std::size_t network_bytes = 8; // of an IPv6 address

} // namespace

std::string network_of(const std::string& ip_address)
{
    namespace ip = boost::asio::ip;
    boost::system::error_code ec;
    const auto address = ip::make_address(ip_address, ec);
    if (ec || address.is_v4()) return ip_address;
    if (address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + network_bytes, bytes.end(), static_cast<unsigned char>(0));
    return ip::make_address_v6(bytes).to_string();
}

struct Admission::Counts {
    explicit Counts(const Bounds& given)
        : bounds{given}, in_a_second{given.rate}, per_address{given.rate_per_address, limits::addresses_max}, turns{given.rate, limits::come_again_max}
    {
    }
    /// Somebody of `owner` comes in as the `count`th; nothing: there is room for him.
    std::optional<std::chrono::seconds> come_again(const std::string& owner, int count, Time now)
    {
        const bool is_too_many = count > bounds.per_address_max || taken_in >= bounds.at_once_max;
        if (!is_too_many && per_address.take(owner, 1, now) == Duration{0} && in_a_second.take(1, now) == Duration{0}) return std::nullopt;
        return turns.next(now);
    }

    const Bounds bounds;
    std::mutex mutex; // guards what follows
    int in_all = 0;
    int taken_in = 0; // of these: not only to be told to come again
    std::map<std::string, int> by_address;
    Bucket in_a_second;
    Buckets<std::string> per_address;
    Turns turns;
};

struct Admission::Ticket::Place {
    std::shared_ptr<Counts> counts;
    std::string owner;
    bool is_taken_in = false;
};

Admission::Admission(const Bounds& bounds) : counts_{std::make_shared<Counts>(bounds)} {}

Result<Admission::Ticket> Admission::admit(const std::string& ip_address, Time now)
{
    auto owner = network_of(ip_address);
    const std::lock_guard lock{counts_->mutex};
    const auto& bounds = counts_->bounds;
    if (counts_->in_all >= bounds.in_all_max)
        return fail(Errc::server_busy, "Too many connections wait to sign in; come again later.");
    const auto known = counts_->by_address.find(owner);
    if (known != counts_->by_address.end() && known->second >= bounds.per_address_max + bounds.told_per_address_max)
        return fail(Errc::server_busy, "Too many connections from this address wait to sign in; come again later.");
    const auto count = ++counts_->by_address[owner];
    ++counts_->in_all;
    Ticket ticket;
    ticket.come_again_ = counts_->come_again(owner, count, now);
    const bool is_taken_in = !ticket.come_again_;
    counts_->taken_in += is_taken_in;
    ticket.place_ = std::make_unique<Ticket::Place>(Ticket::Place{counts_, std::move(owner), is_taken_in});
    return ticket;
}

int Admission::waiting() const
{
    const std::lock_guard lock{counts_->mutex};
    return counts_->in_all;
}

Admission::Ticket::Ticket() = default;
Admission::Ticket::Ticket(Ticket&&) noexcept = default;

Admission::Ticket& Admission::Ticket::operator=(Ticket&& other) noexcept
{
    if (this == &other) return *this;
    release();
    place_ = std::move(other.place_);
    come_again_ = other.come_again_;
    return *this;
}

Admission::Ticket::~Ticket()
{
    release();
}

void Admission::Ticket::release() noexcept
{
    if (!place_) return;
    const auto place = std::move(place_);
    const std::lock_guard lock{place->counts->mutex};
    --place->counts->in_all;
    place->counts->taken_in -= place->is_taken_in;
    const auto found = place->counts->by_address.find(place->owner);
    if (--found->second == 0) place->counts->by_address.erase(found);
}

} // namespace roadbook::wire
