#include "shared/exchange/csv_file.hpp"
#include "shared/exchange/text_encoding.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::exchange;
using namespace std::string_literals;

namespace {

constexpr std::array<std::string_view, 1> city{"城市"};
const auto chinese = "名称,城市\n华东机电,杭州\n\"两行\n名称\",苏州\n"s;

} // namespace

TEST_CASE("a file in UTF-8, GB18030 or UTF-16 is read without saying which it is", "[exchange]")
{
    for (const auto* encoding : {"utf-8", "utf-8-bom", "gb18030", "utf-16le", "utf-16be"}) {
        CAPTURE(encoding);
        const auto bytes = from_utf8(chinese, encoding).value();
        CHECK(to_utf8(bytes).value() == chinese);
        CHECK(to_utf8(bytes, encoding).value() == chinese);
        const auto file = CsvFile::parse("a.csv", bytes, city).value();
        REQUIRE(file.rows().size() == 2);
        CHECK(file.cell(file.rows()[1], "城市") == "苏州");
    }
}

TEST_CASE("UTF-16 without a byte order mark is known by its zeros", "[exchange]")
{
    const auto text = "name,city\nAnna,Graz\n"s;
    for (const auto* encoding : {"utf-16le", "utf-16be"}) CHECK(to_utf8(from_utf8(text, encoding).value().substr(2)).value() == text);
}

TEST_CASE("a line that is no text in its encoding is named, and the others are read", "[exchange]")
{
    auto bytes = from_utf8(chinese, "gb18030").value();
    bytes += "\x81\x30\x81\xFF,\xBA\xBC\xD6\xDD\n"s;
    const auto file = CsvFile::parse("a.csv", bytes, city).value();
    CHECK(file.rows().size() == 2);
    REQUIRE(file.broken().size() == 1);
    CHECK(file.broken()[0].line == 5);
    const auto lone_surrogate = from_utf8("a,城市\n1,2\n", "utf-16le").value() + "\x00\xD8\x0A\x00"s;
    CHECK(to_utf8(lone_surrogate).value().find('\xFF') != std::string::npos);
    CHECK(to_utf8("a\xFF\xFE"s, "utf-16le").value().find('\xFF') != std::string::npos);
}

TEST_CASE("an encoding that does not exist is answered with those that do", "[exchange]")
{
    CHECK(to_utf8("a", "gb1803").error().message.find("gb18030") != std::string::npos);
    CHECK(from_utf8("杭州", "windows-1252").error().code == Errc::invalid_value);
}
