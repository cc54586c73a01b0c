#include "shared/exchange/index.hpp"

#include "shared/exchange/cell.hpp"
#include "shared/schema/record.hpp"

#include <algorithm>
#include <array>

namespace roadbook::exchange {
namespace {

/// ASCII only: names in other scripts are compared as they are.
std::string lower(std::string_view text)
{
    std::string made{trimmed(text)};
    for (auto& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

} // namespace

std::vector<const schema::Field*> key_fields(const schema::Kind& kind)
{
    constexpr std::array names{"number", "code", "serial", "sku"};
    std::vector<const schema::Field*> found;
    for (const auto* name : names)
        if (const auto* field = kind.field(name); field != nullptr && field->type == schema::Type::text) found.push_back(field);
    return found;
}

void Index::add(const RecordId& id, std::string_view external_id, std::span<const std::string> keys, std::string_view title)
{
    ids_[id] = true;
    if (!external_id.empty()) external_ids_.emplace(lower(external_id), id);
    for (const auto& key : keys)
        if (!key.empty()) keys_.emplace(lower(key), id);
    if (!title.empty()) titles_.emplace(lower(title), id);
}

void Index::add(const schema::Kind& kind, const schema::Record& record, std::string_view external_id)
{
    std::vector<std::string> keys;
    if (record.deleted_at) return add(record.id, external_id, keys, {});
    for (const auto* field : key_fields(kind)) keys.push_back(schema::text_of(record, field->name));
    add(record.id, external_id, keys, schema::text_of(record, kind.title));
}

std::vector<RecordId> Index::in(const Names& names, std::string_view name)
{
    std::vector<RecordId> found;
    const auto [first, last] = names.equal_range(lower(name));
    for (auto at = first; at != last; ++at)
        if (std::find(found.begin(), found.end(), at->second) == found.end()) found.push_back(at->second);
    return found;
}

std::vector<RecordId> Index::by_external_id(std::string_view external_id) const
{
    return in(external_ids_, external_id);
}

std::vector<RecordId> Index::by_key(std::string_view key) const
{
    return in(keys_, key);
}

std::vector<RecordId> Index::by_title(std::string_view title) const
{
    return in(titles_, title);
}

std::vector<RecordId> Index::called(std::string_view word) const
{
    if (const auto id = RecordId::parse(trimmed(word)); id && ids_.contains(*id)) return {*id};
    for (const auto* names : {&external_ids_, &keys_, &titles_})
        if (auto found = in(*names, word); !found.empty()) return found;
    return {};
}

} // namespace roadbook::exchange
