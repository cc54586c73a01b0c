#include "shared/rules/expense_amount.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/exchange.hpp"

#include <fmt/format.h>

namespace roadbook::rules {
namespace {

constexpr std::int64_t hours_a_day = 24 * thousand;

/// An amount by the policy and how it came about.
struct ByPolicy {
    Money amount;
    Words how;
};

Error too_large(const ExpenseItem& item)
{
    return fail(Errc::too_large, "this item is larger than the greatest amount that can be added up exactly: look for a slip of the keys",
                path_of(item) + "/amount");
}

void add(std::vector<Finding>& findings, const ExpenseItem& item, const char* rule, Words words, std::optional<Money> over = {})
{
    findings.push_back({rule, path_of(item), std::move(words), std::move(over)});
}

/// The foreign amount by the item's own rate. Without a rate nothing is guessed; without its source or day it counts, but
/// cannot be checked by anybody.
Result<ItemAmount> converted(const ExpenseItem& item, const std::string& home, std::vector<Finding>& findings)
{
    const auto& spent = *item.amount;
    if (!item.rate_millionths || *item.rate_millionths <= 0) {
        add(findings, item, "rate_missing",
            {fmt::format("{} needs an exchange rate into {}", spent.text(), home), fmt::format("{} 需要填写兑 {} 的汇率", spent.text(), home)});
        return ItemAmount{item.id, std::nullopt, {}};
    }
    if (item.rate_source.empty())
        add(findings, item, "rate_source_missing", {"say where the exchange rate is from", "请填写汇率来源"});
    if (item.rate_date.empty())
        add(findings, item, "rate_date_missing", {"say of which day the exchange rate is", "请填写汇率日期"});
    auto amount = convert(spent, home, *item.rate_millionths);
    if (!amount) return amount.error();
    auto origin = item.rate_source;
    if (!item.rate_date.empty()) origin += (origin.empty() ? "" : ", ") + item.rate_date;
    if (!origin.empty()) origin = fmt::format(" ({})", origin);
    const auto how = fmt::format("{} x {}{}", spent.text(), rate_text(*item.rate_millionths), origin);
    return ItemAmount{item.id, std::move(*amount), {how, how}};
}

Result<ItemAmount> as_spent(const ExpenseItem& item, const std::string& home, std::vector<Finding>& findings)
{
    if (!item.amount) {
        add(findings, item, "amount_missing", {"the amount is missing", "缺少金额"});
        return ItemAmount{item.id, std::nullopt, {}};
    }
    if (item.amount->currency != home) return converted(item, home, findings);
    return ItemAmount{item.id, item.amount, {"as spent", "按实际支出"}};
}

std::optional<ByPolicy> mileage(const ExpenseItem& item, const MileageRate& rate)
{
    const auto minor = rounded(times(Wide{item.distance}, rate.per_km.minor), thousand);
    if (!minor) return std::nullopt;
    const auto how = fmt::format("{} km x {}", decimal_in_words(item.distance), rate.per_km.text());
    return ByPolicy{{*minor, rate.per_km.currency}, {how, how}};
}

std::optional<ByPolicy> per_diem(const ExpenseItem& item, const PerDiemRate& rate)
{
    const auto days = item.hours / hours_a_day;
    const auto rest = item.hours % hours_a_day;
    const bool has_half = rate.half_day && rate.half_day->currency == rate.full_day.currency && rest > 0 && rest >= rate.half_day_hours;
    const auto minor = narrow(Wide{days} * rate.full_day.minor + (has_half ? rate.half_day->minor : 0));
    if (!minor) return std::nullopt;
    Words how{fmt::format("{} h: {} x {}", decimal_in_words(item.hours), days, rate.full_day.text()),
              fmt::format("{} 小时：{} 天 x {}", decimal_in_words(item.hours), days, rate.full_day.text())};
    if (has_half) {
        how.en += fmt::format(" + half a day {}", rate.half_day->text());
        how.zh += fmt::format(" + 半天 {}", rate.half_day->text());
    }
    return ByPolicy{{*minor, rate.full_day.currency}, std::move(how)};
}

/// The policy's amount holds. What was typed in beside it is compared, so that nobody wonders.
ItemAmount with_policy(const ExpenseItem& item, ByPolicy by_policy, std::vector<Finding>& findings)
{
    if (item.amount && *item.amount != by_policy.amount)
        add(findings, item, "differs_from_policy",
            {fmt::format("{} was typed in; by the policy it is {} ({})", item.amount->text(), by_policy.amount.text(), by_policy.how.en),
             fmt::format("填写金额为 {}；按制度应为 {}（{}）", item.amount->text(), by_policy.amount.text(), by_policy.how.zh)});
    return {item.id, std::move(by_policy.amount), std::move(by_policy.how)};
}

} // namespace

std::string path_of(const ExpenseItem& item)
{
    return "items/" + item.id.text();
}

Result<ItemAmount> home_amount(const ExpenseItem& item, const ExpensePolicy* policy, const std::string& home,
                               std::vector<Finding>& findings)
{
    if (policy && item.category == "mileage") {
        const auto* rate = mileage_for(*policy, item.vehicle);
        if (rate && rate->per_km.currency == home) {
            if (item.distance <= 0) {
                add(findings, item, "distance_missing", {"the distance is missing", "缺少里程"});
                return ItemAmount{item.id, std::nullopt, {}};
            }
            auto amount = mileage(item, *rate);
            return amount ? Result<ItemAmount>{with_policy(item, std::move(*amount), findings)} : too_large(item);
        }
    }
    if (policy && item.category == "per_diem") {
        const auto* rate = per_diem_for(*policy, item.place);
        if (rate && rate->full_day.currency == home) {
            if (item.hours <= 0) {
                add(findings, item, "hours_missing", {"the hours away are missing", "缺少出差时长"});
                return ItemAmount{item.id, std::nullopt, {}};
            }
            auto amount = per_diem(item, *rate);
            return amount ? Result<ItemAmount>{with_policy(item, std::move(*amount), findings)} : too_large(item);
        }
    }
    return as_spent(item, home, findings);
}

} // namespace roadbook::rules
