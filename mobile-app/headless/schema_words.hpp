#pragma once
// The words for what a declaration says: in the tables of `schema`, in its JSON and on the page of record types.
// Pure functions of the schema; no errors.
#include "shared/schema/kind.hpp"

namespace roadbook::headless {

[[nodiscard]] std::string_view type_name(schema::Type type) noexcept;
[[nodiscard]] std::string_view policy_name(schema::Policy policy) noexcept;
/// A note merges character by character, whatever its declaration leaves out.
[[nodiscard]] schema::Policy policy_of(const schema::Field& field) noexcept;
[[nodiscard]] std::vector<std::string> roles_of(schema::Roles roles);
[[nodiscard]] std::string_view how_name(schema::ScopeRule::How how) noexcept;
/// "who sees its account, its assignee"
[[nodiscard]] std::string readers_text(const schema::Kind& kind);
/// "finance, admin"; "everybody" for all roles.
[[nodiscard]] std::string roles_text(schema::Roles roles);
/// "manager, admin; while adding: everybody; never its owner"; empty: everybody who sees the record.
[[nodiscard]] std::string writers_text(const schema::Field& field);
/// The moves of a state, a line each: "draft > approved: manager, finance, admin, not its owner".
[[nodiscard]] std::vector<std::string> steps_of(const schema::Field& field);
/// "accepted: only manager, admin write more than status, notes".
[[nodiscard]] std::vector<std::string> locks_of(const schema::Kind& kind);
/// "approvals cover all but status, number: Approval by manager, finance, admin, then status may be approved"
[[nodiscard]] std::vector<std::string> endorsements_of(const schema::Kind& kind);
/// "0 to 100", "at least 0", "at most 64 bytes"; empty where nothing but the limits of the type holds.
[[nodiscard]] std::string bounds_text(const schema::Field& field);
/// "search, lists": where the field serves to find records.
[[nodiscard]] std::string finding_text(const schema::Field& field);

} // namespace roadbook::headless
