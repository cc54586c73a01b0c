#include "mobile-app/replica/key_slot.hpp"

#include "mobile-app/replica/files.hpp"

#include <fmt/format.h>

#include <fstream>

namespace roadbook::replica {
namespace {

// magic, state, passes, KiB, salt, then the key or its wrapping; numbers are 4 bytes, little endian
constexpr std::string_view magic = "roadbook key 1\n";
constexpr std::size_t state_at = magic.size();
constexpr std::size_t passes_at = state_at + 1;
constexpr std::size_t kibibytes_at = passes_at + 4;
constexpr std::size_t salt_at = kibibytes_at + 4;
constexpr std::size_t key_at = salt_at + salt_bytes;
constexpr std::size_t file_bytes_max = 512;
// A damaged file must ask neither for all memory nor for hours: at most eight times what a PIN costs today.
constexpr std::uint32_t kibibytes_min = 8; // argon2's own
constexpr std::uint32_t kibibytes_max = 8 * StretchCost{}.kibibytes;
constexpr std::uint64_t work_max = std::uint64_t{8} * StretchCost{}.passes * StretchCost{}.kibibytes;
constexpr auto state_open = std::byte{0};
constexpr auto state_wrapped = std::byte{1};

void put_number(Bytes& bytes, std::uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(value >> shift));
}

std::uint32_t number_at(ByteView bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

bool is_bearable(StretchCost cost)
{
    return cost.passes > 0 && cost.kibibytes >= kibibytes_min && cost.kibibytes <= kibibytes_max && std::uint64_t{cost.passes} * cost.kibibytes <= work_max;
}

Bytes header(std::byte state, StretchCost cost, ByteView salt)
{
    auto bytes = to_bytes(as_bytes(magic));
    bytes.push_back(state);
    put_number(bytes, cost.passes);
    put_number(bytes, cost.kibibytes);
    bytes.insert(bytes.end(), salt.begin(), salt.end());
    return bytes;
}

} // namespace

Result<Bytes> KeySlot::load() const
{
    std::ifstream file{path_, std::ios::binary};
    Bytes bytes(file_bytes_max);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (!as_text(bytes).starts_with(magic) || bytes.size() < key_at + secret_bytes || (bytes[state_at] != state_open && bytes[state_at] != state_wrapped))
        return fail(Errc::storage_damaged, fmt::format("{} is no key of Roadbook: nothing was changed. Put a copy of it back, or surrender this device's unsent "
                                                       "edits and enrol it again", path_.string()));
    return bytes;
}

Result<KeySlot::State> KeySlot::state() const
{
    std::error_code ec;
    if (!std::filesystem::exists(path_, ec)) return State::absent;
    auto bytes = load();
    if (!bytes) return bytes.error();
    const auto state = (*bytes)[state_at] == state_open ? State::open : State::wrapped;
    forget(*bytes);
    return state;
}

Result<std::optional<Bytes>> KeySlot::read(std::string_view pin) const
{
    auto bytes = load();
    if (!bytes) return bytes.error();
    const ByteView view{*bytes};
    if (view[state_at] == state_open) {
        const auto key = to_bytes(view.subspan(key_at, secret_bytes));
        forget(*bytes);
        return std::optional{key};
    }
    const StretchCost cost{number_at(view, passes_at), number_at(view, kibibytes_at)};
    if (!is_bearable(cost)) return fail(Errc::storage_damaged, fmt::format("{} is damaged", path_.string()));
    auto by_pin = stretch(pin, view.subspan(salt_at, salt_bytes), cost);
    auto key = unwrap(by_pin, view.subspan(key_at), view.first(key_at));
    forget(by_pin);
    return key;
}

Result<void> KeySlot::put_open(ByteView key)
{
    auto content = header(state_open, {}, Bytes(salt_bytes));
    content.insert(content.end(), key.begin(), key.end());
    auto done = write_whole(path_, content);
    forget(content);
    return done;
}

Result<void> KeySlot::put_wrapped(ByteView key, std::string_view pin, StretchCost cost, Random& random)
{
    const auto salt = random.bytes(salt_bytes);
    auto content = header(state_wrapped, cost, salt);
    auto by_pin = stretch(pin, salt, cost);
    const auto wrapped = wrap(by_pin, key, content, random);
    forget(by_pin);
    content.insert(content.end(), wrapped.begin(), wrapped.end());
    return write_whole(path_, content);
}

Result<void> KeySlot::erase()
{
    auto unfinished = path_;
    unfinished += ".new";
    ROADBOOK_CHECK(overwrite_and_remove(unfinished));
    return overwrite_and_remove(path_);
}

} // namespace roadbook::replica
