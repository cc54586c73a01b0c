#pragma once
// What the declarations of this folder share.
#include "shared/schema/kind.hpp"

namespace roadbook::schema::declared {

/// The same writers for each field: a type that one department keeps.
[[nodiscard]] inline std::vector<Field> all_written_by(Roles roles, std::vector<Field> fields)
{
    for (auto& field : fields) field.writers = roles;
    return fields;
}

/// A ledger's entry: whoever adds it says all of it, once; later only `roles` may put it right.
[[nodiscard]] inline std::vector<Field> all_set_once(Roles roles, std::vector<Field> fields)
{
    for (auto& field : fields) {
        field.writers = roles;
        field.is_set_by_creator = true;
    }
    return fields;
}

/// Only the record's owner, and who is besides, says these.
[[nodiscard]] inline std::vector<Field> all_by_owner(std::vector<Field> fields, Roles besides = nobody)
{
    for (auto& field : fields) field = std::move(field).only_by_owner(besides);
    return fields;
}

/// Who holds one of these roles says these, but never over a record of his own.
[[nodiscard]] inline std::vector<Field> all_by_others(Roles roles, std::vector<Field> fields)
{
    for (auto& field : fields) field = std::move(field).written_by(roles).only_by_others();
    return fields;
}

// Bounds of the trade.
inline constexpr std::int64_t whole = 10'000;                  ///< 100 %, in hundredths of a percent
inline constexpr std::int64_t quantity_max = 1'000'000'000;    ///< a million units, in thousandths
inline constexpr std::size_t code_bytes_max = 64;              ///< codes, numbers, postal codes
inline constexpr std::size_t phone_bytes_max = 64;             ///< several numbers and an extension fit
inline constexpr std::size_t email_bytes_max = 254;            ///< RFC 5321
inline constexpr std::size_t currency_bytes_max = 3;           ///< ISO 4217
inline constexpr std::size_t period_bytes_max = 16;            ///< "2026-Q3"
inline constexpr std::int64_t latitude_e7_max = 900'000'000;   ///< 90 degrees, in ten-millionths
inline constexpr std::int64_t longitude_e7_max = 1'800'000'000;
inline constexpr std::int64_t hours_per_day = 24'000;          ///< in thousandths
inline constexpr std::int64_t minutes_per_day = 1'440;
inline constexpr std::int64_t skill_level_max = 5;             ///< 1 has seen it done, 5 teaches it
inline constexpr std::int64_t minutes_max = 5'256'000; ///< ten years
inline constexpr std::int64_t rate_millionths_max = 1'000'000'000'000; ///< a million to one

// Who keeps what.
inline constexpr Roles price_keepers{Role::product_manager, Role::admin};
inline constexpr Roles finance_keepers{Role::finance, Role::admin};
inline constexpr Roles approvers{Role::manager, Role::finance, Role::admin};
inline constexpr Roles back_office{Role::dispatcher, Role::finance, Role::admin}; ///< take calls and write invoices for every customer
inline constexpr Roles service_desk{Role::dispatcher, Role::admin};
inline constexpr Roles dispatchers{Role::dispatcher, Role::manager, Role::admin};
inline constexpr Roles order_desk{Role::dispatcher, Role::manager, Role::finance, Role::admin};  ///< confirms, ships, takes back
inline constexpr Roles closers{Role::dispatcher, Role::manager, Role::finance, Role::admin};     ///< of work orders: checked and invoiced
inline constexpr Roles editors{Role::dispatcher, Role::manager, Role::product_manager, Role::admin}; ///< of the knowledge base

} // namespace roadbook::schema::declared
