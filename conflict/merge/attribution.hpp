#pragma once
// Who made a change, on which device, when and why. Travels beside the change; the server fixes it when it takes the change.
#include "shared/base/id.hpp"
#include "shared/protocol/frames.hpp"

namespace roadbook::merge {

struct Attribution {
    RecordId person;
    DeviceId device;
    Time device_time;           ///< by the device's clock, as it was
    Duration clock_offset{0};   ///< device clock minus server clock, as last measured
    std::optional<Time> received_at; ///< by the server's clock; nothing: not on the server yet
    IntentId intent;
    std::string reason;
    bool late = false;          ///< made before the withdrawal of its scope was known
    std::optional<RecordId> released_by{}; ///< the author might not make it: who took it out of quarantine; nil: an administrator at the server's console
    bool operator==(const Attribution&) const = default;

    /// When it happened, for people: the device's clock put right.
    [[nodiscard]] Time when() const noexcept { return device_time - clock_offset; }
};

/// A time that another machine names may be anything: bounded, so that the difference of two never overflows. Some 140,000 years.
[[nodiscard]] Time time_from_frame(std::int64_t milliseconds) noexcept;

[[nodiscard]] protocol::v1::Attribution to_frame(const Attribution& by);
/// Errors: bad_frame for ids of the wrong size.
[[nodiscard]] Result<Attribution> from_frame(const protocol::v1::Attribution& by);

} // namespace roadbook::merge
