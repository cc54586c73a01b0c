#pragma once
// What the steps of the demo books share. Inside this room; from outside, see demo.hpp.
#include "shared/rules/expense_policy.hpp"
#include "shared/rules/price_list.hpp"
#include "sync-server/admin/demo.hpp"
#include "sync-server/admin/demo_names.hpp"

#include <set>

namespace roadbook::server::demo {

using Day = std::chrono::sys_days;

/// The year of the books. Fixed, so that the same seed gives the same records on every day.
inline constexpr Day first_day{std::chrono::year{2025} / 11 / 24};
inline constexpr Day today{std::chrono::year{2026} / 11 / 22};    ///< what is before it was done, what is after it is planned
inline constexpr Day last_day{std::chrono::year{2026} / 12 / 4};  ///< as far as people have planned ahead
inline constexpr Day new_prices{std::chrono::year{2026} / 6 / 1}; ///< the first day of the second version of each price list

[[nodiscard]] bool is_workday(Day day) noexcept;
/// `count` working days later; with 0, the day itself or the next that is one.
[[nodiscard]] Day workday_after(Day day, int count) noexcept;
[[nodiscard]] std::string text(Day day); ///< "2026-11-22"

/// Random numbers that are the same on every machine: SplitMix64 from the seed and a name.
class Dice {
public:
    Dice(std::uint64_t seed, std::string_view what, std::int64_t nth);
    int below(int bound);             ///< 0 to bound - 1
    int between(int low, int high);   ///< both can come
    bool percent(int chance) { return below(100) < chance; }
    template <class Some>
    const auto& one_of(const Some& some) { return some[static_cast<std::size_t>(below(static_cast<int>(some.size())))]; }

private:
    std::uint64_t next() noexcept;
    std::uint64_t state_;
};

/// A customer, as far as the other records need it; a function of its place alone, so none is kept.
struct Account {
    RecordId id, contact;
    int nth = 0;
    int patch = 0;
    const City* city = nullptr;
    std::string name, contact_name;
    [[nodiscard]] const Territory& territory() const { return territories()[static_cast<std::size_t>(patch / 2)]; }
    [[nodiscard]] bool is_chinese() const { return territory().is_chinese; }
};

/// A journey to a customer that was made: what expense reports are about.
struct Trip {
    int person = 0;
    Day day;
    RecordId account;
    std::optional<RecordId> visit, work_order;
    const City* city = nullptr;
    bool is_chinese = false;
};

/// Work for engineers, to be given an appointment.
struct ServiceCall {
    Day from; ///< not before this day
    int account = 0;
    std::optional<RecordId> product; ///< that was delivered: an installation
};

struct Books {
    DemoSize size;
    std::function<void(schema::Record)> take;
    std::vector<rules::PriceList> price_lists;
    std::vector<RecordId> policies;                ///< China, America
    std::vector<rules::ExpensePolicy> policy_rules;
    std::vector<Trip> trips;
    std::vector<ServiceCall> calls;
    std::map<std::string, std::int64_t> counts;    ///< of numbers given, by prefix and year

    [[nodiscard]] schema::Record start(std::string_view kind, std::int64_t nth) const;
    [[nodiscard]] RecordId id(std::string_view kind, std::int64_t nth) const;
    [[nodiscard]] RecordId person(int nth) const { return id("person", nth); }
    [[nodiscard]] RecordId product(std::size_t nth) const { return id("product", static_cast<std::int64_t>(nth)); }
    [[nodiscard]] Account account(int nth) const;
    [[nodiscard]] Dice dice(std::string_view what, std::int64_t nth) const { return {size.seed, what, nth}; }
    /// "DQ-2026-000012": a prefix that no lease of a device has, unless somebody makes it a rule.
    [[nodiscard]] std::string number(const std::string& prefix, Day day);
};

/// Adds a child behind the last one.
void add_child(schema::Record& record, const char* collection, schema::Fields fields);
[[nodiscard]] inline const char* currency(bool is_chinese) { return is_chinese ? "CNY" : "USD"; }
/// The patch's or engineer's side of the world.
[[nodiscard]] bool is_chinese(int person) noexcept;

// The steps, in this order.
void write_company(Books& books);
void write_accounts(Books& books);
void write_sales(Books& books);    ///< visits, quotes, orders; leaves trips and service calls
void write_service(Books& books);  ///< work orders; leaves trips
void write_expenses(Books& books);

} // namespace roadbook::server::demo
