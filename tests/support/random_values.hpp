#pragma once
// Values that may stand in a field and values that may not, from a seed.
#include "shared/schema/validation.hpp"

#include <random>

namespace roadbook::testing {

class RandomValues {
public:
    explicit RandomValues(std::uint64_t seed) : random_{seed} {}

    schema::Value good(const schema::Field& field)
    {
        using namespace std::string_literals;
        using schema::Type;
        switch (field.type) {
        case Type::text: return one_in(2) || field.length_max < 9 ? "CNY"s : "阀门 7"s;
        case Type::note: return "first line\n\tsecond 第二"s;
        case Type::integer:
        case Type::decimal:
        case Type::percent: return number(field);
        case Type::money: return Money{number(field), one_in(2) ? "CNY" : "KWD"};
        case Type::date: return "2026-11-22"s;
        case Type::time: return Time{Duration{pick(0, 4'000'000'000'000)}};
        case Type::boolean: return one_in(2);
        case Type::choice: return std::string{field.choices[static_cast<std::size_t>(pick(0, std::ssize(field.choices) - 1))].value};
        case Type::reference: return fresh<RecordId>();
        }
        return {};
    }

    /// And the rule that it breaks; "foreign": the value is of a type that a document keeps as unknown.
    std::pair<schema::Value, std::string> bad(const schema::Field& field)
    {
        using namespace std::string_literals;
        using schema::Type;
        using schema::Value;
        if (field.is_required && one_in(3)) return {Value{}, "required"};
        switch (field.type) {
        case Type::text:
            if (one_in(3)) return {std::int64_t{7}, "foreign"};
            return one_in(2) ? std::pair{Value{std::string(field.length_max + 1, 'x')}, "length"s} : std::pair{Value{"a\x01z"s}, "characters"s};
        case Type::note: return {"bell \x07"s, "characters"};
        case Type::integer:
        case Type::decimal:
        case Type::percent:
            if (one_in(3)) return {"twelve"s, "foreign"};
            return {one_in(2) ? field.least - 1 : field.greatest + 1, "range"};
        case Type::money:
            if (one_in(3)) return {Money{1, "XXQ"}, "type"};
            return {Money{one_in(2) ? field.least - 1 : field.greatest + 1, "EUR"}, "range"};
        case Type::date: return {one_in(2) ? "1/0/2026"s : "2026-02-30"s, "type"};
        case Type::time: return {Time{Duration{pick(8'000'000'000'000, 9'000'000'000'000)}}, "range"};
        case Type::boolean: return {"perhaps"s, "foreign"};
        case Type::choice: return {"none_such"s, "choice"};
        case Type::reference: return {RecordId{}, "type"};
        }
        return {};
    }

    template <class Id>
    Id fresh()
    {
        return id_from_name<Id>("random values", std::to_string(++made_));
    }
    std::int64_t pick(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution{low, high}(random_); }
    std::int64_t number(const schema::Field& field) { return pick(field.least, field.greatest); }
    bool one_in(std::int64_t n) { return pick(1, n) == 1; }

private:
    std::mt19937_64 random_;
    std::uint64_t made_ = 0;
};

} // namespace roadbook::testing
