#include "shared/storage/read_model.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <random>

using namespace roadbook;
using namespace roadbook::storage;
using namespace std::string_literals;
using roadbook::schema::Child;
using roadbook::schema::Record;
using roadbook::testing::TempFolder;

namespace {

RecordId an_id(std::string_view name)
{
    return id_from_name<RecordId>("test", name);
}

Record an_account(std::string_view name, std::string_view code = {})
{
    Record record;
    record.id = an_id(std::string{name} + "|" + std::string{code});
    record.kind = "account";
    record.fields = {{"name", std::string{name}}, {"territory", an_id("territory")}};
    if (!code.empty()) record.fields["code"] = std::string{code};
    return record;
}

Child a_line(std::string_view name, std::int64_t quantity, std::string_view position)
{
    return {id_from_name<ChildId>("test", name),
            {{"position", std::string{position}}, {"quantity", quantity}, {"unit_price", Money{10'000, "EUR"}}},
            false};
}

/// A read model over a file of its own, made empty.
struct World {
    TempFolder folder;
    Database db = Database::open({.path = folder / "replica.db"}).value();
    ReadModel model{db};

    World()
    {
        Transaction transaction{db};
        REQUIRE(model.prepare());
        transaction.commit();
    }
    void put(const Record& record)
    {
        Transaction transaction{db};
        model.put(record);
        transaction.commit();
    }
    void remove(const Record& record)
    {
        Transaction transaction{db};
        model.remove(record.id, record.kind);
        transaction.commit();
    }
    std::vector<std::string> titles(std::string_view typed, std::string_view kind = {})
    {
        std::vector<std::string> found;
        for (const auto& hit : model.search(typed, kind)) found.push_back(hit.title);
        return found;
    }
    bool finds(std::string_view typed, std::string_view title)
    {
        const auto found = titles(typed);
        return std::find(found.begin(), found.end(), title) != found.end();
    }
    /// All bytes that the replica has on the disk.
    std::string bytes()
    {
        REQUIRE(db.empty_wal());
        std::string all;
        for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
            std::ifstream in{file.path(), std::ios::binary};
            all.append(std::istreambuf_iterator<char>{in}, {});
        }
        return all;
    }
};

} // namespace

TEST_CASE("a record comes back as it was put", "[read_model]")
{
    World world;
    auto account = an_account("Alfreds Futterkiste", "ALFKI");
    account.fields["credit_limit"] = Money{-5, "KWD"};
    account.fields["notes"] = "two\nlines 两行"s;
    account.fields["tier"] = "a"s;
    account.unknown = {{"loyalty", "gold"}, {"empty", ""}};
    world.put(account);
    CHECK(world.model.get(account.id, "account") == account);
    CHECK_FALSE(world.model.get(account.id, "quote"));
    CHECK_FALSE(world.model.get(account.id, "hologram"));
    CHECK_FALSE(world.model.get(an_id("nobody"), "account"));

    Record quote;
    quote.id = an_id("quote");
    quote.kind = "quote";
    quote.fields = {{"number", "Q-1"s}, {"account", account.id}, {"discount", std::int64_t{500}}};
    quote.collections["lines"] = {a_line("one", 12'000, "a"), a_line("two", 8'000, "b"), a_line("three", 1'000, "b1")};
    quote.collections["lines"][1].removed = true;
    world.put(quote);
    CHECK(world.model.get(quote.id, "quote") == quote);
    std::swap(quote.collections["lines"][0].fields["position"], quote.collections["lines"][2].fields["position"]);
    std::swap(quote.collections["lines"][0], quote.collections["lines"][2]);
    quote.collections["lines"].pop_back();
    world.put(quote);
    CHECK(world.model.get(quote.id, "quote") == quote);

    Record visit;
    visit.id = an_id("visit");
    visit.kind = "visit";
    visit.fields = {{"subject", "Spring offer"s}, {"planned_at", Time{Duration{1'700'000'000'123}}}};
    visit.deleted_at = Time{Duration{5}};
    world.put(visit);
    CHECK(world.model.get(visit.id, "visit") == visit);
}

TEST_CASE("a record of every type comes back with every field and entry, is listed and is found by its title", "[read_model]")
{
    World world;
    const auto filled = [](const std::vector<schema::Field>& fields) {
        schema::Fields values;
        for (const auto& field : fields) {
            using schema::Type;
            switch (field.type) {
            case Type::text: values[field.name] = field.length_max < 16 ? "CNY"s : "阀门 Zephyr"s; break;
            case Type::note: values[field.name] = "two\nlines 两行"s; break;
            case Type::integer:
            case Type::decimal:
            case Type::percent: values[field.name] = field.greatest; break;
            case Type::money: values[field.name] = Money{field.greatest, "KWD"}; break;
            case Type::date: values[field.name] = "2026-11-22"s; break;
            case Type::time: values[field.name] = Time{Duration{1'700'000'000'123}}; break;
            case Type::boolean: values[field.name] = true; break;
            case Type::choice: values[field.name] = std::string{field.choices.back().value}; break;
            case Type::reference: values[field.name] = an_id(field.target); break;
            }
        }
        return values;
    };
    for (const auto& kind : schema::kinds()) {
        CAPTURE(kind.name);
        Record record;
        record.id = an_id("one " + kind.name);
        record.kind = kind.name;
        record.fields = filled(kind.fields);
        for (const auto& collection : kind.collections) {
            Child child{id_from_name<roadbook::ChildId>("test", collection.name), filled(collection.fields), false};
            child.fields["position"] = "a"s;
            record.collections[collection.name] = {child};
        }
        world.put(record);
        CHECK(world.model.get(record.id, kind.name) == record);
        const auto title = schema::text_of(record, kind.title);
        CHECK(world.titles(title == "CNY" ? "cny" : "阀门", kind.name) == std::vector{title});
        if (title != "CNY") CHECK(world.titles("zeph", kind.name) == std::vector{title});
        world.remove(record);
        CHECK_FALSE(world.model.get(record.id, kind.name));
        CHECK(world.titles("zeph", kind.name).empty());
    }
}

TEST_CASE("values that their field cannot hold are left out, the rest stays", "[read_model]")
{
    World world;
    auto account = an_account("Alfreds");
    account.fields["credit_limit"] = "a lot"s;
    account.fields["from_next_year"] = std::int64_t{1};
    world.put(account);
    account.fields.erase("credit_limit");
    account.fields.erase("from_next_year");
    CHECK(world.model.get(account.id, "account") == account);
    Record strange;
    strange.id = an_id("strange");
    strange.kind = "hologram";
    world.put(strange); // of a newer version: there is no table for it
    CHECK(world.titles("strange").empty());
}

TEST_CASE("lists filter, sort and page, and say what does not exist", "[read_model]")
{
    World world;
    for (const auto* name : {"beta", "Álpha", "gamma", "Alpine"}) {
        auto account = an_account(name);
        account.fields["city"] = std::string{name[0] == 'b' ? "Berlin" : "Aachen"};
        account.fields["credit_limit"] = Money{name[0] == 'g' ? 100 : 200, "EUR"};
        world.put(account);
    }
    auto gone = an_account("aardvark");
    gone.deleted_at = Time{Duration{1}};
    world.put(gone);
    const auto names = [&](const Query& query) {
        std::vector<std::string> found;
        for (const auto& record : world.model.list(query).value()) found.push_back(text_of(record, "name"));
        return found;
    };
    Query query;
    query.kind = "account";
    CHECK(names(query) == std::vector<std::string>{"Álpha", "Alpine", "beta", "gamma"});
    query.descending = true;
    query.limit = 2;
    query.offset = 1;
    CHECK(names(query) == std::vector<std::string>{"beta", "Alpine"});
    query = {.kind = "account", .filters = {{"city", "aachen"s}, {"credit_limit", Money{200, "EUR"}}}, .order = "name", .descending = false, .limit = 10, .offset = 0};
    CHECK(names(query) == std::vector<std::string>{"Álpha", "Alpine"});
    query.filters = {{"id", an_id("beta|")}};
    CHECK(names(query) == std::vector<std::string>{"beta"});
    query.filters = {{"tier", schema::Value{}}};
    CHECK(names(query).size() == 4);
    query.filters = {{"territory", an_id("elsewhere")}};
    CHECK(names(query).empty());
    CHECK(world.model.count("account") == 4);
    CHECK(world.model.count("hologram") == 0);

    const auto error = [&](Query wrong) { return world.model.list(wrong).error(); };
    CHECK(error({.kind = "acount", .filters = {}, .order = {}}).code == Errc::bad_argument);
    CHECK_THAT(error({.kind = "acount", .filters = {}, .order = {}}).message, Catch::Contains("did you mean 'account'?"));
    CHECK_THAT(error({.kind = "account", .filters = {{"cty", "x"s}}, .order = {}}).message, Catch::Contains("did you mean 'city'?"));
    CHECK_THAT(error({.kind = "account", .filters = {}, .order = "zebra"}).message, Catch::Contains("there is: id, name"));
    CHECK(error({.kind = "account", .filters = {{"city", std::int64_t{1}}}, .order = {}}).field == "city");
    CHECK(error({.kind = "account", .filters = {{"name\" OR 1=1 --", "x"s}}, .order = {}}).code == Errc::bad_argument);
}

TEST_CASE("a box that nobody ticked is not ticked", "[read_model]")
{
    World world;
    for (int i = 0; i < 3; ++i) {
        Record task;
        task.id = an_id("task" + std::to_string(i));
        task.kind = "task";
        task.fields = {{"subject", "Task " + std::to_string(i)}};
        if (i > 0) task.fields["done"] = i == 1;
        world.put(task);
    }
    Query query;
    query.kind = "task";
    query.filters = {{"done", false}};
    CHECK(world.model.list(query).value().size() == 2);
    query.filters = {{"done", true}};
    CHECK(world.model.list(query).value().size() == 1);
}

TEST_CASE("search finds what people type, however it was written", "[read_model]")
{
    World world;
    auto alfreds = an_account("Alfreds Fütterkiste", "AB-1234-X");
    alfreds.fields["phone"] = "030-0074321"s;
    world.put(alfreds);
    auto hualian = an_account("北京华联超市", "京-77");
    hualian.fields["phone"] = "+86 (138) 0013 8000"s;
    world.put(hualian);
    world.put(an_account("重庆银行"));
    world.put(an_account("ﾀｶﾊｼ商店"));
    world.put(an_account("Ｗｉｄｅ Ｃｏ"));
    world.put(an_account("Ærø Smørrebrød"));
    world.put(an_account("Łódź Đurić"));
    world.put(an_account("Quote Q2026-0001"));

    const auto alfreds_name = "Alfreds Fütterkiste";
    for (const auto* typed : {"a", "alf", "ALFREDS", "futter", "Fütter", "fu\xcc\x88tter", "alfreds fut", "fut alf", "ab-1234-x", "ab1234x",
                              "1234x", "AB 1234", "030-0074321", "0300074321", "03000", "0074321", "(030) 0074"}) {
        CAPTURE(typed);
        CHECK(world.finds(typed, alfreds_name));
    }
    for (const auto* typed : {"北京", "京华", "华联", "联超", "超市", "华", "市", "北京华联", "华联 北京", "bj", "bjhl", "hlcs", "BJHLCS", "cs",
                              "8613800138000", "13800138000", "138 0013", "77", "京77"}) {
        CAPTURE(typed);
        CHECK(world.finds(typed, "北京华联超市"));
    }
    for (const auto* typed : {"cqyh", "yh", "重庆"}) CHECK(world.finds(typed, "重庆银行"));
    for (const auto* typed : {"タカハシ", "ﾊｼ", "商店", "sd"}) CHECK(world.finds(typed, "ﾀｶﾊｼ商店"));
    for (const auto* typed : {"wide", "ｗｉ", "WIDE CO"}) CHECK(world.finds(typed, "Ｗｉｄｅ Ｃｏ"));
    for (const auto* typed : {"aero", "smorre"}) CHECK(world.finds(typed, "Ærø Smørrebrød"));
    for (const auto* typed : {"lodz", "duric"}) CHECK(world.finds(typed, "Łódź Đurić"));
    for (const auto* typed : {"q2026", "0001", "2026", "q20260001"}) CHECK(world.finds(typed, "Quote Q2026-0001"));
    for (const auto* typed : {"lfreds", "北华", "京联", "alfreds beta", "bh", "0074322", "zzz"}) {
        CAPTURE(typed);
        CHECK_FALSE(world.finds(typed, alfreds_name));
        CHECK_FALSE(world.finds(typed, "北京华联超市"));
    }
}

TEST_CASE("nothing that is typed breaks the search", "[read_model]")
{
    World world;
    world.put(an_account("Alfreds"));
    for (const auto& typed : {""s, " "s, "\""s, "*"s, "a* OR b"s, "\"a"s, "(alf"s, "alf)"s, "title:alf"s, "NEAR(a b)"s, "^a"s, "alf' --"s,
                              "\xff\xfe"s, "alf\xe4"s, "a\0b"s, std::string(100'000, 'a'), std::string(5'000, '*') + "alf", "，。！"s, "alf AND"s,
                              "NOT alf"s}) {
        CAPTURE(typed.substr(0, 20));
        CHECK_NOTHROW((void)world.model.search(typed));
    }
    CHECK(world.finds("\"alf\"*", "Alfreds"));
    CHECK(world.model.search("alf", "hologram").empty());
    CHECK(world.model.search("alf", "account", 0).empty());
    CHECK(world.model.search("alf", "account", -5).empty());
    CHECK(world.model.search("alf", "contact").empty());
}

TEST_CASE("titles that begin so come first, then title words, then the rest", "[read_model]")
{
    World world;
    auto street = an_account("Zeta Foods", "Z1");
    street.fields["city"] = "Bergen"s;
    world.put(street);
    world.put(an_account("Hotel Berg"));
    world.put(an_account("Bergstein"));
    world.put(an_account("Berg AG"));
    world.put(an_account("Unrelated"));
    CHECK(world.titles("berg") == std::vector<std::string>{"Berg AG", "Bergstein", "Hotel Berg", "Zeta Foods"});
    CHECK(world.model.search("berg", "account", 2).size() == 2);
    const auto hits = world.model.search("bergen");
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].kind == "account");
    CHECK(hits[0].detail == "Bergen");
    CHECK(world.model.search("zeta")[0].detail == "Z1 · Bergen");
}

TEST_CASE("search follows every change, and forgets what is deleted", "[read_model]")
{
    World world;
    auto account = an_account("Alfreds", "A1");
    world.put(account);
    account.fields["name"] = "Bertha 贝塔"s;
    world.put(account);
    CHECK(world.titles("alfreds").empty());
    CHECK(world.titles("bertha").size() == 1);
    CHECK(world.titles("贝塔").size() == 1);
    account.fields["tier"] = "b"s; // not searched
    world.put(account);
    CHECK(world.titles("bt").size() == 1);
    account.deleted_at = Time{Duration{1}};
    world.put(account);
    CHECK(world.titles("bertha").empty());
    CHECK(world.model.list({.kind = "account", .filters = {}, .order = {}}).value().empty());
    CHECK(world.model.get(account.id, "account") == account);
    account.deleted_at.reset();
    world.put(account);
    CHECK(world.titles("a1").size() == 1);
    world.remove(account);
    CHECK(world.titles("a1").empty());
    CHECK_FALSE(world.model.get(account.id, "account"));
    world.remove(account); // again: nothing to do
}

TEST_CASE("after many random changes the index holds exactly what a fresh one would", "[read_model]")
{
    std::mt19937 random{41877};
    const auto pick = [&](int count) { return std::uniform_int_distribution{0, count - 1}(random); };
    const std::vector<std::string> words{"alpha", "beta", "Gamma", "华联", "北京", "X-200-B", "030-007", "银行", "Ärger", "delta9"};
    World changed;
    std::map<RecordId, Record> now;
    for (int step = 0; step < 1'500; ++step) {
        auto account = an_account("n" + std::to_string(pick(60)));
        account.fields["name"] = words[static_cast<std::size_t>(pick(10))] + " " + words[static_cast<std::size_t>(pick(10))];
        account.fields["street"] = words[static_cast<std::size_t>(pick(10))];
        if (pick(5) == 0) account.deleted_at = Time{Duration{1}};
        if (pick(6) == 0) {
            changed.remove(account);
            now.erase(account.id);
        } else {
            changed.put(account);
            now[account.id] = account;
        }
    }
    World fresh;
    for (const auto& [id, account] : now) fresh.put(account);
    for (const auto& typed : {"a", "alpha", "b", "gamma", "华联", "京", "x200", "200b", "0300", "yh", "hl", "argo", "arger", "9", "delta"}) {
        CAPTURE(typed);
        auto one = changed.titles(typed);
        auto other = fresh.titles(typed);
        CHECK(one == other);
    }
    CHECK_NOTHROW(changed.db.execute("INSERT INTO read__search (read__search) VALUES ('integrity-check')"));
}

TEST_CASE("a removed record leaves not one byte in the file", "[read_model]")
{
    World world;
    std::mt19937 random{7};
    const auto pick = [&](int count) { return std::uniform_int_distribution{0, count - 1}(random); };
    const auto filler = [&](int i) {
        std::string name;
        for (int letter = 0; letter < 10; ++letter) name.push_back(static_cast<char>('a' + pick(16))); // a to p
        auto account = an_account(name + " handel", "F" + std::to_string(i));
        account.fields["notes"] = "ordinary note " + name;
        return account;
    };
    std::vector<Record> secret;
    for (int i = 0; i < 120; ++i) {
        auto account = an_account("qzx" + std::string(1, static_cast<char>('a' + i % 26)) + "wv 龘靐" + std::to_string(i), "QZXW-" + std::to_string(i));
        account.fields["phone"] = "030-99887766" + std::to_string(i);
        account.fields["notes"] = "QZXWNOTE 龘靐齉 long note of account " + std::to_string(i) + std::string(300, 'q');
        account.fields["street"] = "QZXW street 龘靐"s;
        secret.push_back(account);
    }
    const auto canaries = {"qzx"s, "QZX"s, "龘"s, "靐"s, "99887766"s, "qqqqqqqq"s, "齉"s};
    for (int round = 0; round < 6; ++round) { // mixed among others, over several transactions, some changed in between
        Transaction transaction{world.db};
        for (int i = 0; i < 300; ++i) world.model.put(filler(round * 300 + i));
        for (int i = round * 20; i < round * 20 + 20; ++i) world.model.put(secret[static_cast<std::size_t>(i)]);
        transaction.commit();
    }
    for (int i = 0; i < 120; i += 3) {
        auto account = secret[static_cast<std::size_t>(i)];
        account.fields["name"] = "qzxchanged 龘 " + std::to_string(i);
        world.put(account);
    }
    const auto before = world.bytes();
    for (const auto& canary : canaries) REQUIRE(before.find(canary) != std::string::npos);
    {
        Transaction transaction{world.db};
        for (const auto& account : secret) world.model.remove(account.id, "account");
        transaction.commit();
    }
    REQUIRE(world.model.scrub());
    const auto after = world.bytes();
    for (const auto& canary : canaries) {
        CAPTURE(canary);
        CHECK(after.find(canary) == std::string::npos);
    }
    for (const auto& account : secret) CHECK(after.find(as_text(account.id.view())) == std::string::npos);
    CHECK(world.titles("handel").size() == 50);
    CHECK(world.model.count("account") == 1'800);
}

TEST_CASE("tables of another schema are made anew, and those of this one are kept", "[read_model]")
{
    World world;
    const auto account = an_account("Alfreds");
    world.put(account);
    {
        Transaction transaction{world.db};
        CHECK_FALSE(world.model.prepare());
        transaction.commit();
    }
    CHECK(world.titles("alf").size() == 1);
    world.db.execute("CREATE TABLE other (i INTEGER) STRICT; UPDATE read__state SET fingerprint = x'00'; CREATE TABLE read_hologram (i INTEGER) STRICT");
    {
        Transaction transaction{world.db};
        CHECK(world.model.prepare());
        transaction.commit();
    }
    CHECK(world.titles("alf").empty());
    CHECK(world.model.count("account") == 0);
    CHECK_THROWS(world.db.execute("SELECT * FROM read_hologram"));
    CHECK_NOTHROW(world.db.execute("SELECT * FROM other"));
    world.put(account);
    CHECK(world.titles("alf").size() == 1);
}
