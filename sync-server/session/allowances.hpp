#pragma once
// What is left of each device's allowance. In memory: a restart forgives. Pure: it is told the time.
#include "shared/base/id.hpp"
#include "sync-server/session/limits.hpp"

namespace roadbook::server {

/// The product's rates; tests and measurements set others.
struct Rates {
    Rate greetings = limits::greetings;
    Rate changes = limits::changes;
    Rate changes_a_day = limits::changes_a_day;
    Rate change_bytes_a_day = limits::change_bytes_a_day;
    Rate enquiries = limits::enquiries;
    Rate file_bytes_a_day = limits::file_bytes_a_day;
    Rate wrong_tries_per_address = limits::wrong_tries_per_address;
    Rate wrong_tries = limits::wrong_tries;
};

/// Each call takes what is asked for, and answers zero; or takes nothing, and says when to ask again.
class Allowances {
public:
    using Seconds = std::chrono::seconds;
    explicit Allowances(const Rates& rates)
        : greetings_{rates.greetings, limits::devices_counted_max}, changes_{rates.changes, limits::devices_counted_max},
          changes_a_day_{rates.changes_a_day, limits::devices_counted_max}, bytes_a_day_{rates.change_bytes_a_day, limits::devices_counted_max},
          enquiries_{rates.enquiries, limits::devices_counted_max}, file_bytes_{rates.file_bytes_a_day, limits::devices_counted_max}
    {
    }

    [[nodiscard]] Seconds greet(const DeviceId& device, Time now) { return told(greetings_.take(device, 1, now)); }
    [[nodiscard]] Seconds enquire(const DeviceId& device, Time now) { return told(enquiries_.take(device, 1, now)); }
    [[nodiscard]] Seconds send_file(const DeviceId& device, std::int64_t bytes, Time now) { return told(file_bytes_.take(device, bytes, now)); }
    /// A push. Once one is put off, so is every other of this device until the time that it was told has come: what follows builds on it.
    [[nodiscard]] Seconds push(const DeviceId& device, std::int64_t changes, std::int64_t bytes, Time now)
    {
        const auto held = held_.find(device);
        if (held != held_.end() && now < held->second) return told(held->second - now);
        if (held != held_.end()) held_.erase(held);
        auto wait = changes_.take(device, changes, now); // first: what is put off for a moment uses up nothing of the day
        if (wait == Duration{0}) wait = bytes_a_day_.take(device, bytes, now);
        if (wait == Duration{0}) wait = changes_a_day_.take(device, changes, now);
        if (wait == Duration{0}) return Seconds{0};
        const auto until = std::clamp<Seconds>(std::chrono::ceil<Seconds>(wait), limits::put_off_min, limits::put_off_max);
        if (held_.size() < limits::devices_counted_max) held_[device] = now + until;
        return until;
    }

private:
    [[nodiscard]] static Seconds told(Duration wait) { return std::min(std::chrono::ceil<Seconds>(wait), limits::put_off_max); }

    Buckets<DeviceId> greetings_, changes_, changes_a_day_, bytes_a_day_, enquiries_, file_bytes_;
    std::map<DeviceId, Time> held_;
};

} // namespace roadbook::server
