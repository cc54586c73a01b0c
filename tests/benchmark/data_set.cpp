#include "tests/benchmark/data_set.hpp"

#include <fmt/format.h>

#include <random>

namespace roadbook::benchmark {
namespace {

using schema::Fields;

constexpr std::array family_names{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"};
constexpr std::array cities{"上海", "北京", "深圳", "Hamburg", "München", "Lyon", "Rotterdam", "杭州", "成都", "Wien"};
constexpr std::array trades{"机电", "Hydraulik", "仪表", "Pumps", "阀门", "Automation", "轴承", "Logistics"};
constexpr std::array outcomes{"order expected next month", "客户要求重新报价", "needs a sample", "已签合同", "no decision before the fair", "技术问题待答复"};
constexpr std::array words{"delivery", "价格", "quality", "交货期", "pump", "阀门", "sample", "样品", "budget", "预算", "engineer", "工程师", "spring", "合同", "discount", "维修"};

class Maker {
public:
    explicit Maker(const std::filesystem::path& folder) : folder_{folder}, random_{20260302} {}

    DataSet make(int records)
    {
        const int unit = records / 8;
        open();
        set_up();
        for (int i = 0; i < unit * 2; ++i) add_account(i);
        flush();
        for (int i = 0; i < unit * 4; ++i) add_visit(i);
        for (int i = 0; i < unit; ++i) add_quote(i);
        for (int i = 0; i < unit; ++i) add_report(i);
        flush();
        const auto edits = records * 3 / 2; // 8,000 made and 12,000 edited: 20,000 changes
        for (int i = 0; i < edits; ++i) edit();
        flush();
        data_.records = static_cast<std::int64_t>(made_.size());
        data_.changes = data_.records + edits;
        return data_;
    }

private:
    /// A new run of the server's own actor: the history has several authors, as a real one.
    void open()
    {
        hub_.reset();
        hub_ = server::Hub::open({folder_, &system_clock(), &system_random(), {}, 2}).value();
    }

    void flush()
    {
        constexpr std::size_t chunk = 1'000;
        for (std::size_t first = 0; first < intents_.size(); first += chunk) {
            open();
            const auto part = std::span{intents_}.subspan(first, std::min(chunk, intents_.size() - first));
            for (const auto& result : hub_->apply(part, data_.admin)) result.value();
        }
        intents_.clear();
    }

    template <class List>
    auto pick(const List& list)
    {
        return list[random_() % std::size(list)];
    }
    std::int64_t number(std::int64_t below) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(below)); }

    std::string sentence(int count)
    {
        std::string text;
        for (int i = 0; i < count; ++i) text += (i > 0 ? " " : "") + std::string{pick(words)};
        return text;
    }

    RecordId add(std::string_view kind, Fields fields, std::vector<merge::Intent::Step> children = {})
    {
        merge::Intent intent;
        intent.record = new_id<RecordId>(system_clock().now(), system_random());
        intent.kind = kind;
        intent.create = true;
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        for (auto& child : children) intent.steps.push_back(std::move(child));
        intents_.push_back(intent);
        return intent.record;
    }

    void set_up()
    {
        data_.admin = add("person", {{"name", std::string{"Ada Admin"}}, {"role", std::string{"admin"}}});
        data_.rep = add("person", {{"name", std::string{"王 Rita Rep"}}, {"role", std::string{"rep"}}, {"reports_to", data_.admin}});
        territory_ = add("territory", {{"name", std::string{"East 华东"}}, {"holder", data_.rep}});
        for (int i = 0; i < 50; ++i)
            products_.push_back(add("product", {{"code", fmt::format("P{:04}", i)}, {"name", fmt::format("{} {}", pick(trades), i)}, {"price", Money{1000 + number(90'000), "CNY"}}}));
        flush();
    }

    void add_account(int i)
    {
        const auto id = add("account", {{"name", fmt::format("{}{} {} {}", pick(family_names), pick(trades), pick(cities), i)},
                                        {"code", fmt::format("C{:05}", i)},
                                        {"territory", territory_},
                                        {"street", fmt::format("{} {}", pick(words), number(400))},
                                        {"city", std::string{pick(cities)}},
                                        {"postal_code", fmt::format("{:06}", number(1'000'000))},
                                        {"country", std::string{number(2) == 0 ? "China" : "Germany"}},
                                        {"phone", fmt::format("+86 21 {:08}", number(100'000'000))},
                                        {"tax_number", fmt::format("{:018}", number(1'000'000'000'000'000))},
                                        {"tier", std::string{pick(std::array{"a", "b", "c"})}},
                                        {"industry", std::string{pick(trades)}},
                                        {"notes", sentence(12)}});
        data_.accounts.push_back(id);
        made_.emplace_back(id, "account");
    }

    void add_visit(int i)
    {
        const auto at = Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} + std::chrono::minutes{number(500'000)};
        made_.emplace_back(add("visit", {{"subject", fmt::format("Visit {} {}", i, pick(words))},
                                         {"account", pick(data_.accounts)},
                                         {"owner", data_.rep},
                                         {"planned_at", at},
                                         {"checked_in_at", at + std::chrono::minutes{number(30)}},
                                         {"checked_out_at", at + std::chrono::minutes{40 + number(60)}},
                                         {"status", std::string{"done"}},
                                         {"outcome", std::string{pick(outcomes)}},
                                         {"next_step", sentence(4)},
                                         {"notes", sentence(15)}}),
                           "visit");
    }

    merge::Intent::Step child(std::string_view collection, std::string& position, Fields fields)
    {
        position = merge::position_after(position);
        fields["position"] = position;
        return {std::string{collection}, new_id<ChildId>(system_clock().now(), system_random()), true, std::move(fields)};
    }

    void add_quote(int i)
    {
        std::vector<merge::Intent::Step> lines;
        std::string position;
        for (int line = 0; line < 5; ++line)
            lines.push_back(child("lines", position, {{"product", pick(products_)}, {"quantity", (1 + number(40)) * 1000}, {"unit_price", Money{1000 + number(90'000), "CNY"}}, {"discount", number(4) * 250}}));
        made_.emplace_back(add("quote", {{"number", fmt::format("Q-2026-{:05}", i)}, {"account", pick(data_.accounts)}, {"owner", data_.rep},
                                         {"status", std::string{"sent"}}, {"valid_until", std::string{"2026-12-31"}}, {"notes", sentence(8)}},
                               std::move(lines)),
                           "quote");
    }

    void add_report(int i)
    {
        std::vector<merge::Intent::Step> items;
        std::string position;
        for (int item = 0; item < 6; ++item)
            items.push_back(child("items", position, {{"spent_on", fmt::format("2026-03-{:02}", 1 + number(28))}, {"category", std::string{pick(std::array{"taxi", "hotel", "meal"})}},
                                                      {"description", sentence(3)}, {"amount", Money{100 + number(200'000), "CNY"}}, {"place", std::string{pick(cities)}}}));
        made_.emplace_back(add("expense_report", {{"title", fmt::format("Trip {} {}", i, pick(cities))}, {"owner", data_.rep}, {"status", std::string{"submitted"}},
                                                  {"period_start", std::string{"2026-03-01"}}, {"period_end", std::string{"2026-03-31"}}, {"notes", sentence(6)}},
                               std::move(items)),
                           "expense_report");
    }

    void edit()
    {
        const auto& [id, kind] = pick(made_);
        merge::Intent intent;
        intent.record = id;
        intent.kind = kind;
        Fields fields;
        if (kind == "account") fields["phone"] = fmt::format("+86 10 {:08}", number(100'000'000));
        else if (kind == "visit") fields["outcome"] = fmt::format("{} {}", pick(outcomes), number(1'000'000));
        else if (kind == "quote") fields["valid_until"] = fmt::format("2027-{:02}-{:02}", 1 + number(12), 1 + number(28));
        else fields["title"] = fmt::format("Trip {} {}", number(100'000), pick(cities));
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        intents_.push_back(std::move(intent));
    }

    std::filesystem::path folder_;
    std::mt19937_64 random_;
    std::unique_ptr<server::Hub> hub_;
    DataSet data_;
    RecordId territory_;
    std::vector<RecordId> products_;
    std::vector<std::pair<RecordId, std::string>> made_;
    std::vector<merge::Intent> intents_;
};

} // namespace

DataSet make_server(const std::filesystem::path& folder, int records)
{
    return Maker{folder}.make(records);
}

} // namespace roadbook::benchmark
