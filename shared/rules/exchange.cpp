#include "shared/rules/exchange.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <tuple>

namespace roadbook::rules {
namespace {

std::int64_t power_of_ten(int digits) noexcept
{
    std::int64_t power = 1;
    for (int i = 0; i < digits; ++i) power *= 10;
    return power;
}

std::string without_zeros(std::string text)
{
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

} // namespace

ExchangeRate exchange_rate_from(const schema::Record& record)
{
    const auto& fields = record.fields;
    return {text_in(fields, "from_currency"), text_in(fields, "to_currency"), text_in(fields, "rated_on"),
            integer_in(fields, "rate_millionths"), text_in(fields, "source")};
}

Result<Money> convert(const Money& amount, const std::string& to, std::int64_t rate_millionths)
{
    const auto from_digits = currency_digits(amount.currency);
    const auto to_digits = currency_digits(to);
    if (!from_digits || !to_digits)
        return fail(Errc::invalid_value, fmt::format("'{}' is no known currency code", from_digits ? to : amount.currency), "currency");
    if (rate_millionths <= 0) return fail(Errc::invalid_value, "an exchange rate must be above zero", "rate_millionths");
    const auto product = times(times(Wide{amount.minor}, rate_millionths), power_of_ten(*to_digits));
    const auto minor = rounded(product, Wide{million} * power_of_ten(*from_digits));
    if (!minor) return fail(Errc::too_large, fmt::format("{} in {} is larger than the greatest amount", amount.text(), to), "amount");
    return Money{*minor, to};
}

const ExchangeRate* rate_on(std::span<const ExchangeRate> rates, std::string_view from, std::string_view to,
                            std::string_view day) noexcept
{
    const ExchangeRate* best = nullptr;
    for (const auto& rate : rates) {
        if (rate.from != from || rate.to != to || rate.rated_on > day || rate.rate_millionths <= 0) continue;
        const bool is_later = !best || rate.rated_on > best->rated_on;
        const bool is_same_day = best && rate.rated_on == best->rated_on;
        if (is_later || (is_same_day && std::tie(rate.source, rate.rate_millionths) < std::tie(best->source, best->rate_millionths)))
            best = &rate;
    }
    return best;
}

std::string rate_text(std::int64_t rate_millionths)
{
    return without_zeros(decimal_text(rate_millionths, 6));
}

std::string decimal_in_words(std::int64_t thousandths)
{
    return without_zeros(decimal_text(thousandths, 3));
}

} // namespace roadbook::rules
