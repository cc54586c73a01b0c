#include "tests/benchmark/findings_load.hpp"

#include "conflict/findings/index.hpp"
#include "shared/schema/kind.hpp"
#include "shared/storage/read_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <random>

namespace roadbook::benchmark {
namespace {

using schema::Child;
using schema::Fields;
using schema::Record;

constexpr int records_held = 100'000;
constexpr int changes_measured = 2'000;
constexpr std::array brands{"华泰", "东方", "恒力", "金龙", "长江", "新光", "四海", "Müller", "Køhler", "Alfreds", "Nørgaard", "Peek", "Ålesund"};
constexpr std::array trades{"机电", "液压", "仪表", "阀门", "轴承", "Hydraulik", "Pumpen", "Automation", "Logistics"};
constexpr std::array cities{"上海", "北京", "深圳", "杭州", "Hamburg", "München", "Lyon", "Rotterdam"};

RecordId id_of(const char* kind, int n)
{
    return id_from_name<RecordId>("findings", fmt::format("{} {}", kind, n));
}

/// A territory's records in the mix of a replica: 20 % accounts, 10 % contacts, 40 % visits and work, 15 % quotes and orders, 5 % expenses, 10 % stock.
class Book {
public:
    Record any(int n)
    {
        switch (n % 20) {
        case 0: case 1: case 2: case 3: return account(n);
        case 4: case 5: return make(n, "contact", {{"name", name()}, {"account", account_id()}, {"mobile", fmt::format("138{:08}", number(100'000'000))}});
        case 6: case 7: case 8: case 9: case 10: case 11: return visit(n);
        case 12: case 13: return make(n, "work_order", {{"subject", name()}, {"assignee", person()}, {"appointment_start", time()}, {"status", std::string{"accepted"}}});
        case 14: case 15: return sale(n, "quote", number(4) == 0 ? "accepted" : "sent");
        case 16: return sale(n, "order", number(4) == 0 ? "open" : "delivered");
        case 17: return report(n);
        default: return make(n, "stock_movement", {{"van", person()}, {"product", product()}, {"quantity", std::int64_t{1'000} * (number(9) - 3)}, {"reason", std::string{"used"}}});
        }
    }

private:
    std::int64_t number(int below) { return static_cast<std::int64_t>(random_() % static_cast<unsigned>(below)); }
    template <class List>
    std::string pick(const List& list) { return list[random_() % std::size(list)]; }
    std::string name() { return fmt::format("{}{} {} {}", pick(brands), pick(trades), pick(cities), number(5'000)); }
    RecordId account_id() { return id_of("account", static_cast<int>(number(records_held / 20)) * 20 + static_cast<int>(number(4))); }
    RecordId person() { return id_of("person", static_cast<int>(number(50))); }
    RecordId product() { return id_of("product", static_cast<int>(number(500))); }
    Time time() { return Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} + std::chrono::minutes{15 * number(35'000)}; }

    static Record make(int n, const char* kind, Fields fields) { return {id_of(kind, n), kind, std::move(fields), {}, {}, {}}; }
    Child child(Fields fields) { return {id_from_name<ChildId>("findings", fmt::format("child {}", ++children_)), std::move(fields), false}; }

    Record account(int n)
    {
        return make(n, "account", {{"name", name()}, {"city", pick(cities)}, {"phone", fmt::format("+86 21 {:08}", number(100'000'000))},
                                   {"tax_number", fmt::format("{:018}", number(1'000'000'000))}, {"credit_limit", Money{50'000'000, "CNY"}}});
    }
    Record visit(int n)
    {
        return make(n, "visit", {{"subject", name()}, {"owner", person()}, {"account", account_id()}, {"planned_at", time()}, {"status", std::string{number(3) == 0 ? "planned" : "done"}}});
    }
    Record sale(int n, const char* kind, const char* status)
    {
        auto made = make(n, kind, {{"account", account_id()}, {"owner", person()}, {"status", std::string{status}}, {"quoted_on", std::string{"2026-05-20"}}});
        if (made.kind == "order") made.fields.erase("quoted_on");
        for (int i = 0; i < 5; ++i)
            made.collections["lines"].push_back(child({{"product", product()}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{1'000 + number(90'000), "CNY"}}}));
        return made;
    }
    Record report(int n)
    {
        auto made = make(n, "expense_report", {{"title", name()}, {"owner", person()}});
        for (int i = 0; i < 6; ++i)
            made.collections["items"].push_back(child({{"amount", Money{number(200'000), "CNY"}}, {"receipt", fmt::format("{:010}", number(1'000'000'000))}}));
        return made;
    }

    std::mt19937_64 random_{20261126};
    int children_ = 0;
};

Row at(const char* part, double place, std::vector<double> samples, const char* target)
{
    std::sort(samples.begin(), samples.end());
    return {fmt::format("findings after one change among {} records, {}", records_held, part), "ms",
            {samples.at(static_cast<std::size_t>(place * static_cast<double>(samples.size() - 1)))}, target};
}

merge::Merged merged_of(schema::Record record)
{
    merge::Merged merged;
    merged.record = std::move(record);
    return merged;
}

} // namespace

std::vector<Row> findings_load(const Settings& settings)
{
    using Clock = std::chrono::steady_clock;
    const auto since = [](Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); };
    std::filesystem::remove_all(settings.folder);
    std::filesystem::create_directories(settings.folder);
    auto db = storage::Database::open({settings.folder / "findings.db"}).value();
    storage::ReadModel model{db};
    findings::Index index{db};
    Book book;
    const auto begin = Clock::now();
    {
        storage::Transaction transaction{db};
        (void)model.prepare();
        (void)index.prepare();
        for (int n = 0; n < records_held; ++n) index.put_later(merged_of(book.any(n)));
        index.settle();
        transaction.commit();
    }
    Row anew{fmt::format("findings of {} records made anew", records_held), "ms", {since(begin)}, ""};
    std::vector<double> one, whole;
    for (int i = 0; i < changes_measured; ++i) {
        const auto changed = merged_of(book.any(i * 47 % records_held));
        const auto start = Clock::now();
        storage::Transaction transaction{db};
        index.put(changed);
        one.push_back(since(start));
        transaction.commit();
        whole.push_back(since(start));
    }
    Row found{"findings there", "", {static_cast<double>(index.count())}, ""};
    return {anew, found, at("p50", 0.5, one, "5"), at("p95", 0.95, one, "5"), at("max", 1, one, "5"), at("p95 with the commit", 0.95, whole, "")};
}

} // namespace roadbook::benchmark
