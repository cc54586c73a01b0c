#include "shared/rules/expense_policy.hpp"

#include "shared/rules/fields.hpp"

#include <algorithm>
#include <tuple>

namespace roadbook::rules {
namespace {

Per per_from(const std::string& text)
{
    if (text == "night") return Per::night;
    return text == "day" ? Per::day : Per::item;
}

/// The least by `order` of those that `fits` names; null: none.
template <class T, class Fits, class Order>
const T* least(const std::vector<T>& all, Fits fits, Order order)
{
    const T* best = nullptr;
    for (const auto& one : all)
        if (fits(one) && (!best || order(one) < order(*best))) best = &one;
    return best;
}

} // namespace

ExpensePolicy expense_policy_from(const schema::Record& record)
{
    const auto& fields = record.fields;
    ExpensePolicy policy{text_in(fields, "name"),        text_in(fields, "currency"),           text_in(fields, "valid_from"),
                         text_in(fields, "valid_until"), value_in<Money>(fields, "receipt_from"), {}, {}, {}};
    for (const auto* child : children_of(record, "limits"))
        if (auto amount = value_in<Money>(child->fields, "amount"))
            policy.limits.push_back({text_in(child->fields, "category"), text_in(child->fields, "place"), std::move(*amount),
                                     per_from(text_in(child->fields, "per"))});
    for (const auto* child : children_of(record, "mileage"))
        if (auto per_km = value_in<Money>(child->fields, "per_km"))
            policy.mileage.push_back({text_in(child->fields, "vehicle"), std::move(*per_km)});
    for (const auto* child : children_of(record, "per_diems"))
        if (auto full_day = value_in<Money>(child->fields, "full_day"))
            policy.per_diems.push_back({text_in(child->fields, "place"), std::move(*full_day), value_in<Money>(child->fields, "half_day"),
                                        integer_in(child->fields, "half_day_hours")});
    return policy;
}

const ExpenseLimit* limit_for(const ExpensePolicy& policy, const std::string& category, const std::string& place, Per per)
{
    return least(
        policy.limits,
        [&](const auto& limit) {
            return limit.category == category && limit.per == per && (limit.place.empty() || limit.place == place);
        },
        [](const auto& limit) { return std::tuple{limit.place.empty(), limit.amount.minor, limit.amount.currency}; });
}

const MileageRate* mileage_for(const ExpensePolicy& policy, const std::string& vehicle)
{
    if (vehicle.empty() && policy.mileage.size() == 1) return &policy.mileage.front();
    return least(
        policy.mileage, [&](const auto& rate) { return rate.vehicle.empty() || rate.vehicle == vehicle; },
        [](const auto& rate) { return std::tuple{rate.vehicle.empty(), rate.per_km.minor, rate.per_km.currency}; });
}

const PerDiemRate* per_diem_for(const ExpensePolicy& policy, const std::string& place)
{
    return least(
        policy.per_diems, [&](const auto& rate) { return rate.place.empty() || rate.place == place; },
        [](const auto& rate) {
            return std::tuple{rate.place.empty(), rate.full_day.minor, rate.full_day.currency, rate.half_day ? rate.half_day->minor : -1,
                              rate.half_day_hours};
        });
}

} // namespace roadbook::rules
