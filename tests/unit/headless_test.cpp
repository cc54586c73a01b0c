// The device program's words, names and tables, without a replica. The whole program runs in tests/system.
#include "mobile-app/headless/command_line.hpp"
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/program.hpp"
#include "mobile-app/headless/table.hpp"
#include "mobile-app/headless/text.hpp"
#include "mobile-app/headless/words.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace roadbook;
using namespace roadbook::headless;
using Catch::Matchers::Contains;

namespace {

struct Outcome {
    int status = 0;
    std::string out, err;
};

Outcome call(const Words& words)
{
    std::istringstream in;
    std::ostringstream out, err;
    const auto status = run_program(words, {in, out, err});
    return {status, out.str(), err.str()};
}

Call base_call()
{
    Call base;
    base.data = "folder";
    return base;
}

template <class C>
C parsed(const Words& words)
{
    const auto result = parse(words, base_call());
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    REQUIRE(result->call.has_value());
    return std::get<C>(result->call->command);
}

const schema::Kind& account()
{
    return *schema::find_kind("account");
}

} // namespace

TEST_CASE("a line of a batch is taken apart as a shell would", "[headless]")
{
    CHECK(words_of("").value().empty());
    CHECK(words_of("  # a comment").value().empty());
    CHECK(words_of("add account name=x#1 # why").value() == Words{"add", "account", "name=x#1"});
    CHECK(words_of(R"(set ID 'name=as it "is"' "street=5 \"Rue\" \\ $x" a\ b '')").value() ==
          Words{"set", "ID", "name=as it \"is\"", R"(street=5 "Rue" \ $x)", "a b", ""});
    CHECK(words_of("notes=$'one\\ntwo\\t\\'three\\''").value() == Words{"notes=one\ntwo\t'three'"});
    CHECK(words_of("name='客户 one'\" two\"three\r").value() == Words{"name=客户 one twothree"});
    for (const auto* broken : {"a 'b", "a \"b", "a \\", "a $'b", "a $'\\q'"})
        CHECK(words_of(broken).error().code == Errc::bad_argument);
    CHECK(words_of(std::string(line_bytes_max + 1, 'x')).error().code == Errc::too_large);
}

TEST_CASE("columns line up, whatever the script", "[headless]")
{
    CHECK(display_width("abc") == 3);
    CHECK(display_width("客户") == 4);
    CHECK(display_width("e\xcc\x81") == 1); // e and a combining accent
    CHECK(cut_to_width("华泰机电设备", 7) == "华泰机…");
    CHECK(cut_to_width("华泰机", 6) == "华泰机");
    Table table;
    table.column("name")
        .column("price", Table::Align::right)
        .row({"华泰机电", "9.00 CNY"})
        .row({"Chai\nx", "1280.00 CNY"});
    CHECK(table.text() == "name            price\n"
                          "华泰机电     9.00 CNY\n"
                          "Chai x    1280.00 CNY\n");
    Sheet sheet;
    sheet.line("id", "1").line("empty", "").line("notes", "one\ntwo");
    CHECK(sheet.text() == "id     1\nnotes  one\n       two\n");
}

TEST_CASE("what others wrote cannot move the cursor of a terminal", "[headless]")
{
    CHECK(one_line("a\x1b[2Jb\r\n\tc") == "a\xef\xbf\xbd[2Jb   c");
    CHECK(one_line("\xff\xe2\x80\xae") == "\xef\xbf\xbd\xef\xbf\xbd"); // no UTF-8, and a turn of direction
    CHECK(safe_lines("a\nb") == "a\nb");
}

TEST_CASE("each command and its options are understood, common ones also behind it", "[headless]")
{
    const auto list = parsed<ListCall>({"list", "account", "--where", "city=Berlin", "--where", "tier=a", "--limit",
                                        "5", "--order", "code", "--desc", "--column", "name"});
    CHECK(list.where == Words{"city=Berlin", "tier=a"});
    CHECK((list.limit == 5 && list.order == "code" && list.descending && list.columns == Words{"name"}));
    CHECK(parsed<ResolveCall>({"resolve", "ID", "lines/X/quantity", "-12", "--reason", "agreed"}).value == "-12");
    CHECK(parsed<ResolveCall>({"resolve", "ID", "phone", "", "--reason", "none"}).value.empty());
    CHECK(parsed<SearchCall>({"search", "sync", "status", "--kind", "visit"}).text ==
          Words{"sync", "status"}); // words that are commands, too
    CHECK(parsed<SetCall>({"set", "ID", "a=[1,2]", "b={}", "c=", "--reason", "x=y"}).fields ==
          Words{"a=[1,2]", "b={}", "c="});
    CHECK(parsed<SetItemCall>({"set-item", "ID", "lines", "ITEM", "quantity=12"}).item == "ITEM");
    const auto late = parse({"status", "--json", "--data", "folder"});
    REQUIRE((late.has_value() && late->call.has_value()));
    CHECK((late->call->json && late->call->data == "folder"));
}

TEST_CASE("a mistyped command, option, kind or field is answered with what there is", "[headless]")
{
    const auto message = [](const Words& words) { return call(words).err; };
    CHECK_THAT(message({"--data", "x", "lst", "account"}),
               Contains("no command 'lst': did you mean 'list'?") && Contains("add-item"));
    CHECK_THAT(message({"--data", "x", "set", "ID", "a=b", "--resaon", "why"}),
               Contains("no option of set '--resaon'") && Contains("did you mean '--reason'?"));
    CHECK_THAT(message({"--data", "x"}), Contains("a command is missing"));
    CHECK_THAT(message({"list", "account"}), Contains("--data DIR"));
    CHECK_THAT(message({"schema", "acount"}), Contains("no kind 'acount': did you mean 'account'?"));
    CHECK_THAT(field_named(account().fields, "account", "phnoe").error().message,
               Contains("did you mean 'phone'?") && Contains("postal_code"));
    CHECK(field_named(account().fields, "account", "phnoe").error().field == "phnoe");
    for (const Words& words : {Words{"lst"}, Words{"--data", "x", "show"}, Words{"schema", "acount"},
                               Words{"--data", "x", "sync", "--wtach"}, Words{}})
        CHECK(call(words).status == exit_bad_call);
}

TEST_CASE("with --json a failure is one object on standard error", "[headless]")
{
    const auto outcome = call({"schema", "acount", "--json"});
    const auto error = Json::parse(outcome.err).at("error");
    CHECK(outcome.out.empty());
    CHECK(error.at("code") == "bad_argument");
    CHECK_THAT(error.at("message").get<std::string>(), Contains("account"));
    CHECK(error.contains("field"));
    CHECK(Json::parse(call({"lst", "--json"}).err).at("error").at("code") == "bad_argument");
}

TEST_CASE("fields are read by the schema", "[headless]")
{
    const auto me = RecordId::parse("019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35").value();
    const auto& fields = schema::find_kind("visit")->fields;
    const Reading reading{"visit", me};
    const auto read =
        fields_of(fields, {"subject=a=b", "owner=me", "status=done", "outcome=", "notes=@@home"}, reading).value();
    CHECK(read.at("subject") == schema::Value{std::string{"a=b"}});
    CHECK(read.at("owner") == schema::Value{me});
    CHECK(schema::is_empty(read.at("outcome")));
    CHECK(read.at("notes") == schema::Value{std::string{"@home"}});
    CHECK(fields_of(fields, {"subject"}, reading).error().code == Errc::bad_argument);
    CHECK(fields_of(fields, {"subject=a", "subject=b"}, reading).error().code == Errc::bad_argument);
    CHECK(fields_of(fields, {"status=don"}, reading).error().code == Errc::invalid_value);
    CHECK(fields_of(fields, {"planned_at=1/0/2026"}, reading).error().field == "planned_at");
}

TEST_CASE("a note can come from a file", "[headless]")
{
    const testing::TempFolder folder;
    std::ofstream{folder / "note"} << "first\nsecond\n";
    std::ofstream{folder / "long"} << std::string(schema::note_bytes_max + 1, 'x');
    const auto& notes = *account().field("notes");
    const auto from = [&](const std::string& name) {
        return value_of(notes, "@" + (folder / name).string(), {"account", {}});
    };
    CHECK(from("note").value() == schema::Value{std::string{"first\nsecond\n"}});
    CHECK(from("long").error().code == Errc::too_large);
    CHECK(from("missing").error().code == Errc::file_unreadable);
    CHECK(from(".").error().code == Errc::file_unreadable);
}

TEST_CASE("a conflict's path leads to its field", "[headless]")
{
    const auto& quote = *schema::find_kind("quote");
    CHECK(field_at(quote, "discount").value()->type == schema::Type::percent);
    CHECK(field_at(quote, "lines/019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35/quantity").value()->name == "quantity");
    CHECK(field_at(quote, "lines/quantity").error().code == Errc::bad_argument);
    CHECK(find_field_at(quote, "lines/x/of_a_newer_version") == nullptr);
}

TEST_CASE("a conflict shows both values, who, when and on which device", "[headless]")
{
    const testing::TempFolder folder;
    replica::Replica::Options options;
    options.folder = folder.path();
    const auto replica = replica::Replica::open(options).value();
    const auto item = ChildId::parse("019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35").value();
    const auto by = [](const char* time, const char* reason) {
        merge::Attribution made;
        made.person = id_from_name<RecordId>("person", reason);
        made.device = id_from_name<DeviceId>("device", reason);
        made.device_time = time_from_text(time).value() + std::chrono::hours{48};
        made.clock_offset = std::chrono::hours{48}; // a clock two days fast: shown put right
        made.reason = reason;
        return made;
    };
    const replica::NamedConflict conflict{id_from_name<RecordId>("quote", "1"),
                                          "quote",
                                          "Q-17",
                                          "lines/" + item.text() + "/quantity",
                                          true,
                                          {{std::int64_t{12'000}, by("2026-11-22T10:00:00Z", "more"), "Nancy Davolio"},
                                           {std::int64_t{8'500}, by("2026-11-22T10:05:00Z", "less"), "Li Na"}}};
    Titles titles{*replica};
    const auto json = json_of(conflict, schema::Record{}, titles);
    CHECK(json.at("needs_person") == true);
    const auto& loser = json.at("candidates").at(1);
    CHECK(loser.at("value") == "8.5");
    CHECK(loser.at("person_name") == "Li Na");
    CHECK(loser.at("when") == "2026-11-22T10:05:00.000Z");
    CHECK(loser.at("device") == id_from_name<DeviceId>("device", "less").text());
    CHECK(loser.at("shown") == false);
    CHECK(json.at("candidates").at(0).at("shown") == true);
    schema::Record quote;
    quote.collections["lines"] = {{item, {{"description", std::string{"Pump"}}}, false}};
    CHECK_THAT(text_of(conflict, quote, titles, {}),
               Contains("quantity of line Pump in quote Q-17: a person must choose, but not you\nTwo people entered different quantities") &&
                   !Contains("\nresolve ") && Contains("shown  12     Nancy Davolio  2026-11-22 10:00:00 UTC") && Contains("8.5    Li Na"));
    auto own = conflict;
    own.may_decide = true;
    CHECK_THAT(text_of(own, quote, titles, {}), Contains("a person must choose\n") && Contains("\nresolve " + conflict.record.text() + " lines/"));
}

TEST_CASE("the schema prints itself, as tables and as JSON", "[headless]")
{
    const auto all = Json::parse(call({"schema", "--json"}).out);
    CHECK(all.at("kinds").size() == schema::kinds().size());
    const auto quote = Json::parse(call({"schema", "quote", "--json"}).out);
    const auto& line = quote.at("collections").at(0);
    CHECK(line.at("name") == "lines");
    CHECK(line.at("fields").at(2).at("merge") == "ask");
    CHECK(quote.at("fields").at(3).at("choices").at(0).at("label").at("zh") == "草稿");
    CHECK_THAT(call({"schema"}).out, Contains("expense_report") && Contains("报销单"));
    CHECK_THAT(call({"schema", "quote"}).out,
               Contains("draft | approved | sent | rejected | accepted") && Contains("account id"));
}

TEST_CASE("the schema prints all that is declared", "[headless]")
{
    const auto territory = Json::parse(call({"schema", "territory", "--json"}).out);
    CHECK(territory.at("is_authority") == true);
    CHECK(territory.at("created_by") == Json{"manager", "admin"});
    CHECK(territory.at("collections").at(0).at("since") == 2);
    const auto plan = Json::parse(call({"schema", "commission_plan", "--json"}).out);
    const auto& rate = plan.at("collections").at(0).at("fields").at(1);
    CHECK(rate.at("least") == 0);
    CHECK(rate.at("greatest") == 10'000);
    CHECK_THAT(call({"schema", "territory"}).out, Contains("added and deleted by: manager, admin") && Contains("judged at arrival"));
    CHECK_THAT(call({"schema", "commission_plan"}).out, Contains("0 % to 100 %"));
    CHECK_THAT(call({"schema", "product"}).out, Contains("at least 0") && Contains("at most 64 bytes") && Contains("search, lists"));
}

TEST_CASE("the page of record types is what the schema says", "[headless]")
{
    std::ifstream file{ROADBOOK_SOURCE_DIR "/shared/schema/RECORDS.md", std::ios::binary};
    const std::string page{std::istreambuf_iterator<char>{file}, {}};
    INFO("to make it again: roadbook-device schema --markdown > shared/schema/RECORDS.md");
    const bool is_same = page == call({"schema", "--markdown"}).out; // a page of differences would tell nobody anything
    CHECK(is_same);
    for (const auto& kind : schema::kinds()) CHECK_THAT(page, Contains("\n## " + kind.name + "\n") && Contains(std::string{kind.label.zh}));
    CHECK(call({"schema", "quote", "--markdown"}).status == exit_bad_call);
}

TEST_CASE("the page of what becomes of edits made apart is what the rules say", "[headless]")
{
    std::ifstream file{ROADBOOK_SOURCE_DIR "/conflict/RULES.md", std::ios::binary};
    const std::string page{std::istreambuf_iterator<char>{file}, {}};
    INFO("to make it again: roadbook-device schema --rules > conflict/RULES.md");
    const bool is_same = page == call({"schema", "--rules"}).out;
    CHECK(is_same);
    CHECK(call({"schema", "quote", "--rules"}).status == exit_bad_call);
}

TEST_CASE("help and version are done, not failures", "[headless]")
{
    CHECK(call({"--help"}).status == exit_done);
    CHECK_THAT(call({"--help"}).out, Contains("resolve") && Contains("Exit status"));
    CHECK_THAT(call({"list", "--help"}).out, Contains("--where"));
    CHECK_THAT(call({"--version"}).out, Contains("roadbook-device "));
}

TEST_CASE("sizes read as people say them", "[headless]")
{
    CHECK(bytes_text(999) == "999 bytes");
    CHECK(bytes_text(18'240) == "18.2 KB");
    CHECK(bytes_text(1'950'000) == "2.0 MB");
}
