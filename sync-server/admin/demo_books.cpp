#include "sync-server/admin/demo_books.hpp"

#include "conflict/merge/intent.hpp"
#include "shared/rules/numbers.hpp"

#include <fmt/format.h>

namespace roadbook::server {

void make_demo_books(const DemoSize& size, const std::function<void(schema::Record)>& take)
{
    demo::Books books{size, take, {}, {}, {}, {}, {}, {}};
    demo::write_company(books);
    demo::write_accounts(books);
    demo::write_sales(books);
    demo::write_service(books);
    demo::write_expenses(books);
}

namespace demo {

bool is_workday(Day day) noexcept
{
    return std::chrono::weekday{day}.iso_encoding() <= 5;
}

Day workday_after(Day day, int count) noexcept
{
    while (!is_workday(day)) day += std::chrono::days{1};
    for (; count > 0; --count)
        do day += std::chrono::days{1};
        while (!is_workday(day));
    return day;
}

std::string text(Day day)
{
    constexpr std::size_t date_size = 10;
    return to_text(Time{day}).substr(0, date_size);
}

Dice::Dice(std::uint64_t seed, std::string_view what, std::int64_t nth)
{
    const auto hash = sha256(as_bytes(fmt::format("{} {} {}", seed, what, nth)));
    state_ = 0;
    for (std::size_t i = 0; i < sizeof state_; ++i) state_ = state_ << 8 | std::to_integer<std::uint64_t>(hash.bytes[i]);
}

std::uint64_t Dice::next() noexcept
{
    auto z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

int Dice::below(int bound)
{
    return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); // bounds are small: what modulo prefers does not show
}

int Dice::between(int low, int high)
{
    return low + below(high - low + 1);
}

RecordId Books::id(std::string_view kind, std::int64_t nth) const
{
    return id_from_name<RecordId>("demo books", fmt::format("{} {} {} {}", size.seed, size.accounts, kind, nth));
}

schema::Record Books::start(std::string_view kind, std::int64_t nth) const
{
    schema::Record record;
    record.id = id(kind, nth);
    record.kind = kind;
    return record;
}

Account Books::account(int nth) const
{
    Account account;
    account.id = id("account", nth);
    account.contact = id("contact", 2 * std::int64_t{nth});
    account.nth = nth;
    account.patch = nth % patch_count;
    auto dice = this->dice("account", nth);
    account.city = &account.territory().cities[static_cast<std::size_t>(2 * (account.patch % 2) + dice.below(2))];
    const auto& words = demo::words(account.is_chinese());
    // There are 8,800 names for each half of the world. A patch has a part of its own, in steps that share no factor with their number; from
    // 17,000 accounts on, names come again in other patches.
    constexpr std::size_t step = 3'989, names_of_patch = 1'459;
    const auto turn = (static_cast<std::size_t>(nth / patch_count) + static_cast<std::size_t>(account.patch % territory_count) * names_of_patch) * step;
    const auto* brand = words.brands[turn % words.brands.size()];
    const auto* trade = words.trades[turn / words.brands.size() % words.trades.size()];
    const auto* form = words.forms[turn / words.brands.size() / words.trades.size() % words.forms.size()];
    account.name = account.is_chinese() ? fmt::format("{}{}{}{}", account.city->name, brand, trade, form) : fmt::format("{} {} {}", brand, trade, form);
    const auto* surname = dice.one_of(words.surnames);
    const auto* given = dice.one_of(words.given_names);
    account.contact_name = account.is_chinese() ? fmt::format("{}{}", surname, given) : fmt::format("{} {}", given, surname);
    return account;
}

std::string Books::number(const std::string& prefix, Day day)
{
    rules::NumberRule rule;
    rule.prefix = prefix;
    const auto period = rules::period_of(rule.period, Time{day});
    return rules::number_text(rule, period, ++counts[prefix + period]);
}

void add_child(schema::Record& record, const char* collection, schema::Fields fields)
{
    auto& children = record.collections[collection];
    fields["position"] = merge::position_after(children.empty() ? std::string{} : std::get<std::string>(children.back().fields.at("position")));
    children.push_back({id_from_name<ChildId>("demo books", fmt::format("{} {} {}", record.id.text(), collection, children.size())), std::move(fields), false});
}

bool is_chinese(int person) noexcept
{
    return person >= first_engineer ? person < first_engineer + engineer_count / 2 : person < first_rep + patch_count / 2;
}

} // namespace demo
} // namespace roadbook::server
