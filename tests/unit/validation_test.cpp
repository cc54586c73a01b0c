#include "shared/schema/validation.hpp"

#include "shared/base/utf8.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace roadbook;
using namespace roadbook::schema;
using namespace std::string_literals;

namespace {

RecordId an_id()
{
    return id_from_name<RecordId>("test", "one");
}

Record an_account()
{
    Record record;
    record.id = an_id();
    record.kind = "account";
    record.fields = {{"name", "Alfreds Futterkiste"s}, {"territory", an_id()}};
    return record;
}

const Field& quote_line(std::string_view field)
{
    return *find_kind("quote")->collection("lines")->field(field);
}

} // namespace

TEST_CASE("what people write is read exactly, and written back the same", "[validation]")
{
    const auto line_price = quote_line("unit_price");
    const auto quantity = quote_line("quantity");
    CHECK(std::get<std::int64_t>(parse(quantity, "12.5").value()) == 12'500);
    CHECK(std::get<std::int64_t>(parse(quantity, " 8 ").value()) == 8'000);
    CHECK(format(quantity, std::int64_t{12'500}) == "12.5");
    CHECK(format(quantity, std::int64_t{8'000}) == "8");
    CHECK(format(quantity, std::int64_t{0}) == "0");
    CHECK(std::get<std::int64_t>(parse(quote_line("discount"), "5 %").value()) == 500);
    CHECK(std::get<Money>(parse(line_price, "100 EUR").value()) == Money{10'000, "EUR"});
    CHECK(std::get<bool>(parse(boolean("b", {"B", "是"}), "是").value()));
    const auto& status = *find_kind("visit")->field("status");
    CHECK(std::get<std::string>(parse(status, "In progress").value()) == "in_progress");
    CHECK(std::get<std::string>(parse(status, "已完成").value()) == "done");
    CHECK(is_empty(parse(status, "").value()));
    CHECK(is_empty(parse(quantity, "  ").value()));
    CHECK(std::get<std::string>(parse(*find_kind("account")->field("name"), " 阿尔弗雷德 ").value()) == " 阿尔弗雷德 ");
}

TEST_CASE("every value that a field may hold survives being written and read", "[validation]")
{
    std::mt19937_64 random{41877};
    const auto number = [&](std::int64_t low, std::int64_t high) { return std::uniform_int_distribution{low, high}(random); };
    for (int i = 0; i < 2'000; ++i) {
        for (const auto& kind : kinds()) {
            for (const auto& field : kind.fields) {
                Value value;
                switch (field.type) {
                case Type::text: {
                    std::string text;
                    for (auto n = number(1, 5); n > 0; --n) append_utf8(text, static_cast<char32_t>(number(0x20, 0x7e)));
                    append_utf8(text, static_cast<char32_t>(number(0x4e00, 0x9fff)));
                    value = text.size() > field.length_max ? std::string(field.length_max, 'x') : text;
                    break;
                }
                case Type::note: value = "first line\n\tsecond 第二"s; break;
                case Type::integer:
                case Type::decimal:
                case Type::percent: value = number(field.least, field.greatest); break;
                case Type::money: value = Money{number(field.least, field.greatest), i % 2 ? "CNY" : "KWD"}; break;
                case Type::date: value = to_text(Time{Duration{number(0, 4'000'000'000'000)}}).substr(0, 10); break;
                case Type::time: value = Time{Duration{number(-2'000'000'000'000, 7'000'000'000'000)}}; break;
                case Type::boolean: value = i % 2 == 0; break;
                case Type::choice: value = std::string{field.choices[static_cast<std::size_t>(i) % field.choices.size()].value}; break;
                case Type::reference: value = id_from_name<RecordId>("test", std::to_string(i)); break;
                }
                const auto text = format(field, value);
                CAPTURE(kind.name, field.name, text);
                const auto back = parse(field, text);
                REQUIRE(back.has_value());
                REQUIRE(*back == value);
            }
        }
    }
}

TEST_CASE("a value that no field may hold is refused with the field's name and the reason", "[validation]")
{
    struct Case {
        Field field;
        std::string text;
        std::string words;
    };
    const Label label{"Field", "字段"};
    const std::vector<Case> cases{
        {date("on", label), "1/0/2026", "'1/0/2026' is no date: write it as 2026-01-31"},
        {date("on", label), "2026-02-30", "is no date"},
        {date("on", label), "0206-01-31", "1900 to 2199"},
        {date("on", label), "2026-01-31T10:00", "is no date"},
        {time("at", label), "yesterday", "is no time"},
        {integer("count", label), "1.5", "no whole number"},
        {integer("count", label), "9007199254740992", "at most"},
        {integer("count", label), "99999999999999999999", "no whole number"},
        {integer("count", label), "--5", "no whole number"},
        {decimal("count", label), "1e3", "is no number"},
        {decimal("count", label), "1,5", "is no number"},
        {decimal("count", label), "0.0001", "at most 3 digits"},
        {percent("part", label).between(0, 10'000), "100.01", "at most 100.00 %"},
        {percent("part", label).between(0, 10'000), "-1", "at least 0.00 %"},
        {money("price", label), "12", "write a number and a currency"},
        {money("price", label), "12.345 EUR", "at most 2 digits"},
        {money("price", label), "99999999999999999999 EUR", "no amount"},
        {money("price", label), "900000000001 EUR", "over the greatest amount"},
        {money("price", label), std::string(2 << 20, '5') + " EUR", "too long"},
        {date("on", label), "日期日期日期日期日期日期日期日期日期日期日期日期日期日期日期日期", "...' is no date"},
        {money("price", label), "5 XXQ", "no known currency"},
        {boolean("is", label), "perhaps", "neither yes nor no"},
        {choice("state", label, {{"open", {"Open", "开"}}, {"shut", {"Shut", "关"}}}), "opne", "is none of: open, shut"},
        {reference("owner", label, "person"), "018f", "is no id of a person"},
        {reference("owner", label, "person"), "00000000-0000-0000-0000-000000000000", "another type"},
        {text("name", label), "a\x01z", "U+0001"},
        {text("name", label), "two\nlines", "U+000A"},
        {text("name", label), "a\0b"s, "U+0000"},
        {text("name", label), "\xc0\xaf", "UTF-8"},
        {text("name", label), "\xed\xa0\x80", "UTF-8"},
        {text("name", label), "cut \xe4\xb8", "UTF-8"},
        {text("name", label), "\xc2\x85 next line", "U+0085"},
        {text("name", label), std::string(text_bytes_max + 1, 'x'), "at most 8192 fit"},
        {text("code", label).at_most_bytes(3), "\xe4\xb8\xad\xe6\x96\x87", "at most 3 fit"},
        {note("notes", label), "a\rb", "U+000D"},
        {note("notes", label), std::string(2 << 20, 'x'), "2097152 bytes long; at most 65536 fit"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text.substr(0, 40));
        const auto value = parse(one.field, one.text);
        REQUIRE(value.has_error());
        CHECK(value.error().code == Errc::invalid_value);
        CHECK(value.error().field == one.field.name);
        CHECK_THAT(value.error().message, Catch::Contains(one.words) && Catch::Contains("Field"));
        CHECK(value.error().message.size() < 300);
        CHECK(is_utf8(value.error().message));
        const auto broken = broken_by_text(one.field, one.text);
        REQUIRE(broken);
        CHECK(broken->en == value.error().message);
        CHECK(broken->path == one.field.name);
        CHECK_THAT(broken->zh, Catch::StartsWith("字段："));
        CHECK(broken->zh.size() < 300);
        CHECK(is_utf8(broken->zh));
    }
}

TEST_CASE("what is wrong with a typed text is said in Chinese with the words of the screen", "[validation]")
{
    const auto& visit = *find_kind("visit");
    CHECK(broken_by_text(*visit.field("status"), "gone")->zh == "状态：“gone”不在可选范围内：已计划、已取消、进行中、已完成");
    CHECK(broken_by_text(*visit.field("account"), "Acme")->zh == "客户：“Acme”不是客户的编号（id）");
    CHECK(broken_by_text(quote_line("quantity"), "1000001")->zh == "数量：不得大于 1000000.000");
    CHECK(broken_by_text(*find_kind("order")->field("ordered_on"), "1/0/2026")->zh == "下单日期：“1/0/2026”不是日期，请写成 2026-01-31");
    CHECK_FALSE(broken_by_text(quote_line("quantity"), "12.5"));
    CHECK(broken_by(quote_line("quantity"), std::int64_t{-1}) == Breach{"quantity", "range", "Quantity: must be at least 0.000", "数量：不得小于 0.000"});
    CHECK_FALSE(broken_by(quote_line("quantity"), std::int64_t{1}));
}

TEST_CASE("a value of another type is refused", "[validation]")
{
    CHECK(check(text("name", {"Name", "名称"}), std::int64_t{1}).has_error());
    CHECK(check(integer("count", {"Count", "数量"}), "1"s).has_error());
    CHECK(check(money("price", {"Price", "价格"}), std::int64_t{1}).has_error());
    CHECK(check(money("price", {"Price", "价格"}), Money{1, "eur"}).has_error());
    CHECK(check(date("on", {"On", "日期"}), "2026-1-1"s).has_error());
    CHECK(check(date("on", {"On", "日期"}), Value{}).has_value());
}

TEST_CASE("a record says every broken rule, once, in both languages, sorted by place", "[validation]")
{
    CHECK(validate(an_account()).empty());

    auto quote = an_account();
    quote.kind = "quote";
    quote.fields = {{"account", an_id()}, {"discount", std::int64_t{20'000}}, {"status", "gone"s}, {"from_next_year", "kept"s}};
    Child line{id_from_name<ChildId>("test", "line"), {{"quantity", std::int64_t{-1}}, {"position", "a"s}}, false};
    Child gone{id_from_name<ChildId>("test", "gone"), {}, true};
    quote.collections["lines"] = {line, gone};
    const auto found = validate(quote);
    const auto prefix = "lines/" + line.id.text() + "/";
    REQUIRE(found.size() == 4);
    CHECK(found[0] == Breach{"discount", "range", "Discount on the whole: must be at most 100.00 %", "整单折扣：不得大于 100.00 %"});
    CHECK(found[1].path == prefix + "quantity");
    CHECK(found[1].rule == "range");
    CHECK(found[2] == Breach{prefix + "unit_price", "required", "Unit price: must be filled in", "单价：必须填写"});
    CHECK(found[3].path == "status");
    CHECK(found[3].rule == "choice");

    quote.deleted_at = Time{Duration{1}};
    CHECK(validate(quote).empty());
}

TEST_CASE("a blank name is a missing one", "[validation]")
{
    auto account = an_account();
    account.fields["name"] = "  "s;
    REQUIRE(validate(account).size() == 1);
    CHECK(validate(account)[0].rule == "required");
}

TEST_CASE("a record type of a newer version and too many lines are findings", "[validation]")
{
    auto record = an_account();
    record.kind = "hologram";
    REQUIRE(validate(record).size() == 1);
    CHECK(validate(record)[0].rule == "unknown_kind");

    auto report = an_account();
    report.kind = "expense_report";
    report.fields = {{"title", "Trip"s}, {"owner", an_id()}};
    for (std::size_t i = 0; i <= children_max; ++i) {
        const auto id = id_from_name<ChildId>("item", std::to_string(i));
        report.collections["items"].push_back(
            {id, {{"spent_on", "2026-11-22"s}, {"category", "taxi"s}, {"amount", Money{100, "CNY"}}}, false});
    }
    REQUIRE(validate(report).size() == 1);
    CHECK(validate(report)[0].rule == "count");
    report.collections["items"].front().removed = true;
    CHECK(validate(report).empty());
}

TEST_CASE("a mistyped name finds its neighbour, and a foreign one finds none", "[validation]")
{
    const std::vector<std::string> names{"account", "contact", "expense_report", "quote", "customer_id"};
    CHECK(nearest_name("custmer_id", names) == "customer_id");
    CHECK(nearest_name("acount", names) == "account");
    CHECK(nearest_name("qoute", names) == "quote");
    CHECK(nearest_name("expense", names) == "expense_report");
    CHECK(nearest_name("zebra", names).empty());
    CHECK(nearest_name("", names).empty());
    CHECK(nearest_name(std::string(1 << 20, 'a'), names).empty());
}

TEST_CASE("UTF-8 is read character by character, and nothing else passes for it", "[base]")
{
    std::string text;
    for (const char32_t c : {U'A', U'é', U'中', U'𠮷'}) append_utf8(text, c);
    CHECK(text == "Aé中𠮷");
    std::string_view rest = text;
    CHECK(take_utf8(rest) == U'A');
    CHECK(take_utf8(rest) == U'é');
    CHECK(take_utf8(rest) == U'中');
    CHECK(take_utf8(rest) == U'𠮷');
    CHECK_FALSE(take_utf8(rest));
    for (const auto* wrong : {"\x80", "\xc1\x81", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xff", "\xe4\xb8"}) CHECK_FALSE(is_utf8(wrong));
}
