#include "shared/exchange/csv_file.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::exchange;

namespace {

constexpr std::array<std::string_view, 2> name_and_city{"name", "city"};

CsvFile parsed(std::string_view text, const CsvOptions& options = {})
{
    return CsvFile::parse("people.csv", text, name_and_city, options).value();
}

std::vector<std::string> names(const CsvFile& file)
{
    std::vector<std::string> found;
    for (const auto& row : file.rows()) found.push_back(file.cell(row, "name"));
    return found;
}

} // namespace

TEST_CASE("cells are found by the names in the header, whatever their order", "[csv]")
{
    const auto file = parsed("city,age,name\nParis,40,Anna\n");
    REQUIRE(file.rows().size() == 1);
    CHECK(file.cell(file.rows()[0], "name") == "Anna");
    CHECK(file.cell(file.rows()[0], "city") == "Paris");
    CHECK(file.rows()[0].line == 2);
}

TEST_CASE("line ends of Windows, a byte order mark and a missing last line end are read over", "[csv]")
{
    CHECK(names(parsed("\xEF\xBB\xBFname,city\r\nAnna,Paris\r\nBert,Rom")) == std::vector<std::string>{"Anna", "Bert"});
    CHECK(names(parsed("name,city\n\nAnna,Paris\n\n\r\nBert,Rom\n")) == std::vector<std::string>{"Anna", "Bert"});
}

TEST_CASE("a quoted cell may hold commas, quotes and line ends, and later rows keep their line numbers", "[csv]")
{
    const auto file = parsed("name,city\n\"Anna, \"\"the great\"\"\n\nof Metz\",Paris\nBert,Rom\n");
    REQUIRE(names(file) == std::vector<std::string>{"Anna, \"the great\"\n\nof Metz", "Bert"});
    CHECK(file.rows()[0].line == 2);
    CHECK(file.rows()[1].line == 5);
}

TEST_CASE("a text with a comma that nobody put in quotes is put together again", "[csv]")
{
    const auto file = parsed("name,city\nAnna,Rua Orós, 92, fundos\n", {.rejoins_unquoted = true});
    REQUIRE(file.rows().size() == 1);
    CHECK(file.cell(file.rows()[0], "city") == "Rua Orós, 92, fundos");
}

TEST_CASE("spaces around a cell are part of it", "[csv]")
{
    CHECK(names(parsed("name,city\n Anna ,Paris\n")) == std::vector<std::string>{" Anna "});
}

TEST_CASE("rows of the wrong length are named and left out", "[csv]")
{
    const auto file = parsed("name,city\nAnna\nBert,Rom\nCarl,Wien,Graz\n");
    CHECK(names(file) == std::vector<std::string>{"Bert"});
    REQUIRE(file.broken().size() == 2);
    CHECK(file.broken()[0] == BrokenRow{"people.csv", 2, "the row has 1 cell where the header has 2"});
    CHECK(file.broken()[1] == BrokenRow{"people.csv", 4, "the row has 3 cells where the header has 2"});
}

TEST_CASE("a row that is not UTF-8 is named and left out", "[csv]")
{
    const auto file = parsed("name,city\nRen\xE9,Paris\nBert,Rom\n");
    CHECK(names(file) == std::vector<std::string>{"Bert"});
    REQUIRE(file.broken().size() == 1);
    CHECK(file.broken()[0].line == 2);
}

TEST_CASE("a quote that is never closed, or stands within a cell, costs its own row only", "[csv]")
{
    const auto unclosed = parsed("name,city\nAnna,Paris\n\"Bert,Rom\nCarl,Wien\nDora,Bonn\n");
    CHECK(names(unclosed) == std::vector<std::string>{"Anna", "Carl", "Dora"});
    REQUIRE(unclosed.broken().size() == 1);
    CHECK(unclosed.broken()[0].line == 3);
    const auto within = parsed("name,city\n12\" pipe,Rom\nCarl,Wien\n");
    CHECK(names(within) == std::vector<std::string>{"Carl"});
    CHECK(within.broken().at(0).line == 2);
}

TEST_CASE("a file without a header, or without a column that is needed, is refused as a whole", "[csv]")
{
    for (const auto* text : {"", "\n\n", "\xEF\xBB\xBF"}) {
        const auto empty = CsvFile::parse("people.csv", text, name_and_city);
        REQUIRE(!empty);
        CHECK(empty.error().message == "people.csv is empty: its first line must name the columns. Nothing was imported");
    }
    const auto other = CsvFile::parse("people.csv", "name,town\nAnna,Paris\n", name_and_city);
    REQUIRE(!other);
    CHECK(other.error().field == "city");
}

TEST_CASE("a file that is not there, or is a folder, is named with the reason", "[csv]")
{
    testing::TempFolder folder;
    for (const auto& path : {folder / "people.csv", folder.path()}) {
        const auto missing = CsvFile::read(path, name_and_city);
        REQUIRE(!missing);
        CHECK(missing.error().code == Errc::file_unreadable);
        CHECK(missing.error().message.find(path.string()) == 0);
    }
}

TEST_CASE("semicolons and tabs separate cells where the header has them", "[csv]")
{
    CHECK(names(parsed("name;city\n\"A;B\";Rom, Italia\n")) == std::vector<std::string>{"A;B"});
    CHECK(names(parsed("name\tcity\nAnna, the great\tRom\n")) == std::vector<std::string>{"Anna, the great"});
}

TEST_CASE("a text with a comma that nobody put in quotes is a broken row unless the file is known to have such", "[csv]")
{
    CHECK(parsed("name,city\nAnna,Rua Orós, 92\n").broken().at(0).line == 2);
}
