#include "tests/benchmark/search_load.hpp"

#include "shared/base/utf8.hpp"
#include "shared/storage/read_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

namespace roadbook::benchmark {
namespace {

using schema::Record;

constexpr int records_of_kind = 50'000;
constexpr int words_of_way = 100; ///< searched for, letter by letter, in each way of typing
constexpr std::array cities{"上海", "北京", "深圳", "Hamburg", "München", "Lyon", "Rotterdam", "杭州", "成都", "Wien"};
constexpr std::array brands{"华泰", "东方", "恒力", "金龙", "Müller", "Køhler", "Alfreds", "Société Générale", "Nørgaard", "长江", "新光", "Ålesund", "Peek", "四海"};
constexpr std::array trades{"机电设备", "液压技术", "Hydraulik", "仪表", "Pumpen", "阀门制造", "Automation", "轴承", "Logistics", "精密机械"};
constexpr std::array forms{"有限公司", "集团", "GmbH", "SARL", "Ltd", "厂"};
constexpr std::array things{"阀门", "Kugelventil", "轴承", "Bearing", "水泵", "Pump", "密封圈", "Dichtung", "传感器", "Sensor", "Câble", "电缆"};
constexpr std::array qualities{"不锈钢", "Edelstahl", "high pressure", "高压", "compact", "防爆", "Größe L", "standard"};

/// One way to type, and what is typed in that way: words that are in the records.
struct Way {
    const char* name;
    std::vector<std::string> words;
};

class Books {
public:
    explicit Books(storage::ReadModel& model) : model_{model} {}

    void fill(storage::Database& db)
    {
        storage::Transaction transaction{db};
        (void)model_.prepare();
        for (int i = 0; i < records_of_kind; ++i) {
            model_.put(account(i));
            model_.put(product(i));
        }
        transaction.commit();
    }

    [[nodiscard]] std::vector<Way> ways()
    {
        std::vector<Way> made{{"two to four Chinese characters", {}}, {"pinyin initials", {}},   {"Latin, from the first letter on", {}},
                              {"Latin without its diacritics", {}},   {"codes", {}},             {"telephone numbers without punctuation", {}},
                              {"full width letters", {}},             {"two words, Chinese and Latin", {}}};
        const std::array initials{"htjd", "dfyy", "hlfm", "jlzc", "cjjx", "xgjm", "shyb"};
        const std::array bare{"muller", "kohler", "norgaard", "societe generale", "alesund", "cable", "grosse", "munchen"};
        for (int i = 0; i < words_of_way; ++i) {
            made[0].words.push_back(std::string{pick(std::array{"华泰", "东方", "恒力", "长江", "四海"})} + (i % 2 == 0 ? "机电" : ""));
            made[1].words.push_back(pick(initials));
            made[2].words.push_back(pick(std::array{"alfreds", "hydraulik", "kugelventil", "bearing", "automation", "standard", "rotterdam"}));
            made[3].words.push_back(pick(bare));
            made[4].words.push_back(fmt::format("{}-{:05}", i % 2 == 0 ? "k" : "p", number(records_of_kind)));
            made[5].words.push_back(phone_digits(number(records_of_kind)));
            made[6].words.push_back(i % 2 == 0 ? "Ａｌｆｒｅｄｓ" : "Ｋ－００１２");
            made[7].words.push_back(std::string{pick(cities)} + " " + pick(trades));
        }
        return made;
    }

private:
    template <class List>
    const char* pick(const List& list)
    {
        return list[random_() % std::size(list)];
    }
    int number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    static std::string phone_digits(int i) { return fmt::format("021{:08}", 10'000'000 + i * 7); }

    Record account(int i)
    {
        Record record{id_from_name<RecordId>("search", fmt::format("account {}", i)), "account", {}, {}, {}, {}};
        const auto phone = phone_digits(i);
        record.fields = {{"name", fmt::format("{}{}{} {}", pick(brands), i % 3 == 0 ? "" : " ", pick(trades), pick(forms))},
                         {"code", fmt::format("K-{:05}", i)},
                         {"street", fmt::format("{} {}", pick(trades), number(400))},
                         {"city", std::string{pick(cities)}},
                         {"phone", fmt::format("({}) {}-{}", phone.substr(0, 3), phone.substr(3, 4), phone.substr(7))},
                         {"email", fmt::format("info{}@example{}.com", i, number(999))}};
        return record;
    }

    Record product(int i)
    {
        Record record{id_from_name<RecordId>("search", fmt::format("product {}", i)), "product", {}, {}, {}, {}};
        record.fields = {{"name", fmt::format("{} {} DN{}", pick(things), pick(qualities), number(500))},
                         {"code", fmt::format("P-{:05}", i)},
                         {"category", std::string{pick(trades)}},
                         {"barcode", fmt::format("{:013}", 6'900'000'000'000 + i)}};
        return record;
    }

    storage::ReadModel& model_;
    std::mt19937 random_{20261122};
};

/// "华", "华泰", "华泰机", ...
std::vector<std::string> keystrokes(std::string_view word)
{
    std::vector<std::string> typed;
    for (auto rest = word; !rest.empty();) {
        (void)take_utf8(rest);
        typed.emplace_back(word.substr(0, word.size() - rest.size()));
    }
    return typed;
}

double at(const std::vector<double>& sorted, double part)
{
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

} // namespace

std::vector<Row> search_load(const Settings& settings)
{
    std::filesystem::create_directories(settings.folder);
    auto db = storage::Database::open({.path = settings.folder / "search.db"}).value();
    storage::ReadModel model{db};
    Books books{model};
    books.fill(db);
    std::vector<Row> rows;
    std::vector<double> all;
    for (const auto& way : books.ways()) {
        Row half{fmt::format("search, a key of {}: p50", way.name), "ms", {}, ""};
        Row most{fmt::format("search, a key of {}: p95", way.name), "ms", {}, "50"};
        for (int round = 0; round < settings.rounds; ++round) {
            std::vector<double> times;
            std::size_t found = 0;
            for (const auto& word : way.words)
                for (const auto& typed : keystrokes(word)) {
                    const auto start = std::chrono::steady_clock::now();
                    found += model.search(typed).size();
                    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
                }
            if (found == 0) throw std::runtime_error{fmt::format("nothing is found by {}", way.name)};
            all.insert(all.end(), times.begin(), times.end());
            std::sort(times.begin(), times.end());
            half.samples.push_back(at(times, 0.5));
            most.samples.push_back(at(times, 0.95));
        }
        rows.push_back(std::move(half));
        rows.push_back(std::move(most));
    }
    std::sort(all.begin(), all.end());
    rows.push_back({"search, all keys: p95", "ms", {at(all, 0.95)}, "50"});
    rows.push_back({"search, all keys: the slowest", "ms", {all.back()}, ""});
    return rows;
}

} // namespace roadbook::benchmark
