#pragma once
// How many may stand at the door, and how fast they may come: connections that have not authenticated yet, per address and in all.
#include "shared/base/result.hpp"
#include "shared/wire/limits.hpp"

#include <memory>
#include <optional>
#include <string>

namespace roadbook::wire {

/// Whom an address belongs to, as far as can be told from it: an IPv6 network of 64 bits is one host's, who may use all of it.
[[nodiscard]] std::string network_of(const std::string& ip_address);

/// Thread-safe. Copies share one count.
class Admission {
public:
    struct Bounds {
        int per_address_max = limits::unauthenticated_per_address_max;
        int told_per_address_max = limits::told_busy_per_address_max; ///< on top of these, only to be told to come again
        int in_all_max = limits::unauthenticated_max;
        /// Of those that are taken in: as many as a server that takes 50 greetings a second, with a slow disk, gets through before their handshakes
        /// time out. All others are told to come again, so that a server after a restart works for those who still wait for it.
        int at_once_max = 250;
        Rate rate = limits::handshakes;
        Rate rate_per_address = limits::handshakes_per_address;
    };
    Admission() : Admission{Bounds{}} {}
    explicit Admission(const Bounds& bounds);

    /// A place at the door; gives it back when destroyed or released: release it once the peer has authenticated.
    class Ticket {
    public:
        Ticket();
        Ticket(Ticket&&) noexcept;
        Ticket& operator=(Ticket&& other) noexcept;
        ~Ticket();
        void release() noexcept;
        /// Set: there is no room now, and the peer is to be told to come again after so long. No two are told the same moment.
        [[nodiscard]] const std::optional<std::chrono::seconds>& come_again() const noexcept { return come_again_; }

    private:
        friend class Admission;
        struct Place;
        std::unique_ptr<Place> place_;
        std::optional<std::chrono::seconds> come_again_;
    };

    /// `server_busy` when the address, or the server, has so many that nobody more is even spoken to. Counted by
    /// network_of().
    [[nodiscard]] Result<Ticket> admit(const std::string& ip_address, Time now);
    [[nodiscard]] int waiting() const;

private:
    struct Counts;
    std::shared_ptr<Counts> counts_;
};

} // namespace roadbook::wire
