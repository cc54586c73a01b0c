#pragma once
// What a company pays for on a journey, and up to where: a plain copy of a record of kind "expense_policy".
#include "shared/schema/record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace roadbook::rules {

enum class Per { item, night, day };

/// A limit of one category. `place` empty: wherever no other limit names the place.
struct ExpenseLimit {
    std::string category;
    std::string place;
    Money amount;
    Per per = Per::item;
};

struct MileageRate {
    std::string vehicle; ///< empty: any
    Money per_km;
};

/// 24 hours are a full day; what is left over earns the half day from `half_day_hours` on, less earns nothing.
struct PerDiemRate {
    std::string place; ///< empty: wherever no other rate names the place
    Money full_day;
    std::optional<Money> half_day;
    std::int64_t half_day_hours = 0; ///< thousandths of an hour
};

struct ExpensePolicy {
    std::string name;
    std::string currency;
    std::string valid_from;  ///< first day; empty: always was
    std::string valid_until; ///< last day; empty: until further notice
    std::optional<Money> receipt_from; ///< an item of this amount or more needs a receipt
    std::vector<ExpenseLimit> limits;
    std::vector<MileageRate> mileage;
    std::vector<PerDiemRate> per_diems;
};

/// Entries without an amount are left out.
[[nodiscard]] ExpensePolicy expense_policy_from(const schema::Record& record);

/// The limit of this category and place, the named place before the general one; of several the lowest. Null: none.
[[nodiscard]] const ExpenseLimit* limit_for(const ExpensePolicy& policy, const std::string& category, const std::string& place, Per per);
/// The vehicle's rate, then the one for any vehicle; a policy with a single rate means that. Null: none.
[[nodiscard]] const MileageRate* mileage_for(const ExpensePolicy& policy, const std::string& vehicle);
[[nodiscard]] const PerDiemRate* per_diem_for(const ExpensePolicy& policy, const std::string& place);

} // namespace roadbook::rules
