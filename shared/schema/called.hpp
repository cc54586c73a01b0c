#pragma once
// People name a record by its name: on a command line, of a server's or a device's.
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

namespace roadbook::schema {

/// ASCII only: names in other scripts are compared as they are.
[[nodiscard]] inline std::string lower_ascii(std::string_view text)
{
    std::string made{text};
    for (auto& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

/// What a word may stand for.
template <class AnyId>
struct Called {
    AnyId id;
    std::string name;
    std::string code;
};

/// By id, whole name or code, or a part of the name that only one has. `listing`: the command that names them all. Errors: not_found with the nearest name; bad_argument when it may be several.
template <class AnyId>
[[nodiscard]] Result<AnyId> find_called(std::string_view what, std::string_view word, const std::vector<Called<AnyId>>& all, std::string_view listing)
{
    const auto id = AnyId::parse(word);
    const auto wanted = lower_ascii(word);
    std::vector<const Called<AnyId>*> exact;
    std::vector<const Called<AnyId>*> part;
    for (const auto& one : all) {
        if (id == one.id) return one.id;
        if (lower_ascii(one.name) == wanted || (!one.code.empty() && lower_ascii(one.code) == wanted)) exact.push_back(&one);
        if (!wanted.empty() && lower_ascii(one.name).find(wanted) != std::string::npos) part.push_back(&one);
    }
    const auto& found = exact.empty() ? part : exact;
    if (found.size() == 1) return found.front()->id;
    if (found.empty()) {
        std::vector<std::string> names;
        for (const auto& one : all) names.push_back(one.name);
        const auto near = schema::nearest_name(word, names);
        return fail(Errc::not_found, near.empty() ? fmt::format("there is no {} '{}'; `{}` names them all", what, word, listing)
                                                  : fmt::format("there is no {} '{}': did you mean '{}'?", what, word, near));
    }
    std::vector<std::string> choices;
    for (const auto* one : found) choices.push_back(fmt::format("{} ({})", one->name, one->code.empty() ? one->id.text() : one->code));
    return fail(Errc::bad_argument, fmt::format("'{}' may be any of {}: name one of them whole, or by its id", word, fmt::join(choices, ", ")));
}

} // namespace roadbook::schema
