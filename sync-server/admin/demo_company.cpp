// People, territories, products, price lists and expense policies; then the customers.
#include "sync-server/admin/demo_books.hpp"
#include "sync-server/admin/northwind_row.hpp"

#include <fmt/format.h>

namespace roadbook::server::demo {
namespace {

constexpr std::int64_t hundred = 100; ///< minor units of yuan and dollars; hundredths of a percent

/// Of nobody: China has no numbers under 100, and America keeps 555-01xx for stories.
std::string phone_text(bool china, Dice& dice)
{
    return china ? fmt::format("+86 100 {:04} {:04}", dice.below(10'000), dice.below(10'000))
                 : fmt::format("+1 {} 555 01{:02}", dice.between(201, 989), dice.below(100));
}

void write_people(Books& books)
{
    for (int i = 0; i < people_count; ++i) {
        const auto& person = people()[static_cast<std::size_t>(i)];
        auto dice = books.dice("person", i);
        auto record = books.start("person", i);
        set_fields(record.fields, {{"name", person.name},
                                   {"role", person.role},
                                   {"title", person.title},
                                   {"email", fmt::format("{}{}@demo.example", person.role, i)},
                                   {"phone", phone_text(is_chinese(i), dice)},
                                   {"hired_on", text(first_day - std::chrono::days{dice.between(100, 4000)})},
                                   {"time_zone", is_chinese(i) ? "Asia/Shanghai" : "America/New_York"}});
        if (person.reports_to >= 0) record.fields["reports_to"] = books.person(person.reports_to);
        if (i >= first_engineer) {
            add_child(record, "skills", {{"skill", "Compressors 压缩机"}, {"level", std::int64_t{dice.between(2, 5)}}});
            add_child(record, "skills", {{"skill", "Pumps 泵"}, {"level", std::int64_t{dice.between(1, 5)}}});
        }
        books.take(std::move(record));
    }
}

/// A territory is its manager's; what can be worked is its two patches, each a rep's.
void write_territories(Books& books)
{
    for (int i = 0; i < territory_count; ++i) {
        const auto& territory = territories()[static_cast<std::size_t>(i)];
        auto record = books.start("territory", i);
        set_fields(record.fields, {{"name", territory.name},
                                   {"code", territory.code},
                                   {"basis", "region"},
                                   {"holder", books.person(territory.is_chinese ? head : sales_manager)}});
        books.take(std::move(record));
    }
    for (int patch = 0; patch < patch_count; ++patch) {
        const auto& territory = territories()[static_cast<std::size_t>(patch / 2)];
        const auto* city = &territory.cities[static_cast<std::size_t>(2 * (patch % 2))];
        auto record = books.start("patch", patch);
        record.kind = "territory";
        set_fields(record.fields, {{"name", fmt::format("{}{}{}", city[0].name, territory.is_chinese ? "、" : ", ", city[1].name)},
                                   {"code", fmt::format("{}{}", territory.code, 1 + patch % 2)},
                                   {"basis", "region"},
                                   {"parent", books.id("territory", patch / 2)},
                                   {"holder", books.person(first_rep + patch)}});
        for (int quarter = 1; quarter <= 4; ++quarter)
            add_child(record, "quotas", {{"period", fmt::format("2026-Q{}", quarter)},
                                         {"amount", Money{(territory.is_chinese ? 900'000 : 140'000) * hundred, currency(territory.is_chinese)}}});
        books.take(std::move(record));
    }
}

void write_products(Books& books)
{
    for (std::size_t i = 0; i < products().size(); ++i) {
        const auto& product = products()[i];
        auto dice = books.dice("product", static_cast<std::int64_t>(i));
        auto record = books.start("product", static_cast<std::int64_t>(i));
        set_fields(record.fields, {{"name", product.name},
                                   {"code", product.code},
                                   {"category", product.category},
                                   {"unit", product.unit},
                                   {"price", Money{product.cny * hundred, "CNY"}},
                                   {"units_in_stock", std::int64_t{dice.between(0, product.is_machine ? 40 : 600)}},
                                   {"stock_as_of", Time{today}},
                                   {"discontinued", false},
                                   {"warranty_months", std::int64_t{product.is_machine ? 24 : 6}}});
        books.take(std::move(record));
    }
}

/// Two versions for each currency: the second is five percent dearer. From ten pieces on it is five percent less; nobody goes below 85 %.
void write_price_lists(Books& books)
{
    for (int i = 0; i < 4; ++i) {
        const bool china = i < 2;
        const int version = 1 + i % 2;
        auto record = books.start("price_list", i);
        const auto* name = china ? "中国标准价 China" : "Standard America 美国标准价";
        set_fields(record.fields, {{"name", fmt::format("{} {}", name, version == 1 ? "2025" : "2026")},
                                   {"code", china ? "CN-STD" : "US-STD"},
                                   {"currency", currency(china)},
                                   {"version", std::int64_t{version}},
                                   {"valid_from", text(version == 1 ? first_day - std::chrono::days{180} : new_prices)}});
        if (version == 1) record.fields["valid_until"] = text(new_prices - std::chrono::days{1});
        for (std::size_t p = 0; p < products().size(); ++p) {
            const auto whole = (china ? products()[p].cny : products()[p].usd) * hundred * (version == 1 ? 100 : 105) / 100;
            for (const std::int64_t from : {0, 10'000}) {
                const auto price = from == 0 ? whole : whole * 95 / 100;
                add_child(record, "entries", {{"product", books.product(p)},
                                              {"minimum_quantity", from},
                                              {"unit_price", Money{price, currency(china)}},
                                              {"floor_price", Money{whole * 85 / 100, currency(china)}}});
            }
        }
        books.price_lists.push_back(rules::price_list_from(record));
        books.take(std::move(record));
    }
}

void write_policies(Books& books)
{
    for (const bool china : {true, false}) {
        const auto money = [china](int yuan, int dollars) { return Money{(china ? yuan : dollars) * hundred, currency(china)}; };
        auto record = books.start("expense_policy", china ? 0 : 1);
        set_fields(record.fields, {{"name", china ? "差旅报销制度 China" : "Travel policy America"},
                                   {"currency", currency(china)},
                                   {"valid_from", text(first_day - std::chrono::days{365})},
                                   {"receipt_from", money(100, 25)}});
        add_child(record, "limits", {{"category", "hotel"}, {"amount", money(550, 190)}, {"per", "night"}});
        add_child(record, "limits", {{"category", "meal"}, {"amount", money(150, 60)}, {"per", "day"}});
        add_child(record, "limits", {{"category", "entertainment"}, {"amount", money(800, 200)}, {"per", "item"}});
        add_child(record, "mileage", {{"per_km", Money{china ? 120 : 45, currency(china)}}});
        add_child(record, "per_diems", {{"full_day", money(120, 55)}, {"half_day", money(60, 28)}, {"half_day_hours", std::int64_t{8'000}}});
        books.policies.push_back(record.id);
        books.policy_rules.push_back(rules::expense_policy_from(record));
        books.take(std::move(record));
    }
}

std::int64_t near(int degrees_e4, Dice& dice)
{
    return std::int64_t{degrees_e4} * 1'000 + dice.between(-400'000, 400'000); // some four kilometres about the middle of the city
}

void write_contact(Books& books, const Account& account, int nth, Dice& dice)
{
    const bool speaks_chinese = nth == 0 ? account.is_chinese() : dice.percent(account.is_chinese() ? 80 : 15);
    const auto& words = demo::words(speaks_chinese);
    auto record = books.start("contact", 2 * std::int64_t{account.nth} + nth);
    const auto* surname = dice.one_of(words.surnames);
    const auto* given = dice.one_of(words.given_names);
    const auto name = speaks_chinese ? fmt::format("{}{}", surname, given) : fmt::format("{} {}", given, surname);
    set_fields(record.fields, {{"name", nth == 0 ? account.contact_name : name},
                               {"account", account.id},
                               {"title", dice.one_of(words.titles)},
                               {"phone", phone_text(account.is_chinese(), dice)},
                               {"email", fmt::format("contact{}-{}@customer.example", account.nth + 1, nth + 1)},
                               {"influence", nth == 0 ? "decision_maker" : "user"},
                               {"language", speaks_chinese ? "zh" : "en"}});
    books.take(std::move(record));
}

} // namespace

void write_company(Books& books)
{
    write_people(books);
    write_territories(books);
    write_products(books);
    write_price_lists(books);
    write_policies(books);
}

void write_accounts(Books& books)
{
    for (int i = 0; i < books.size.accounts; ++i) {
        const auto account = books.account(i);
        const auto& words = demo::words(account.is_chinese());
        auto dice = books.dice("customer", i);
        const auto* money = currency(account.is_chinese());
        const auto tier = dice.below(10);
        const auto street = dice.one_of(words.streets);
        const auto house = dice.between(1, 980);
        auto record = books.start("account", i);
        set_fields(record.fields, {{"name", account.name},
                                   {"code", fmt::format("D{:06}", i + 1)},
                                   {"territory", books.id("patch", account.patch)},
                                   {"street", account.is_chinese() ? fmt::format("{}{}号", street, house) : fmt::format("{} {}", house, street)},
                                   {"city", account.city->name},
                                   {"state", account.city->state},
                                   {"postal_code", account.city->postal_code},
                                   {"country", account.is_chinese() ? "中国" : "USA"},
                                   {"phone", phone_text(account.is_chinese(), dice)},
                                   {"tier", tier < 2 ? "a" : tier < 5 ? "b" : "c"},
                                   {"status", "active"},
                                   {"health", tier == 9 ? "at_risk" : tier == 8 ? "watch" : "good"},
                                   {"currency", money},
                                   {"credit_limit", Money{dice.between(1, 20) * (account.is_chinese() ? 50'000 : 7'500) * hundred, money}},
                                   {"latitude_e7", near(account.city->latitude_e4, dice)},
                                   {"longitude_e7", near(account.city->longitude_e4, dice)}});
        books.take(std::move(record));
        write_contact(books, account, 0, dice);
        if (dice.percent(50)) write_contact(books, account, 1, dice);
    }
}

} // namespace roadbook::server::demo
