#pragma once
// An office with the real programs: roadbookd as a process, its administration, and devices that are called like any program. For tests that
// know ROADBOOKD and ROADBOOK_DEVICE, where the two lie.
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <optional>

namespace roadbook::testing {

class RunningOffice {
public:
    using Json = nlohmann::json;
    using Words = std::vector<std::string>;

    /// `data`: the server's folder inside of this one.
    RunningOffice() { start("server"); }

    void start(const std::string& data, const std::string& listen = "127.0.0.1:0")
    {
        data_ = data;
        server_.emplace(ROADBOOKD, Words{"serve", "--log-level", "error", "--data", this->data(), "--listen", listen});
        line_ = server_->read_line();
    }
    /// As an administrator does it: what has come is answered before it ends.
    void stop()
    {
        server_->signal(SIGTERM);
        CHECK(server_->wait().status == 0);
        server_.reset();
    }
    /// As a power failure does it: whatever it was about to do is not done.
    void kill()
    {
        server_->signal(SIGKILL);
        CHECK(server_->wait().status == -SIGKILL);
        server_.reset();
    }
    [[nodiscard]] std::string data() const { return (folder / data_).string(); }
    [[nodiscard]] Ended run(Words words, std::string_view input = {}) const
    {
        words.insert(words.end(), {"--data", data()});
        return run_process(ROADBOOKD, words, input);
    }
    [[nodiscard]] Json admin(Words words, std::string_view input = {}) const
    {
        words.emplace_back("--json");
        return json_of(run(std::move(words), input));
    }
    [[nodiscard]] std::string url() const { return line_.substr(line_.find("wss://"), line_.find(' ', line_.find("wss://")) - line_.find("wss://")); }
    [[nodiscard]] std::string pin() const { return line_.substr(line_.find("sha256:")); }
    [[nodiscard]] Ended device(const std::string& name, Words words, std::string_view input = {}) const
    {
        words.insert(words.begin(), {"--data", (folder / name).string()});
        return run_process(ROADBOOK_DEVICE, words, input);
    }
    [[nodiscard]] Json answer(const std::string& name, Words words, std::string_view input = {}) const
    {
        words.emplace_back("--json");
        return json_of(device(name, std::move(words), input));
    }
    /// Many commands in one process: an answer each.
    std::vector<Json> batch(const std::string& name, const std::string& lines) const
    {
        const auto ended = device(name, {"batch", "--json"}, lines);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        std::vector<Json> answers;
        std::istringstream in{ended.out};
        for (std::string line; std::getline(in, line);) answers.push_back(Json::parse(line));
        return answers;
    }
    [[nodiscard]] std::string file(const std::string& name, std::string_view content) const
    {
        std::ofstream{folder / name, std::ios::binary} << content;
        return (folder / name).string();
    }
    [[nodiscard]] std::string add_person(const std::string& name, const std::string& role, const std::string& boss = {}) const
    {
        Words words{"admin", "person", "add", name, "--role", role};
        if (!boss.empty()) words.insert(words.end(), {"--reports-to", boss});
        return admin(std::move(words)).at("id");
    }
    /// A device of this person, synced.
    void enrol(const std::string& name, const std::string& person) const
    {
        const auto code = admin({"admin", "code", person}).at("code").get<std::string>();
        REQUIRE(device(name, {"enrol", "--server", url(), "--pin", pin(), "--code", code, "--name", name}).status == 0);
        REQUIRE(device(name, {"sync"}).status == 0);
    }

    TempFolder folder;

private:
    static Json json_of(const Ended& ended)
    {
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }

    std::string data_;
    std::optional<Process> server_;
    std::string line_;
};

} // namespace roadbook::testing
