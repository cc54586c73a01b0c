#include "tests/system/story/cast.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <sstream>

namespace roadbook::story {
namespace {

constexpr std::string_view greeting = "listening ";

Json parsed(const std::string& text, const Words& words)
{
    auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) throw Broken{fmt::format("`{}` answered no JSON: {}", fmt::join(words, " "), text)};
    return json;
}

} // namespace

Programs Programs::beside_us()
{
    const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    Programs programs{folder / "roadbookd", folder / "roadbook-device"};
    for (const auto& program : {programs.server, programs.device})
        if (!std::filesystem::exists(program)) throw Broken{fmt::format("{} is not built", program.string())};
    return programs;
}

Server::Server(const Programs& programs, std::filesystem::path data, int port)
    : process_{programs.server, {"serve", "--data", data.string(), "--listen", fmt::format("127.0.0.1:{}", port), "--log-level", "warning"}}
{
    std::string line;
    try {
        line = process_.read_line();
    } catch (const std::exception&) {
        throw Broken{fmt::format("the server did not start: {}", process_.wait().err)};
    }
    std::istringstream words{line};
    std::string word;
    if (!line.starts_with(greeting) || !(words >> word >> url_ >> word >> fingerprint_)) throw Broken{fmt::format("the server said: {}", line)};
}

int Server::stop()
{
    process_.signal(SIGTERM);
    return process_.wait().status;
}

int Server::port() const
{
    return std::stoi(url_.substr(url_.rfind(':') + 1));
}

Json administer(const Programs& programs, const std::filesystem::path& data, Words words)
{
    words.insert(words.end(), {"--data", data.string(), "--json"});
    const auto ended = testing::run_process(programs.server, words);
    if (ended.status != 0) throw Broken{fmt::format("`roadbookd {}` failed: {}", fmt::join(words, " "), ended.err)};
    return parsed(ended.out, words);
}

Device::Device(const Programs& programs, std::string name, std::filesystem::path folder)
    : programs_{programs}, name_{std::move(name)}, folder_{std::move(folder)}
{
}

Device Device::on(const std::filesystem::path& folder) const
{
    return {programs_, name_, folder};
}

Words Device::words_for(Words words) const
{
    words.insert(words.begin(), {"--data", folder_.string(), "--json"});
    return words;
}

Json Device::ask(Words words) const
{
    const auto ended = testing::run_process(programs_.device, words_for(words));
    if (ended.status != 0) throw Broken{fmt::format("{}: `{}` failed: {}", name_, fmt::join(words, " "), ended.err)};
    return parsed(ended.out, words);
}

std::string Device::fails_with(Words words) const
{
    const auto ended = testing::run_process(programs_.device, words_for(words));
    return ended.status == 0 ? "done" : parsed(ended.err, words).at("error").at("code").get<std::string>();
}

std::string Device::add(Words words) const
{
    const bool is_item = words.front() == "add-item";
    return ask(std::move(words)).at(is_item ? "item" : "record").get<std::string>();
}

std::vector<Json> Device::batch(const std::vector<std::string>& lines) const
{
    constexpr std::size_t lines_max = 1'000; // their input fits into a pipe
    std::vector<Json> answers;
    for (std::size_t first = 0; first < lines.size(); first += lines_max) {
        std::string input;
        for (std::size_t i = first; i < std::min(lines.size(), first + lines_max); ++i) input += lines[i] + "\n";
        const auto ended = testing::run_process(programs_.device, words_for({"batch"}), input);
        if (ended.status != 0) throw Broken{fmt::format("{}: a batch failed: {}", name_, ended.err)};
        std::istringstream out{ended.out};
        for (std::string line; std::getline(out, line);) answers.push_back(parsed(line, {"batch"}));
    }
    return answers;
}

Json Device::save_and_die(const std::string& line) const
{
    testing::Process process{programs_.device, words_for({"batch"})};
    process.write(line + "\n");
    auto answer = parsed(process.read_line(), {line});
    process.signal(SIGKILL);
    if (process.wait().status != -SIGKILL) throw Broken{fmt::format("{}: it ended before it could be killed", name_)};
    return answer;
}

Json Device::sync(std::string_view step, std::vector<Cost>& costs) const
{
    auto report = ask({"sync"});
    costs.push_back({std::string{step}, name_, report.at("bytes_out"), report.at("bytes_in"), report.at("took_ms")});
    return report;
}

} // namespace roadbook::story
