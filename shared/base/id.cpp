#include "shared/base/id.hpp"

namespace roadbook::detail {

std::string uuid_text(const std::array<std::byte, 16>& bytes)
{
    const auto hex = to_hex(bytes);
    std::string text;
    text.reserve(36);
    for (const auto& [from, count] : {std::pair{0, 8}, {8, 4}, {12, 4}, {16, 4}, {20, 12}}) {
        if (!text.empty()) text.push_back('-');
        text.append(hex, static_cast<std::size_t>(from), static_cast<std::size_t>(count));
    }
    return text;
}

std::optional<std::array<std::byte, 16>> uuid_parse(std::string_view text)
{
    std::string digits;
    digits.reserve(32);
    if (text.size() != 36 && text.size() != 32) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash_place = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
        if (dash_place != (text[i] == '-')) return std::nullopt;
        if (!dash_place) digits.push_back(text[i]);
    }
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != 16) return std::nullopt;
    std::array<std::byte, 16> id{};
    std::memcpy(id.data(), bytes->data(), 16);
    return id;
}

namespace {
void stamp(std::array<std::byte, 16>& id, unsigned version)
{
    id[6] = (id[6] & std::byte{0x0f}) | static_cast<std::byte>(version << 4);
    id[8] = (id[8] & std::byte{0x3f}) | std::byte{0x80};
}
} // namespace

std::array<std::byte, 16> uuid_v7(Time now, Random& random)
{
    std::array<std::byte, 16> id{};
    random.fill(id);
    auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 6; i-- > 0; millis >>= 8) id[i] = static_cast<std::byte>(millis & 0xff);
    stamp(id, 7);
    return id;
}

std::array<std::byte, 16> uuid_from_name(std::string_view space, std::string_view name)
{
    std::string key{space};
    key.push_back('\0'); // so that ("ab","c") and ("a","bc") differ
    const auto hash = sha256(as_bytes(key), as_bytes(name));
    std::array<std::byte, 16> id{};
    std::memcpy(id.data(), hash.bytes.data(), 16);
    stamp(id, 8);
    return id;
}

} // namespace roadbook::detail
