// A report a month for everybody who travelled, about the journeys that he made.
#include "shared/rules/expenses.hpp"
#include "sync-server/admin/demo_books.hpp"
#include "sync-server/admin/northwind_row.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server::demo {
namespace {

using std::chrono::days;
using Trips = std::vector<const Trip*>;

constexpr std::size_t trips_in_report = 8; // the longer ones of a month; the rest were round the corner
constexpr std::int64_t hundred = 100;
constexpr std::int64_t thousand = 1'000;

/// One month of one person.
class Report {
public:
    Report(Books& books, int person, std::chrono::year_month month, std::int64_t nth)
        : books_{books}, person_{person}, month_{month}, china_{is_chinese(person)}, dice_{books.dice("expense_report", nth)},
          record_{books.start("expense_report", nth)}
    {
    }

    void write(const Trips& trips)
    {
        const auto step = std::max<std::size_t>(1, trips.size() / trips_in_report);
        for (std::size_t i = 0; i < trips.size() && i / step < trips_in_report; i += step) add_trip(*trips[i]);
        add_special(*trips.back());
        const Day first{month_ / 1};
        const auto until = std::min(Day{month_ / std::chrono::last}, today - days{1});
        constexpr std::size_t month_size = 7; // "2026-11"
        set_fields(record_.fields, {{"title", fmt::format("{} {}", china_ ? "差旅费" : "Travel", text(first).substr(0, month_size))},
                                    {"number", books_.number("DE-", until)},
                                    {"owner", books_.person(person_)},
                                    {"currency", currency(china_)},
                                    {"policy", books_.policies[china_ ? 0 : 1]},
                                    {"payer", books_.person(finance)},
                                    {"purpose", china_ ? "客户拜访与服务" : "Visits and service at customers"},
                                    {"period_start", text(first)},
                                    {"period_end", text(until)}});
        const auto total = settle_amounts();
        pass_on(until, total);
        books_.take(std::move(record_));
    }

private:
    void add(const Trip& trip, const char* category, schema::Fields more)
    {
        more["spent_on"] = text(trip.day);
        more["category"] = category;
        more["place"] = trip.city->name;
        more["account"] = trip.account;
        if (trip.visit) more["visit"] = *trip.visit;
        if (trip.work_order) more["work_order"] = *trip.work_order;
        add_child(record_, "items", std::move(more));
    }

    Money spent(int low, int high) { return {dice_.between(low, high) * (china_ ? 1 : 2) * hundred / (china_ ? 1 : 6) / 10 * 10, currency(china_)}; }
    std::string receipt() { return fmt::format("R-{:06}", dice_.below(1'000'000)); }

    void add_trip(const Trip& trip)
    {
        switch (dice_.below(3)) {
        case 0:
            return add(trip, "mileage", {{"distance", dice_.between(12, 180) * thousand},
                                         {"from_place", china_ ? "公司" : "Office"},
                                         {"to_place", trip.city->name}});
        case 1: return add(trip, "taxi", {{"amount", spent(25, 95)}, {"receipt", receipt()}});
        default: return add(trip, "meal", {{"amount", spent(30, 120)}, {"receipt", receipt()}});
        }
    }

    /// What is not in every month: nights away, a guest, a day in another currency.
    void add_special(const Trip& trip)
    {
        if (dice_.percent(60)) {
            const std::int64_t nights = dice_.between(1, 2);
            auto amount = spent(260, 500);
            amount.minor *= nights;
            add(trip, "hotel", {{"amount", amount}, {"nights", nights}, {"receipt", receipt()}});
            add(trip, "per_diem", {{"hours", nights * 24 * thousand + 10 * thousand}});
        }
        if (dice_.percent(25))
            add(trip, "entertainment", {{"amount", spent(300, 1'000)}, {"receipt", receipt()}, {"reason", china_ ? "招待客户" : "Dinner with the customer"}});
        if (dice_.percent(20))
            add(trip, "train", {{"amount", Money{dice_.between(90, 400) * hundred, china_ ? "HKD" : "CAD"}},
                                {"rate_millionths", std::int64_t{china_ ? 915'000 : 725'000}},
                                {"rate_source", china_ ? "中国银行 Bank of China" : "Bank of Canada"},
                                {"rate_date", text(trip.day)},
                                {"receipt", receipt()}});
    }

    /// Mileage and per diems by the policy; what all comes to.
    Money settle_amounts()
    {
        const auto totals = rules::expense_totals(rules::expense_report_from(record_), &books_.policy_rules[china_ ? 0 : 1]).value();
        for (auto& item : record_.collections.at("items"))
            for (const auto& amount : totals.items)
                if (amount.id == item.id && !item.fields.contains("amount")) item.fields["amount"] = amount.home.value();
        return totals.total;
    }

    /// Handed in on the third of the next month, approved from the eighth on, paid twelve days later; as far as that has come.
    void pass_on(Day until, const Money& total)
    {
        const auto submitted_on = until + days{3}, approved_on = submitted_on + days{5 + 5 * (person_ % 4)}, paid_on = approved_on + days{12};
        record_.fields["status"] = paid_on < today ? "reimbursed" : approved_on < today ? "approved" : submitted_on < today ? "submitted" : "draft";
        if (approved_on < today)
            add_child(record_, "approvals", {{"approver", books_.person(people()[static_cast<std::size_t>(person_)].reports_to)},
                                             {"decision", "approved"},
                                             {"decided_at", Time{approved_on} + std::chrono::hours{9}}});
        if (paid_on < today)
            add_child(record_, "payments", {{"paid_on", text(paid_on)}, {"amount", total}, {"reference", "DEMO-" + schema::text_of(record_, "number")}});
    }

    Books& books_;
    int person_;
    std::chrono::year_month month_;
    bool china_;
    Dice dice_;
    schema::Record record_;
};

} // namespace

void write_expenses(Books& books)
{
    std::map<std::pair<int, std::chrono::year_month>, Trips> by_month;
    for (const auto& trip : books.trips) {
        const std::chrono::year_month_day date{trip.day};
        by_month[{trip.person, date.year() / date.month()}].push_back(&trip);
    }
    std::int64_t nth = 0;
    for (auto& [whose, trips] : by_month) {
        std::stable_sort(trips.begin(), trips.end(), [](const auto* a, const auto* b) { return a->day < b->day; });
        Report{books, whose.first, whose.second, nth++}.write(trips);
    }
}

} // namespace roadbook::server::demo
