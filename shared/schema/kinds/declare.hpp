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

// Bounds of the trade.
inline constexpr std::int64_t whole = 10'000;                  ///< 100 %, in hundredths of a percent
inline constexpr std::int64_t quantity_max = 1'000'000'000;    ///< a million units, in thousandths
inline constexpr std::size_t code_bytes_max = 64;              ///< codes, numbers, postal codes
inline constexpr std::size_t phone_bytes_max = 64;             ///< several numbers and an extension fit
inline constexpr std::size_t email_bytes_max = 254;            ///< RFC 5321

} // namespace roadbook::schema::declared
