#pragma once
// A scope is a feed that a person can be granted: `company`, `territory:ID`, `person:ID`, `roles:...` (what some roles see of the whole
// company) and `office:ID` (what those who lead a territory or a person see of it).
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/schema/roles.hpp"

#include <compare>
#include <functional>

namespace roadbook::schema {

struct ScopeId {
    enum class Kind : std::uint8_t { company = 1, territory = 2, person = 3, roles = 4, office = 5 };
    Kind kind = Kind::company;
    RecordId id; ///< nil for company; for roles their set, in the first byte

    [[nodiscard]] static ScopeId company() { return {}; }
    [[nodiscard]] static ScopeId territory(const RecordId& id) { return {Kind::territory, id}; }
    [[nodiscard]] static ScopeId person(const RecordId& id) { return {Kind::person, id}; }
    [[nodiscard]] static ScopeId of_roles(Roles roles);
    /// Of a territory or a person.
    [[nodiscard]] static ScopeId office(const RecordId& id) { return {Kind::office, id}; }

    /// The roles of a scope of roles.
    [[nodiscard]] Roles roles() const noexcept;

    /// "territory:0190f3c2-..."
    [[nodiscard]] std::string text() const;
    /// 1 byte for company, 2 for roles, 17 for the others: as it is stored and sent.
    [[nodiscard]] Bytes bytes() const;
    [[nodiscard]] static std::optional<ScopeId> from(ByteView bytes);
    auto operator<=>(const ScopeId&) const = default;
};

} // namespace roadbook::schema

template <>
struct std::hash<roadbook::schema::ScopeId> {
    std::size_t operator()(const roadbook::schema::ScopeId& scope) const noexcept
    {
        return std::hash<roadbook::RecordId>{}(scope.id) ^ static_cast<std::size_t>(scope.kind);
    }
};
