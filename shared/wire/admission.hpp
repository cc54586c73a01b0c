#pragma once
// How many may stand at the door: connections that have not authenticated yet, per address and in all.
#include "shared/base/result.hpp"
#include "shared/wire/limits.hpp"

#include <memory>
#include <string>

namespace roadbook::wire {

/// Thread-safe. Copies share one count.
class Admission {
public:
    explicit Admission(int per_address_max = limits::unauthenticated_per_address_max,
                       int in_all_max = limits::unauthenticated_max);

    /// A place at the door; gives it back when destroyed or released: release it once the peer has authenticated.
    class Ticket {
    public:
        Ticket();
        Ticket(Ticket&&) noexcept;
        Ticket& operator=(Ticket&& other) noexcept;
        ~Ticket();
        void release() noexcept;

    private:
        friend class Admission;
        struct Place;
        std::unique_ptr<Place> place_;
    };

    /// `server_busy` when the address, or the server, has as many as it may. An IPv6 network of 64 bits counts as one
    /// address: one host owns all of it.
    [[nodiscard]] Result<Ticket> admit(const std::string& ip_address);
    [[nodiscard]] int waiting() const;

private:
    struct Counts;
    std::shared_ptr<Counts> counts_;
};

} // namespace roadbook::wire
