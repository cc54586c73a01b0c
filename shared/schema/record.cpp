#include "shared/schema/record.hpp"

namespace roadbook::schema {

const Value& Record::operator[](std::string_view field) const noexcept
{
    static const Value empty;
    const auto found = fields.find(field);
    return found == fields.end() ? empty : found->second;
}

std::string text_of(const Record& record, std::string_view field)
{
    const auto* text = std::get_if<std::string>(&record[field]);
    return text ? *text : std::string{};
}

std::optional<RecordId> reference_of(const Record& record, std::string_view field)
{
    const auto* id = std::get_if<RecordId>(&record[field]);
    return id ? std::optional{*id} : std::nullopt;
}

} // namespace roadbook::schema
