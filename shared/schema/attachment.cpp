#include "shared/schema/attachment.hpp"

namespace roadbook::schema {

std::optional<AttachedFile> attached_file(const Child& child)
{
    const auto value = [&](std::string_view field) -> const Value* {
        const auto found = child.fields.find(field);
        return found == child.fields.end() ? nullptr : &found->second;
    };
    const auto* hex = std::get_if<std::string>(value("sha256"));
    const auto* size = std::get_if<std::int64_t>(value("size"));
    const auto* name = std::get_if<std::string>(value("name"));
    const auto bytes = hex != nullptr ? from_hex(*hex) : std::nullopt;
    const auto hash = bytes ? Hash::from(*bytes) : std::nullopt;
    if (!hash || size == nullptr || *size < 1 || *size > attachment_bytes_max) return std::nullopt;
    return AttachedFile{*hash, *size, name != nullptr ? *name : std::string{}};
}

} // namespace roadbook::schema
