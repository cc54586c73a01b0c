#include "shared/schema/scope.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace roadbook::schema {

ScopeId ScopeId::of_roles(Roles roles)
{
    ScopeId scope{Kind::roles, {}};
    scope.id.bytes[0] = static_cast<std::byte>(roles.bits);
    return scope;
}

Roles ScopeId::roles() const noexcept
{
    Roles roles;
    if (kind == Kind::roles) roles.bits = std::to_integer<std::uint8_t>(id.bytes[0]);
    return roles;
}

std::string ScopeId::text() const
{
    switch (kind) {
    case Kind::company: break;
    case Kind::territory: return "territory:" + id.text();
    case Kind::person: return "person:" + id.text();
    case Kind::office: return "office:" + id.text();
    case Kind::roles: {
        std::vector<std::string_view> names;
        for (int i = 0; i < role_count; ++i)
            if (roles().has(static_cast<Role>(i))) names.push_back(name(static_cast<Role>(i)));
        return fmt::format("roles:{}", fmt::join(names, "+"));
    }
    }
    return "company";
}

Bytes ScopeId::bytes() const
{
    const std::size_t named_by = kind == Kind::company ? 0 : kind == Kind::roles ? 1 : id.bytes.size();
    Bytes made(1 + named_by);
    made[0] = static_cast<std::byte>(kind);
    std::copy_n(id.bytes.begin(), named_by, made.begin() + 1);
    return made;
}

std::optional<ScopeId> ScopeId::from(ByteView bytes)
{
    if (bytes.empty()) return std::nullopt;
    const auto kind = static_cast<Kind>(bytes[0]);
    if (kind == Kind::company) return bytes.size() == 1 ? std::optional{company()} : std::nullopt;
    if (kind == Kind::roles) {
        if (bytes.size() != 2) return std::nullopt;
        ScopeId scope{kind, {}};
        scope.id.bytes[0] = bytes[1];
        return scope;
    }
    if (kind != Kind::territory && kind != Kind::person && kind != Kind::office) return std::nullopt;
    const auto id = RecordId::from(bytes.subspan(1));
    return id ? std::optional{ScopeId{kind, *id}} : std::nullopt;
}

} // namespace roadbook::schema
