#include "shared/rules/expenses.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/expense_amount.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace roadbook::rules {
namespace {

/// An item that has an amount.
struct Counted {
    const ExpenseItem* item = nullptr;
    Money home;
};

Error too_large()
{
    return fail(Errc::too_large, "the report is larger than the greatest amount that can be added up exactly: look for a slip of the keys");
}

/// What one limit says about the items that it covers together: one item, or all of a day.
class LimitCheck {
public:
    LimitCheck(const ExpenseLimit& limit, std::int64_t units) : limit_{limit}, units_{units} {}

    void add(const Counted& counted)
    {
        spent_ += counted.home.minor;
        has_reason_ = has_reason_ || !counted.item->reason.empty();
        if (!first_) first_ = counted.item;
    }

    Result<void> report(std::vector<Finding>& findings) const
    {
        const Wide allowed = Wide{limit_.amount.minor} * units_;
        if (spent_ <= allowed) return {};
        const auto over = narrow(spent_ - allowed);
        const auto spent = narrow(spent_);
        if (!over || !spent) return too_large();
        const Money more{*over, limit_.amount.currency};
        const auto limit = limit_.amount.text();
        const auto total = Money{*spent, more.currency}.text();
        findings.push_back({"over_limit", path_of(*first_), words(total, limit, more.text()), more});
        if (!has_reason_)
            findings.push_back({"reason_missing", path_of(*first_), {"over the limit: say why", "超出限额，请说明原因"}, more});
        return {};
    }

private:
    [[nodiscard]] Words words(const std::string& spent, const std::string& limit, const std::string& more) const
    {
        switch (limit_.per) {
        case Per::night:
            return {fmt::format("{} for {} nights is {} over the limit of {} a night", spent, units_, more, limit),
                    fmt::format("{} 晚共 {}，超出每晚限额 {} 共 {}", units_, spent, limit, more)};
        case Per::day:
            return {fmt::format("{} on {} is {} over the limit of {} a day", spent, first_->spent_on, more, limit),
                    fmt::format("{} 共 {}，超出每日限额 {} 共 {}", first_->spent_on, spent, limit, more)};
        case Per::item: break;
        }
        return {fmt::format("{} is {} over the limit of {}", spent, more, limit), fmt::format("{} 超出限额 {} 共 {}", spent, limit, more)};
    }

    const ExpenseLimit& limit_;
    std::int64_t units_;
    Wide spent_ = 0;
    bool has_reason_ = false;
    const ExpenseItem* first_ = nullptr;
};

/// The policy over all items that have an amount.
class PolicyCheck {
public:
    PolicyCheck(const ExpensePolicy& policy, const std::string& home, std::vector<Finding>& findings)
        : policy_{policy}, home_{home}, findings_{findings}
    {
    }

    Result<void> run(const std::vector<Counted>& items)
    {
        if (!policy_.currency.empty() && policy_.currency != home_)
            findings_.push_back({"policy_currency",
                                 "",
                                 {fmt::format("the policy is in {}, the report in {}: limits and rates of the policy do not count", policy_.currency, home_),
                                  fmt::format("报销制度以 {} 计，报销单以 {} 计：制度的限额与标准不适用", policy_.currency, home_)},
                                 std::nullopt});
        for (const auto& counted : items) {
            check_validity(*counted.item);
            check_receipt(counted);
            ROADBOOK_CHECK(check_one(counted));
        }
        return check_days(items);
    }

private:
    void check_validity(const ExpenseItem& item)
    {
        const auto& day = item.spent_on;
        if (day.empty()) return;
        const bool before = !policy_.valid_from.empty() && day < policy_.valid_from;
        const bool after = !policy_.valid_until.empty() && day > policy_.valid_until;
        if (before || after)
            findings_.push_back({"not_in_force",
                                 path_of(item),
                                 {fmt::format("the policy {} is not in force on {}", policy_.name, day),
                                  fmt::format("报销制度“{}”在 {} 未生效", policy_.name, day)},
                                 std::nullopt});
    }

    void check_receipt(const Counted& counted)
    {
        const auto& item = *counted.item;
        const bool is_by_policy = item.category == "mileage" || item.category == "per_diem"; // nobody writes a receipt for these
        if (!policy_.receipt_from || policy_.receipt_from->currency != home_ || is_by_policy || !item.receipt.empty()) return;
        if (counted.home.minor < policy_.receipt_from->minor) return;
        findings_.push_back({"receipt_missing",
                             path_of(item),
                             {fmt::format("{} needs a receipt: from {} on", counted.home.text(), policy_.receipt_from->text()),
                              fmt::format("{} 需要票据：{} 起", counted.home.text(), policy_.receipt_from->text())},
                             std::nullopt});
    }

    const ExpenseLimit* limit_of(const ExpenseItem& item, Per per) const
    {
        const auto* limit = limit_for(policy_, item.category, item.place, per);
        return limit && limit->amount.currency == home_ ? limit : nullptr;
    }

    Result<void> check_one(const Counted& counted)
    {
        const auto& item = *counted.item;
        if (const auto* limit = limit_of(item, Per::item)) {
            LimitCheck check{*limit, 1};
            check.add(counted);
            ROADBOOK_CHECK(check.report(findings_));
        }
        const auto* limit = limit_of(item, Per::night);
        if (!limit) return {};
        if (item.nights <= 0)
            findings_.push_back({"nights_missing", path_of(item), {"say for how many nights", "请填写住宿晚数"}, std::nullopt});
        LimitCheck check{*limit, std::max<std::int64_t>(item.nights, 1)};
        check.add(counted);
        return check.report(findings_);
    }

    Result<void> check_days(const std::vector<Counted>& items)
    {
        std::map<std::pair<const ExpenseLimit*, std::string>, LimitCheck> days;
        for (const auto& counted : items)
            if (const auto* limit = limit_of(*counted.item, Per::day))
                days.try_emplace({limit, counted.item->spent_on}, *limit, 1).first->second.add(counted);
        for (const auto& [day, check] : days) ROADBOOK_CHECK(check.report(findings_));
        return {};
    }

    const ExpensePolicy& policy_;
    const std::string& home_;
    std::vector<Finding>& findings_;
};

std::vector<const ExpenseItem*> by_day(const ExpenseReport& report)
{
    std::vector<const ExpenseItem*> items;
    for (const auto& item : report.items) items.push_back(&item);
    std::sort(items.begin(), items.end(), [](const auto* a, const auto* b) { return std::tie(a->spent_on, a->id) < std::tie(b->spent_on, b->id); });
    return items;
}

} // namespace

ExpenseReport expense_report_from(const schema::Record& record)
{
    ExpenseReport report{text_in(record.fields, "currency"), {}};
    for (const auto* child : children_of(record, "items")) {
        const auto& fields = child->fields;
        report.items.push_back({.id = child->id,
                                .spent_on = text_in(fields, "spent_on"),
                                .category = text_in(fields, "category"),
                                .amount = value_in<Money>(fields, "amount"),
                                .rate_millionths = value_in<std::int64_t>(fields, "rate_millionths"),
                                .rate_source = text_in(fields, "rate_source"),
                                .rate_date = text_in(fields, "rate_date"),
                                .place = text_in(fields, "place"),
                                .vehicle = text_in(fields, "vehicle"),
                                .distance = integer_in(fields, "distance"),
                                .nights = integer_in(fields, "nights"),
                                .hours = integer_in(fields, "hours"),
                                .receipt = text_in(fields, "receipt"),
                                .reason = text_in(fields, "reason")});
    }
    return report;
}

Result<ExpenseTotals> expense_totals(const ExpenseReport& report, const ExpensePolicy* policy)
{
    const auto home = report.currency.empty() && policy ? policy->currency : report.currency;
    if (!currency_digits(home))
        return fail(Errc::invalid_value, "the report needs the currency in which it is paid out, such as CNY", "currency");
    ExpenseTotals totals;
    std::vector<Counted> counted;
    Wide sum = 0;
    for (const auto* item : by_day(report)) {
        auto amount = home_amount(*item, policy, home, totals.findings);
        if (!amount) return amount.error();
        if (amount->home) {
            sum += amount->home->minor;
            counted.push_back({item, *amount->home});
        } else {
            ++totals.incomplete;
        }
        totals.items.push_back(std::move(*amount));
    }
    const auto minor = narrow(sum);
    if (!minor) return too_large();
    totals.total = {*minor, home};
    if (policy) ROADBOOK_CHECK(PolicyCheck(*policy, home, totals.findings).run(counted));
    std::sort(totals.findings.begin(), totals.findings.end(), [](const auto& a, const auto& b) {
        return std::tie(a.path, a.rule, a.words.en) < std::tie(b.path, b.rule, b.words.en);
    });
    return totals;
}

} // namespace roadbook::rules
