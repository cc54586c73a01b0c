#pragma once
// Ids are types: a device id cannot stand where a record id is wanted. All are 16 bytes, made offline.
#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace roadbook {

template <class Tag>
struct Id {
    std::array<std::byte, 16> bytes{};

    [[nodiscard]] static std::optional<Id> from(ByteView view) noexcept
    {
        if (view.size() != 16) return std::nullopt;
        Id id;
        std::memcpy(id.bytes.data(), view.data(), 16);
        return id;
    }
    /// Accepts the usual form 018f...-....-7...-....-............ and the same without dashes.
    [[nodiscard]] static std::optional<Id> parse(std::string_view text);
    [[nodiscard]] ByteView view() const noexcept { return bytes; }
    [[nodiscard]] bool is_nil() const noexcept { return *this == Id{}; }
    [[nodiscard]] std::string text() const;
    auto operator<=>(const Id&) const = default;
};

namespace detail {
[[nodiscard]] std::string uuid_text(const std::array<std::byte, 16>& bytes);
[[nodiscard]] std::optional<std::array<std::byte, 16>> uuid_parse(std::string_view text);
[[nodiscard]] std::array<std::byte, 16> uuid_v7(Time now, Random& random);
[[nodiscard]] std::array<std::byte, 16> uuid_from_name(std::string_view space, std::string_view name);
} // namespace detail

template <class Tag>
std::optional<Id<Tag>> Id<Tag>::parse(std::string_view text)
{
    const auto bytes = detail::uuid_parse(text);
    return bytes ? std::optional{Id{*bytes}} : std::nullopt;
}
template <class Tag>
std::string Id<Tag>::text() const
{
    return detail::uuid_text(bytes);
}

using RecordId = Id<struct RecordTag>;   ///< a record and its document; a person is a record, too
using ChildId = Id<struct ChildTag>;     ///< a quote line, an expense item: unique by itself
using DeviceId = Id<struct DeviceTag>;   ///< an enrolled installation
using IntentId = Id<struct IntentTag>;   ///< one edit as the user made it
using ActorId = Id<struct ActorTag>;     ///< the author of Automerge operations: one run of one installation

/// UUIDv7: sorts by creation time, 74 random bits.
template <class AnyId>
[[nodiscard]] AnyId new_id(Time now, Random& random)
{
    return AnyId{detail::uuid_v7(now, random)};
}
/// The same id for the same name, for imports that may run twice (UUIDv8 over a SHA-256).
template <class AnyId>
[[nodiscard]] AnyId id_from_name(std::string_view space, std::string_view name)
{
    return AnyId{detail::uuid_from_name(space, name)};
}

} // namespace roadbook

template <class Tag>
struct std::hash<roadbook::Id<Tag>> {
    std::size_t operator()(const roadbook::Id<Tag>& id) const noexcept
    {
        std::size_t value = 0;
        std::memcpy(&value, id.bytes.data() + 8, sizeof value); // the random half
        return value;
    }
};
