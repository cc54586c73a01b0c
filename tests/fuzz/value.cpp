// A cell or a form's text as the value of any field: what is read is written as a text that reads as the same.
#include "shared/rules/number_parse.hpp"
#include "shared/schema/validation.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/random_values.hpp"

using namespace roadbook;

namespace {

std::vector<const schema::Field*> all_fields()
{
    std::vector<const schema::Field*> all;
    for (const auto& kind : schema::kinds()) {
        for (const auto& field : kind.fields) all.push_back(&field);
        for (const auto& collection : kind.collections)
            for (const auto& field : collection.fields) all.push_back(&field);
    }
    return all;
}

const std::vector<const schema::Field*>& fields()
{
    static const auto all = all_fields();
    return all;
}

void read_number(std::string_view text)
{
    for (const auto period : {rules::NumberRule::Period::none, rules::NumberRule::Period::year, rules::NumberRule::Period::day}) {
        const rules::NumberRule rule{"Q-", period, 6, 50};
        const auto parts = rules::parse_number(rule, text);
        if (!parts) continue;
        const auto plain = rules::number_text(rule, parts->period, parts->count);
        fuzz::must(text == (parts->nth == 1 ? plain : rules::with_suffix(plain, parts->nth)), "a number is written as it was read");
    }
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    testing::RandomValues values{11};
    std::vector<Bytes> all;
    std::map<schema::Type, int> seen;
    for (std::size_t i = 0; i < fields().size(); ++i) {
        const auto& field = *fields()[i];
        if (seen[field.type]++ > 1) continue;
        all.push_back(chosen({static_cast<unsigned>(i / 256), static_cast<unsigned>(i % 256)}, schema::format(field, values.good(field))));
    }
    all.push_back(chosen({0, 0}, "Q-2026-000012"));
    all.push_back(chosen({0, 0}, "Q-20261122-000012-2"));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto& field = *fields()[input.below(fields().size())];
    const auto text = input.text();
    const auto value = schema::parse(field, text);
    fuzz::must(value.has_value() == !schema::broken_by_text(field, text).has_value(), "a screen says of a text what reading it says");
    if (value) {
        const auto written = schema::format(field, *value);
        const auto again = schema::parse(field, written);
        fuzz::must(again.has_value() && *again == *value, "a value is written as a text that reads as the same");
    }
    read_number(text);
    if (const auto money = Money::parse(text)) fuzz::must(Money::parse(money->text()).has_value(), "an amount is written as a text that reads again");
    if (const auto time = time_from_text(text)) fuzz::must(time_from_text(to_text(*time)) == time, "a time is written as a text that reads as the same");
    return 0;
}
