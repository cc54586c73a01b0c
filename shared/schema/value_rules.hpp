#pragma once
// Which rule of its field a value breaks, in both languages. Inside this room: others use check() and validate().
#include "shared/schema/validation.hpp"

namespace roadbook::schema {

/// Breach::path is left empty. Nothing: the value may stand there. An empty value breaks no rule here.
[[nodiscard]] std::optional<Breach> broken_rule(const Field& field, const Value& value);

/// The days that a date or time may name: outside of these it is a slip of the keys (0206 for 2026).
[[nodiscard]] Time first_time() noexcept;
[[nodiscard]] Time last_time() noexcept;

/// The bounds of a number as people write it: "12.5", "100.00" in money of no known currency.
[[nodiscard]] std::string number_text(const Field& field, std::int64_t value, std::string_view currency = {});

/// "planned, cancelled, done"
[[nodiscard]] std::string choice_names(const Field& field);
/// "已计划、已取消、已完成"
[[nodiscard]] std::string choice_labels(const Field& field);

} // namespace roadbook::schema
