#include "shared/schema/scope.hpp"

#include <algorithm>

namespace roadbook::schema {

std::string ScopeId::text() const
{
    switch (kind) {
    case Kind::company: break;
    case Kind::territory: return "territory:" + id.text();
    case Kind::person: return "person:" + id.text();
    }
    return "company";
}

Bytes ScopeId::bytes() const
{
    Bytes made(kind == Kind::company ? 1 : 1 + id.bytes.size());
    made[0] = static_cast<std::byte>(kind);
    if (kind != Kind::company) std::copy(id.bytes.begin(), id.bytes.end(), made.begin() + 1);
    return made;
}

std::optional<ScopeId> ScopeId::from(ByteView bytes)
{
    if (bytes.empty()) return std::nullopt;
    const auto kind = static_cast<Kind>(bytes[0]);
    if (kind == Kind::company) return bytes.size() == 1 ? std::optional{company()} : std::nullopt;
    if (kind != Kind::territory && kind != Kind::person) return std::nullopt;
    const auto id = RecordId::from(bytes.subspan(1));
    return id ? std::optional{ScopeId{kind, *id}} : std::nullopt;
}

} // namespace roadbook::schema
