#include "shared/wire/frame_meter.hpp"

#include "shared/wire/limits.hpp"

#include <algorithm>

namespace roadbook::wire {
namespace {

// RFC 6455 section 5.2
constexpr unsigned final_bit = 0x80;
constexpr unsigned opcode_bits = 0x0f;
constexpr unsigned first_control_opcode = 0x8;
constexpr unsigned continuation_opcode = 0x0;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7f;
constexpr std::size_t mask_bytes = 4;

std::size_t bytes_of_length(unsigned char second)
{
    const unsigned length = second & length_bits;
    return length == 127 ? 8 : length == 126 ? 2 : 0;
}

std::size_t header_size(unsigned char second)
{
    return 2 + bytes_of_length(second) + ((second & mask_bit) != 0 ? mask_bytes : 0);
}

} // namespace

bool FrameMeter::feed(ByteView bytes, Time now)
{
    now_ = now;
    while (!bytes.empty() && complaint_.empty()) {
        const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
        payload_left_ -= skipped;
        bytes = bytes.subspan(skipped);
        while (!bytes.empty() && payload_left_ == 0 && complaint_.empty()) {
            header_[header_bytes_++] = std::to_integer<unsigned char>(bytes.front());
            bytes = bytes.subspan(1);
            if (header_bytes_ >= 2 && header_bytes_ == header_size(header_[1])) on_header();
        }
    }
    return !complaint_.empty();
}

void FrameMeter::on_header()
{
    header_bytes_ = 0;
    const auto extended = bytes_of_length(header_[1]);
    payload_left_ = header_[1] & length_bits;
    if (extended > 0) {
        payload_left_ = 0;
        for (std::size_t i = 0; i < extended; ++i) payload_left_ = payload_left_ << 8 | header_[2 + i];
    }
    const unsigned opcode = header_[0] & opcode_bits;
    if (opcode >= first_control_opcode)
        count_control();
    else
        count_data(opcode == continuation_opcode, (header_[0] & final_bit) != 0);
}

void FrameMeter::count_control()
{
    if (now_ - minute_began_ >= std::chrono::minutes{1}) {
        minute_began_ = now_;
        controls_ = 0;
    }
    if (++controls_ > limits::control_frames_per_minute_max) complaint_ = "too many control frames in a minute";
}

void FrameMeter::count_data(bool continues, bool final)
{
    fragments_ = continues ? fragments_ + 1 : 1;
    if (fragments_ > limits::fragments_per_message_max) complaint_ = "a message in too many fragments";
    if (final) fragments_ = 0;
}

} // namespace roadbook::wire
