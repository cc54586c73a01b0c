#pragma once
// Reading a record's plain values. An empty value and one of another type read alike: nothing is there.
#include "shared/schema/record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::rules {

template <class T>
[[nodiscard]] const T* find(const schema::Fields& fields, std::string_view name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? nullptr : std::get_if<T>(&found->second);
}

template <class T>
[[nodiscard]] std::optional<T> value_in(const schema::Fields& fields, std::string_view name)
{
    const auto* value = find<T>(fields, name);
    return value ? std::optional<T>{*value} : std::nullopt;
}

[[nodiscard]] inline std::string text_in(const schema::Fields& fields, std::string_view name)
{
    const auto* text = find<std::string>(fields, name);
    return text ? *text : std::string{};
}

/// 0 when it is empty.
[[nodiscard]] inline std::int64_t integer_in(const schema::Fields& fields, std::string_view name)
{
    const auto* number = find<std::int64_t>(fields, name);
    return number ? *number : 0;
}

/// The children that were not removed.
[[nodiscard]] inline std::vector<const schema::Child*> children_of(const schema::Record& record, std::string_view collection)
{
    std::vector<const schema::Child*> found;
    const auto all = record.collections.find(collection);
    if (all == record.collections.end()) return found;
    for (const auto& child : all->second)
        if (!child.removed) found.push_back(&child);
    return found;
}

} // namespace roadbook::rules
