// The house as its plan has it: a room uses only rooms that were built before it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// In building order.
const std::vector<std::string> rooms{
    "shared/base",         "shared/schema",      "shared/rules",         "shared/exchange",      "shared/protocol",     "shared/native",      "shared/storage",
    "shared/wire",         "conflict/automerge-cpp", "conflict/merge", "conflict/findings", "sync-server/access",  "sync-server/store",  "sync-server/session",
    "sync-server/listener", "sync-server/admin", "sync-server/app",      "mobile-app/replica",  "mobile-app/sync",    "mobile-app/viewmodels",
    "mobile-app/ui",       "mobile-app/gallery", "mobile-app/headless",  "mobile-app/app",
};

struct Include {
    std::string file; ///< from the top level
    std::string what;
    bool quoted = false;
};

fs::path root()
{
    return ROADBOOK_SOURCE_DIR;
}

bool is_source(const fs::path& path)
{
    const auto extension = path.extension();
    return extension == ".cpp" || extension == ".hpp";
}

std::vector<Include> includes_of(const std::string& area)
{
    static const std::regex line{R"rx(^\s*#\s*include\s*(["<])([^">]+)[">])rx"};
    std::vector<Include> found;
    for (const auto& entry : fs::recursive_directory_iterator{root() / area}) {
        if (!entry.is_regular_file() || !is_source(entry.path())) continue;
        std::ifstream file{entry.path()};
        std::smatch match;
        for (std::string text; std::getline(file, text);)
            if (std::regex_search(text, match, line)) found.push_back({fs::relative(entry.path(), root()).string(), match[2], match[1] == "\""});
    }
    return found;
}

const std::vector<Include>& product_includes()
{
    static const auto all = [] {
        std::vector<Include> found;
        for (const auto* area : {"shared", "conflict", "sync-server", "mobile-app"})
            for (auto& include : includes_of(area)) found.push_back(std::move(include));
        return found;
    }();
    return all;
}

std::string room_of(const std::string& path)
{
    const auto first = path.find('/');
    const auto second = first == std::string::npos ? first : path.find('/', first + 1);
    return second == std::string::npos ? path : path.substr(0, second);
}

std::string area_of(const std::string& path)
{
    return path.substr(0, path.find('/'));
}

/// The includes that break a rule, as "file -> what".
std::vector<std::string> breaking(const std::function<bool(const Include&)>& breaks)
{
    std::vector<std::string> found;
    for (const auto& include : product_includes())
        if (breaks(include)) found.push_back(include.file + " -> " + include.what);
    return found;
}

bool is_in(const std::string& path, std::initializer_list<std::string_view> places)
{
    return std::any_of(places.begin(), places.end(), [&](auto place) { return path.starts_with(place); });
}

/// Made while building, or by the compiler beside the file: no room of ours.
bool is_generated(const std::string& what)
{
    return what.ends_with(".moc") || what.ends_with(".pb.h") || what.starts_with("roadbook-native/") || what.starts_with("rust/");
}

std::ptrdiff_t place_of(const std::string& room)
{
    return std::find(rooms.begin(), rooms.end(), room) - rooms.begin();
}

using None = std::vector<std::string>;

} // namespace

TEST_CASE("a room includes only rooms that stand above it", "[layering]")
{
    REQUIRE(product_includes().size() > 500); // the test reads the tree, and not an empty folder
    CHECK(breaking([](const Include& include) {
              if (!include.quoted || is_generated(include.what)) return false;
              return place_of(room_of(include.what)) > place_of(room_of(include.file));
          }) == None{});
}

TEST_CASE("every include of ours names its room from the top level", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              return include.quoted && !is_generated(include.what) && place_of(room_of(include.what)) == std::ssize(rooms);
          }) == None{});
}

TEST_CASE("every folder with sources is a room of the plan", "[layering]")
{
    std::set<std::string> unknown;
    for (const auto& include : product_includes())
        if (place_of(room_of(include.file)) == std::ssize(rooms)) unknown.insert(room_of(include.file));
    CHECK(unknown == std::set<std::string>{});
}

TEST_CASE("server and app never include each other", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              return (area_of(include.file) == "sync-server" && include.what.starts_with("mobile-app/")) ||
                     (area_of(include.file) == "mobile-app" && include.what.starts_with("sync-server/"));
          }) == None{});
}

TEST_CASE("what both ends share knows neither end nor the merge core", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              return area_of(include.file) == "shared" && is_in(include.what, {"sync-server/", "mobile-app/", "conflict/"});
          }) == None{});
}

TEST_CASE("nothing of the product includes a test", "[layering]")
{
    CHECK(breaking([](const Include& include) { return include.what.starts_with("tests/"); }) == None{});
}

TEST_CASE("only conflict/automerge-cpp includes the bridge to Rust", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              return is_in(include.what, {"roadbook-native/", "rust/"}) && !include.file.starts_with("conflict/automerge-cpp/");
          }) == None{});
}

TEST_CASE("Beast stays inside shared/wire", "[layering]")
{
    CHECK(breaking([](const Include& include) { return include.what.starts_with("boost/beast") && !include.file.starts_with("shared/wire/"); }) ==
          None{});
    // Its public headers are free of it, too: who includes a wire compiles no Beast.
    std::map<std::string, std::vector<std::string>> uses;
    for (const auto& include : product_includes())
        if (include.file.starts_with("shared/wire/")) uses[include.file].push_back(include.what);
    std::set<std::string> reached;
    std::vector<std::string> open;
    for (const auto& include : product_includes())
        if (include.what.starts_with("shared/wire/") && !include.file.starts_with("shared/wire/")) open.push_back(include.what);
    while (!open.empty()) {
        const auto header = open.back();
        open.pop_back();
        if (!reached.insert(header).second) continue;
        for (const auto& what : uses[header]) {
            INFO(header << " -> " << what);
            CHECK_FALSE(what.starts_with("boost/beast"));
            if (what.starts_with("shared/wire/")) open.push_back(what);
        }
    }
    CHECK_FALSE(reached.empty());
}

TEST_CASE("Qt is known to the screens and their view-models alone", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              const bool is_qt = !include.quoted && include.what.size() > 1 && include.what.front() == 'Q' && include.what.find('.') == std::string::npos;
              return is_qt && !is_in(include.file, {"mobile-app/viewmodels/", "mobile-app/ui/", "mobile-app/gallery/", "mobile-app/app/"});
          }) == None{});
}

TEST_CASE("only the storage room talks to SQLite", "[layering]")
{
    CHECK(breaking([](const Include& include) { return include.what == "sqlite3.h" && !include.file.starts_with("shared/storage/"); }) == None{});
}

TEST_CASE("rules, schema, exchange, protocol and access know no socket, no database and no thread", "[layering]")
{
    CHECK(breaking([](const Include& include) {
              return is_in(include.file, {"shared/rules/", "shared/schema/", "shared/exchange/", "shared/protocol/", "sync-server/access/"}) &&
                     (is_in(include.what, {"boost/asio", "sqlite3", "shared/storage/", "shared/wire/"}) || include.what == "thread" ||
                      include.what == "mutex" || include.what == "future");
          }) == None{});
}

TEST_CASE("the top level holds what the plan names and nothing else", "[layering]")
{
    const std::set<std::string> allowed{"CMakeLists.txt", "README.md", "LICENSE", "sync-server", "mobile-app", "shared", "conflict", "packaging", "tests",
                                        "build"}; // ignored by git: where packaging/ builds
    std::set<std::string> strange;
    for (const auto& entry : fs::directory_iterator{root()}) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with('.') && !allowed.contains(name)) strange.insert(name);
    }
    CHECK(strange == std::set<std::string>{});
}
