// A year of visits, and the quotes and orders that came of them.
#include "shared/rules/price_resolution.hpp"
#include "sync-server/admin/demo_books.hpp"
#include "sync-server/admin/northwind_row.hpp"

#include <algorithm>

namespace roadbook::server::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int visits_a_day = 5;            // as many as one rep can make: an hour and a half each
constexpr int visits_per_account = 6;      // in a year, unless there are too many accounts
constexpr std::array slots{0, 90, 240, 330, 420}; // minutes after nine
constexpr std::int64_t piece = 1'000;      // quantities are thousandths
constexpr std::int64_t percent = 100;      // hundredths of a percent

class Sales {
public:
    explicit Sales(Books& books) : books_{books} {}

    void write_patch(int patch)
    {
        std::vector<Day> workdays;
        for (auto day = first_day; day <= last_day; day += days{1})
            if (is_workday(day)) workdays.push_back(day);
        const int accounts = (books_.size.accounts - patch + patch_count - 1) / patch_count;
        const int count = std::min(static_cast<int>(workdays.size()) * visits_a_day, accounts * visits_per_account);
        Day day_before{};
        std::size_t slot = 0;
        for (int i = 0; i < count; ++i) {
            const auto day = workdays[static_cast<std::size_t>(std::int64_t{i} * static_cast<std::int64_t>(workdays.size()) / count)];
            slot = day == day_before ? slot + 1 : 0;
            day_before = day;
            write_visit(books_.account(patch + i % accounts * patch_count), day, slot);
        }
    }

private:
    void write_visit(const Account& account, Day day, std::size_t slot)
    {
        const auto nth = visits_++;
        auto dice = books_.dice("visit", nth);
        const auto& words = demo::words(account.is_chinese());
        const Time planned = day + hours{account.territory().nine_in_utc} + minutes{slots.at(slot)};
        auto record = books_.start("visit", nth);
        const auto* purpose = dice.one_of(words.purposes);
        set_fields(record.fields, {{"subject", purpose},
                                   {"purpose", purpose},
                                   {"account", account.id},
                                   {"contact", account.contact},
                                   {"owner", books_.person(first_rep + account.patch)},
                                   {"planned_at", planned},
                                   {"planned_until", planned + hours{1}}});
        const bool is_past = day < today;
        const bool is_done = is_past && !dice.percent(7);
        record.fields["status"] = is_done ? "done" : is_past ? "cancelled" : "planned";
        if (is_done) {
            const auto in = planned + minutes{dice.between(0, 15)};
            const auto out = in + minutes{dice.between(25, 60)};
            set_fields(record.fields, {{"checked_in_at", in},
                                       {"checked_in_server_at", in + std::chrono::seconds{dice.between(1, 40)}},
                                       {"check_in_place", account.city->name},
                                       {"checked_out_at", out},
                                       {"checked_out_server_at", out + std::chrono::seconds{dice.between(1, 40)}},
                                       {"check_out_place", account.city->name},
                                       {"outcome", dice.one_of(words.outcomes)},
                                       {"next_step", dice.one_of(words.next_steps)},
                                       {"next_step_on", text(workday_after(day, dice.between(2, 10)))}});
            if (dice.percent(30)) set_fields(record.fields, {{"promise", dice.one_of(words.promises)}, {"promised_for", text(workday_after(day, 3))}});
            books_.trips.push_back({first_rep + account.patch, day, account.id, record.id, {}, account.city, account.is_chinese()});
        }
        books_.take(std::move(record));
        if (!is_done) return;
        if (dice.percent(8)) books_.calls.push_back({workday_after(day, 1), account.nth, {}});
        if (dice.percent(20)) write_quote(account, nth, workday_after(day, dice.between(0, 3)), dice);
    }

    /// At the price that the lists name on this day; nothing is given away below the floor.
    void add_line(schema::Record& quote, const Account& account, Day day, std::size_t product, Dice& dice)
    {
        const auto quantity = (products()[product].is_machine ? dice.between(1, 4) : dice.between(2, 30)) * piece;
        const auto answer = rules::resolve_price({books_.product(product), quantity, text(day), account.id, {}, currency(account.is_chinese())}, books_.price_lists);
        if (!answer.price) return; // no list is without it
        add_child(quote, "lines", {{"product", books_.product(product)},
                                   {"description", products()[product].name},
                                   {"quantity", quantity},
                                   {"unit_price", answer.price->unit_price},
                                   {"discount", dice.percent(30) ? 3 * percent : std::int64_t{0}},
                                   {"tax_rate", account.is_chinese() ? 13 * percent : 8 * percent},
                                   {"price_list", answer.price->list},
                                   {"price_list_version", answer.price->version}});
    }

    void write_quote(const Account& account, std::int64_t visit, Day day, Dice& dice)
    {
        if (day >= today) return;
        auto quote = books_.start("quote", visit);
        auto product = static_cast<std::size_t>(dice.below(static_cast<int>(products().size())));
        for (int left = dice.between(1, 5); left > 0; --left) {
            add_line(quote, account, day, product, dice);
            product = (product + static_cast<std::size_t>(dice.between(1, 5))) % products().size(); // never the same one twice
        }
        const auto discount = dice.percent(25) ? dice.between(1, 5) * percent : 0;
        const auto age = (today - day).count();
        const auto ordered_on = workday_after(day, dice.between(2, 15));
        const bool is_won = dice.percent(55) && ordered_on < today;
        const auto* status = is_won ? "accepted" : age > 45 ? "rejected" : age > 5 ? "sent" : "draft";
        set_fields(quote.fields, {{"number", books_.number("DQ-", day)},
                                  {"account", account.id},
                                  {"contact", account.contact},
                                  {"owner", books_.person(first_rep + account.patch)},
                                  {"status", status},
                                  {"quoted_on", text(day)},
                                  {"valid_until", text(day + days{45})},
                                  {"discount", discount},
                                  {"currency", currency(account.is_chinese())},
                                  {"price_list", std::get<RecordId>(quote.collections.at("lines").front().fields.at("price_list"))},
                                  {"terms", account.is_chinese() ? "货到 30 天付款" : "30 days net"}});
        books_.take(quote);
        if (is_won) write_order(account, quote, visit, ordered_on, dice);
    }

    void write_order(const Account& account, const schema::Record& quote, std::int64_t nth, Day day, Dice& dice)
    {
        auto order = books_.start("order", nth);
        const auto shipped_on = workday_after(day, dice.between(3, 12));
        const auto delivered_on = workday_after(shipped_on, dice.between(1, 5));
        const bool is_cancelled = dice.percent(4);
        const bool is_fresh = today - day <= days{3};
        const bool is_shipped = !is_cancelled && shipped_on < today;
        const bool is_delivered = is_shipped && delivered_on < today;
        set_fields(order.fields, {{"number", books_.number("DO-", day)},
                                  {"account", account.id},
                                  {"owner", books_.person(first_rep + account.patch)},
                                  {"quote", quote.id},
                                  {"status", is_cancelled ? "cancelled" : is_delivered ? "delivered" : is_shipped ? "shipped" : is_fresh ? "open" : "confirmed"},
                                  {"ordered_on", text(day)},
                                  {"required_on", text(day + days{30})},
                                  {"discount", quote["discount"]},
                                  {"currency", quote["currency"]},
                                  {"price_list", quote["price_list"]},
                                  {"terms", quote["terms"]},
                                  {"ship_name", account.name},
                                  {"ship_city", account.city->name}});
        if (is_shipped) order.fields["shipped_on"] = text(shipped_on);
        if (is_delivered) order.fields["delivered_on"] = text(delivered_on);
        std::optional<RecordId> machine;
        for (const auto& line : quote.collections.at("lines")) {
            auto fields = line.fields;
            fields["delivered"] = is_delivered ? fields.at("quantity") : std::int64_t{0};
            add_child(order, "lines", std::move(fields));
            const auto product = std::get<RecordId>(line.fields.at("product"));
            for (std::size_t p = 0; p < products().size(); ++p)
                if (products()[p].is_machine && books_.product(p) == product) machine = product;
        }
        books_.take(std::move(order));
        if (is_delivered && machine) books_.calls.push_back({workday_after(delivered_on, 2), account.nth, machine});
    }

    Books& books_;
    std::int64_t visits_ = 0;
};

} // namespace

void write_sales(Books& books)
{
    Sales sales{books};
    for (int patch = 0; patch < patch_count; ++patch) sales.write_patch(patch);
}

} // namespace roadbook::server::demo
