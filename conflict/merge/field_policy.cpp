#include "conflict/merge/field_policy.hpp"

#include <algorithm>
#include <tuple>

namespace roadbook::merge {
namespace {

using schema::Field;
using schema::Policy;
using schema::Value;

std::size_t rank_of(const Field& field, const Value& value)
{
    const auto* text = std::get_if<std::string>(&value);
    const auto at = text == nullptr ? field.choices.end()
                                    : std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& c) { return c.value == *text; });
    if (text == nullptr) return 0;
    return static_cast<std::size_t>(at - field.choices.begin()) + 1; // a choice of a newer version ranks beyond all known
}

/// Of numbers, times and days; nothing: "nobody said" is no answer, and loses against any other.
bool is_less(const Value& a, const Value& b)
{
    const auto* day = std::get_if<std::string>(&a); // a date's text sorts as its days do
    const auto* other_day = std::get_if<std::string>(&b);
    if (day != nullptr && other_day != nullptr) return *day < *other_day;
    const auto amount = [](const Value& value) -> std::int64_t {
        if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
        if (const auto* money = std::get_if<Money>(&value)) return money->minor;
        if (const auto* time = std::get_if<Time>(&value)) return time->time_since_epoch().count();
        return 0;
    };
    return amount(a) < amount(b);
}

} // namespace

std::size_t shown(const Field& field, std::span<const Candidate> candidates)
{
    const auto best = [&](auto better) {
        std::size_t chosen = 0;
        for (std::size_t i = 1; i < candidates.size(); ++i)
            if (better(candidates[i], candidates[chosen])) chosen = i;
        return chosen;
    };
    const auto by_value = [&](auto better) {
        return best([&](const Candidate& a, const Candidate& b) {
            if (schema::is_empty(a.value) || schema::is_empty(b.value)) return !schema::is_empty(a.value) && schema::is_empty(b.value);
            return better(a.value, b.value);
        });
    };
    switch (field.merge) {
    case Policy::latest:
    case Policy::ask:
    case Policy::text: return 0;
    case Policy::furthest: return best([&](const Candidate& a, const Candidate& b) { return rank_of(field, a.value) > rank_of(field, b.value); });
    case Policy::highest: return by_value([](const Value& a, const Value& b) { return is_less(b, a); });
    case Policy::lowest: return by_value(is_less);
    case Policy::first: return best([](const Candidate& a, const Candidate& b) { return std::tie(a.counter, a.actor) < std::tie(b.counter, b.actor); });
    }
    return 0;
}

} // namespace roadbook::merge
