#pragma once
// What a person is in the company; rights to read and write are given to roles.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace roadbook::schema {

enum class Role { rep, engineer, dispatcher, manager, finance, product_manager, admin };
inline constexpr int role_count = 7;
[[nodiscard]] std::string_view name(Role role) noexcept;
[[nodiscard]] std::optional<Role> role_from_name(std::string_view name) noexcept;

/// A set of roles, one bit each.
struct Roles {
    std::uint8_t bits = 0;
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles)
    {
        for (const auto role : roles) bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(role)));
    }
    [[nodiscard]] constexpr bool has(Role role) const noexcept { return (bits >> static_cast<unsigned>(role) & 1U) != 0; }
    bool operator==(const Roles&) const = default;
};
inline constexpr Roles everyone{Role::rep, Role::engineer, Role::dispatcher, Role::manager, Role::finance,
                                Role::product_manager, Role::admin};
inline constexpr Roles leaders{Role::manager, Role::admin};
inline constexpr Roles nobody{};

} // namespace roadbook::schema
