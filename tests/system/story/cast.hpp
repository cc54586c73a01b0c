#pragma once
// Who plays: the server and the devices, each a real process with a data folder of its own.
#include "tests/support/process.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <stdexcept>

namespace roadbook::story {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

/// A program did what it must not: the story cannot go on.
class Broken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Programs {
    std::filesystem::path server, device;
    /// The ones beside this program.
    [[nodiscard]] static Programs beside_us();
};

class Server {
public:
    /// Serves `data` on 127.0.0.1, on a free port unless one is given, as soon as this is made.
    Server(const Programs& programs, std::filesystem::path data, int port = 0);
    /// SIGTERM; its exit status.
    [[nodiscard]] int stop();
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }
    [[nodiscard]] int port() const;

private:
    testing::Process process_;
    std::string url_, fingerprint_;
};

/// `roadbookd WORDS... --data DATA --json`, beside a running server. Throws Broken when it fails.
[[nodiscard]] Json administer(const Programs& programs, const std::filesystem::path& data, Words words);

/// What one sync cost.
struct Cost {
    std::string step, device;
    std::int64_t bytes_out = 0, bytes_in = 0, ms = 0;
};

class Device {
public:
    Device(const Programs& programs, std::string name, std::filesystem::path folder);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    /// The same device on a copy of its folder.
    [[nodiscard]] Device on(const std::filesystem::path& folder) const;

    /// Its answer as JSON. Throws Broken when the command fails.
    Json ask(Words words) const;
    /// The code of its error; "done" when there was none.
    [[nodiscard]] std::string fails_with(Words words) const;
    /// The id that `add` or `add-item` gave.
    [[nodiscard]] std::string add(Words words) const;
    /// Many commands in one process, one line each; their answers.
    [[nodiscard]] std::vector<Json> batch(const std::vector<std::string>& lines) const;
    /// One command in a batch whose process gets SIGKILL as soon as it has said that the edit is saved. Its answer.
    [[nodiscard]] Json save_and_die(const std::string& line) const;
    /// The answer to `sync`; its cost goes into `costs` under `step`.
    Json sync(std::string_view step, std::vector<Cost>& costs) const;

private:
    [[nodiscard]] Words words_for(Words words) const;

    Programs programs_;
    std::string name_;
    std::filesystem::path folder_;
};

} // namespace roadbook::story
