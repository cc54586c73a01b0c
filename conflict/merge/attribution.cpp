#include "conflict/merge/attribution.hpp"

#include <algorithm>

namespace roadbook::merge {

Time time_from_frame(std::int64_t milliseconds) noexcept
{
    constexpr std::int64_t greatest = std::int64_t{1} << 52;
    return Time{Duration{std::clamp(milliseconds, -greatest, greatest)}};
}

protocol::v1::Attribution to_frame(const Attribution& by)
{
    protocol::v1::Attribution frame;
    frame.set_person(protocol::to_field(by.person));
    frame.set_device(protocol::to_field(by.device));
    frame.set_device_time(by.device_time.time_since_epoch().count());
    frame.set_clock_offset(by.clock_offset.count());
    frame.set_received_at(by.received_at.value_or(Time{}).time_since_epoch().count());
    if (!by.intent.is_nil()) frame.set_intent(protocol::to_field(by.intent));
    frame.set_reason(by.reason);
    frame.set_late(by.late);
    if (by.released_by) frame.set_released_by(protocol::to_field(*by.released_by));
    return frame;
}

Result<Attribution> from_frame(const protocol::v1::Attribution& frame)
{
    const auto person = protocol::id_field<RecordId>(frame.person(), "person");
    if (!person) return person.error();
    const auto device = protocol::id_field<DeviceId>(frame.device(), "device");
    if (!device) return device.error();
    Attribution by{*person, *device, time_from_frame(frame.device_time()), Duration{frame.clock_offset()}, std::nullopt, {},
                   frame.reason(), frame.late()};
    if (frame.received_at() != 0) by.received_at = time_from_frame(frame.received_at());
    if (const auto intent = IntentId::from(as_bytes(frame.intent()))) by.intent = *intent;
    if (!frame.released_by().empty()) {
        const auto released_by = protocol::id_field<RecordId>(frame.released_by(), "person");
        if (!released_by) return released_by.error();
        by.released_by = *released_by;
    }
    return by;
}

} // namespace roadbook::merge
