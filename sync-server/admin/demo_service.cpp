// Installations of what was delivered, and repairs: each with an engineer's free time.
#include "sync-server/admin/demo_books.hpp"
#include "sync-server/admin/northwind_row.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array appointment_hours{0, 5}; // after nine: one job in the morning, one in the afternoon
constexpr int engineers_a_side = engineer_count / 2;
constexpr std::int64_t piece = 1'000;

struct Appointment {
    int engineer = 0; ///< place among the people
    Day day;
    std::size_t slot = 0;
};

/// Who has time when. Nobody is in two places at once.
class Diary {
public:
    /// The first free half day from `from` on, of whoever of the four has had the least to do. Nothing: all are busy to the end.
    std::optional<Appointment> book(bool china, Day from)
    {
        for (auto day = workday_after(from, 0); day <= last_day; day = workday_after(day, 1))
            for (std::size_t slot = 0; slot < appointment_hours.size(); ++slot) {
                std::optional<int> free;
                for (int i = 0; i < engineers_a_side; ++i) {
                    const int engineer = first_engineer + (china ? 0 : engineers_a_side) + i;
                    if (!taken_.contains({engineer, day, slot}) && (!free || jobs_[engineer] < jobs_[*free])) free = engineer;
                }
                if (!free) continue;
                taken_.insert({*free, day, slot});
                ++jobs_[*free];
                return Appointment{*free, day, slot};
            }
        return {};
    }

private:
    std::set<std::tuple<int, Day, std::size_t>> taken_;
    std::map<int, int> jobs_;
};

void add_checklist(schema::Record& order, bool china, bool is_done)
{
    const std::array entries = china ? std::array{"断电挂牌", "检查泄漏", "向客户演示运行"}
                                     : std::array{"Power off and tagged", "Checked for leaks", "Shown running to the customer"};
    for (const auto* entry : entries)
        add_child(order, "checklist", {{"text", entry}, {"done", is_done}});
}

/// The job as it went: arrival, work, parts, report, the customer's word.
void carry_out(Books& books, schema::Record& order, const Account& account, const Appointment& at, Time start, bool is_repair, Dice& dice)
{
    const auto& words = demo::words(account.is_chinese());
    const auto arrived = start + minutes{dice.between(0, 20)};
    const auto worked = dice.between(45, 170);
    set_fields(order.fields, {{"status", today - at.day > std::chrono::days{14} ? "closed" : "completed"},
                              {"arrived_at", arrived},
                              {"completed_at", arrived + minutes{worked}},
                              {"satisfaction", std::int64_t{dice.between(3, 5)}},
                              {"report", dice.one_of(words.reports)}});
    add_child(order, "labour", {{"person", books.person(at.engineer)}, {"minutes", std::int64_t{worked}}, {"on", text(at.day)}, {"travel", false}});
    if (is_repair) {
        std::vector<std::size_t> parts;
        for (std::size_t p = 0; p < products().size(); ++p)
            if (!products()[p].is_machine) parts.push_back(p);
        add_child(order, "parts_used", {{"product", books.product(dice.one_of(parts))}, {"quantity", dice.between(1, 2) * piece}});
    }
    add_child(order, "signatures", {{"signer", account.contact_name}, {"signed_at", arrived + minutes{worked}}});
    books.trips.push_back({at.engineer, at.day, account.id, {}, order.id, account.city, account.is_chinese()});
}

void write_work_order(Books& books, std::int64_t nth, const ServiceCall& call, const Appointment& at)
{
    auto dice = books.dice("work_order", nth);
    const auto account = books.account(call.account);
    const auto china = account.is_chinese();
    const bool is_repair = !call.product;
    const Time start = at.day + hours{account.territory().nine_in_utc + appointment_hours.at(at.slot)};
    auto order = books.start("work_order", nth);
    const auto* what = is_repair ? dice.one_of(demo::words(china).repairs) : china ? "设备安装调试" : "Install and commission";
    set_fields(order.fields, {{"number", books.number("DW-", call.from)},
                              {"subject", fmt::format("{}: {}", what, account.name)},
                              {"description", what},
                              {"account", account.id},
                              {"contact", account.contact},
                              {"dispatcher", books.person(dispatcher)},
                              {"assignee", books.person(at.engineer)},
                              {"priority", is_repair ? "high" : "normal"},
                              {"appointment_start", start},
                              {"appointment_end", start + hours{3}},
                              {"due_at", Time{workday_after(at.day, is_repair ? 1 : 5)}},
                              {"place", account.city->name}});
    add_child(order, "required_skills", {{"name", is_repair ? "Pumps 泵" : "Compressors 压缩机"}, {"level", std::int64_t{2}}});
    if (call.product) add_child(order, "required_parts", {{"product", *call.product}, {"quantity", piece}});
    const bool is_past = at.day < today;
    const bool is_cancelled = is_past && dice.percent(4);
    add_checklist(order, china, is_past && !is_cancelled);
    if (is_cancelled) set_fields(order.fields, {{"status", "cancelled"}, {"cancel_reason", china ? "客户改期" : "The customer put it off"}});
    else if (is_past) carry_out(books, order, account, at, start, is_repair, dice);
    else order.fields["status"] = at.day - today > std::chrono::days{4} ? "offered" : "accepted";
    books.take(std::move(order));
}

} // namespace

void write_service(Books& books)
{
    std::stable_sort(books.calls.begin(), books.calls.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    Diary diary;
    for (std::size_t i = 0; i < books.calls.size(); ++i)
        if (const auto at = diary.book(books.account(books.calls[i].account).is_chinese(), books.calls[i].from))
            write_work_order(books, static_cast<std::int64_t>(i), books.calls[i], *at);
}

} // namespace roadbook::server::demo
