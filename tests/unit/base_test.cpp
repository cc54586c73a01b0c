#include "shared/base/article.hpp"
#include "shared/base/id.hpp"
#include "shared/base/money.hpp"
#include "shared/base/result.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;

TEST_CASE("money reads what people write and refuses what no currency has", "[base]")
{
    CHECK(Money::parse("1280 CNY").value() == Money{128'000, "CNY"});
    CHECK(Money::parse("CNY 1280.5").value() == Money{128'050, "CNY"});
    CHECK(Money::parse("14.0000 EUR").value() == Money{1'400, "EUR"});
    CHECK(Money::parse("-3.10 EUR").value() == Money{-310, "EUR"});
    CHECK(Money::parse("500 JPY").value() == Money{500, "JPY"});
    for (const auto* wrong : {"12.345 EUR", "1.5 JPY", "12", "", " ", "abc EUR", "1e3 EUR", "12 XXQ", "99999999999999999999 EUR",
                              "9000000000000000 EUR", "-", "- EUR", ". EUR"}) {
        CAPTURE(wrong);
        const auto amount = Money::parse(wrong);
        REQUIRE(amount.has_error());
        CHECK(amount.error().code == Errc::invalid_value);
    }
    CHECK(Money{-5, "EUR"}.text() == "-0.05 EUR");
    CHECK(Money{500, "JPY"}.text() == "500 JPY");
}

TEST_CASE("rounding is half away from zero and never overflows in between", "[base]")
{
    CHECK(multiply_divide(5, 1, 2) == 3);
    CHECK(multiply_divide(-5, 1, 2) == -3);
    CHECK(multiply_divide(money_minor_max, 10'000, 10'000) == money_minor_max);
    CHECK_FALSE(multiply_divide(INT64_MAX, INT64_MAX, 2));
    CHECK(decimal_text(INT64_MIN, 2) == "-92233720368547758.08");
}

TEST_CASE("times are read strictly and written so that they sort", "[base]")
{
    CHECK(to_text(*time_from_text("2026-11-22T14:05:09.120Z")) == "2026-11-22T14:05:09.120Z");
    CHECK(to_text(*time_from_text("1996-07-04 00:00:00.000")) == "1996-07-04T00:00:00.000Z");
    CHECK(to_text(*time_from_text("2024-02-29")) == "2024-02-29T00:00:00.000Z");
    for (const auto* wrong : {"1/0/2026", "2026-02-30", "2026-13-01", "2026-1-1", "2026-01-01T25:00", "2026-01-01x", "", "-026-01-01"}) {
        CAPTURE(wrong);
        CHECK_FALSE(time_from_text(wrong));
    }
}

TEST_CASE("ids print, parse, sort by time and repeat for the same name", "[base]")
{
    const auto early = new_id<RecordId>(Time{Duration{1'000}}, system_random());
    const auto late = new_id<RecordId>(Time{Duration{2'000}}, system_random());
    CHECK(early < late);
    CHECK(RecordId::parse(early.text()) == early);
    CHECK_FALSE(RecordId::parse("018f"));
    CHECK(id_from_name<RecordId>("northwind", "customer ALFKI") == id_from_name<RecordId>("northwind", "customer ALFKI"));
    CHECK(id_from_name<RecordId>("ab", "c") != id_from_name<RecordId>("a", "bc"));
}

TEST_CASE("a hash over two parts is the hash over both joined", "[base]")
{
    CHECK(sha256(as_bytes("ab"), as_bytes("c")) == sha256(as_bytes("abc")));
    CHECK(sha256(as_bytes("abc")).hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("every error has a stable name", "[base]")
{
    CHECK(errc_from_name(name(Errc::storage_full)) == Errc::storage_full);
    CHECK(errc_from_name("no such name") == Errc::internal);
}

TEST_CASE("names stand in sentences with the article that they are spoken with", "[base]")
{
    CHECK(with_article("account") == "an account");
    CHECK(with_article("Expense report") == "an Expense report");
    CHECK(with_article("quote") == "a quote");
    CHECK(with_article("unit") == "a unit");
    CHECK(with_article("") == "a ");
}
