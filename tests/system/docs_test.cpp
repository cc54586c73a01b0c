// The pages of the two programs and the programs themselves: each names what the other has.
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace roadbook;
using Words = std::vector<std::string>;

namespace {

std::string page(const char* name)
{
    std::ifstream file{std::filesystem::path{ROADBOOK_SOURCE_DIR} / name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Small words at the beginning: "admin device list" of "admin device list [--all]".
Words command_of(const std::string& text)
{
    Words words;
    std::istringstream in{text};
    for (std::string word; in >> word;) {
        const bool is_plain = std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::islower(c) != 0 || c == '-'; });
        if (!is_plain || word.starts_with("-")) break;
        words.push_back(word);
    }
    return words;
}

/// Of roadbookd: "admin person list", say, each with the ones below it.
std::vector<std::vector<std::string>> server_commands(const std::vector<std::string>& above)
{
    auto call = above;
    call.emplace_back("--help");
    std::istringstream help{testing::run_process(ROADBOOKD, call).out};
    std::vector<std::vector<std::string>> found;
    bool in_list = false;
    for (std::string line; std::getline(help, line);) {
        if (line.starts_with("Subcommands:")) in_list = true;
        else if (in_list && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') {
            auto below = above;
            below.push_back(line.substr(2, line.find(' ', 2) - 2));
            const auto deeper = server_commands(below);
            if (deeper.empty()) found.push_back(below);
            found.insert(found.end(), deeper.begin(), deeper.end());
        }
    }
    return found;
}

} // namespace

TEST_CASE("each command of roadbook-device stands in its page, and each one that is called there exists", "[docs]")
{
    const auto text = page("mobile-app/headless/README.md");
    std::istringstream help{testing::run_process(ROADBOOK_DEVICE, {"--help"}).out};
    bool in_list = false;
    int commands = 0;
    for (std::string line; std::getline(help, line);) {
        if (line.starts_with("Subcommands:")) in_list = true;
        else if (in_list && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') {
            const auto name = line.substr(2, line.find(' ', 2) - 2);
            INFO(name);
            CHECK((text.find("**" + name + "**") != std::string::npos || text.find("$ roadbook-device --data phone " + name + " ") != std::string::npos));
            ++commands;
        }
    }
    CHECK(commands > 20);
    std::istringstream lines{text};
    const std::string prompt = "$ roadbook-device ";
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(prompt)) continue;
        std::istringstream words{line.substr(prompt.size())};
        std::string word;
        words >> word;
        if (word == "--data") words >> word >> word;
        INFO(line);
        CHECK(testing::run_process(ROADBOOK_DEVICE, {word, "--help"}).status == 0);
    }
}

TEST_CASE("each command of roadbookd's page exists", "[docs]")
{
    std::istringstream lines{page("sync-server/app/README.md")};
    int commands = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `admin ") && !line.starts_with("| `import ") && !line.starts_with("| `export ") && !line.starts_with("| `audit ") &&
            !line.starts_with("| `backup ") && !line.starts_with("| `restore "))
            continue;
        auto words = command_of(line.substr(3));
        words.emplace_back("--help");
        INFO(line);
        CHECK(testing::run_process(ROADBOOKD, words).status == 0);
        ++commands;
    }
    CHECK(commands > 25);
}

TEST_CASE("each command of roadbookd stands in its page", "[docs]")
{
    const auto text = page("sync-server/app/README.md");
    const auto commands = server_commands({});
    CHECK(commands.size() > 40);
    for (const auto& words : commands) {
        std::string name;
        for (const auto& word : words) name += (name.empty() ? "" : " ") + word;
        INFO(name);
        const auto stands = [&](const std::string& as) { return text.find(as + " ") != std::string::npos || text.find(as + "`") != std::string::npos; };
        CHECK((stands("`" + name) || stands("roadbookd " + name)));
    }
}
