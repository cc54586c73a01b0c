#include "tests/support/process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace roadbook::testing {
namespace {

constexpr int silence_max_ms = 60'000;
constexpr std::size_t input_max = 64 << 10; // what a pipe of Linux holds

void check(bool is_good, const char* what)
{
    if (!is_good) throw std::runtime_error{std::string{"the test's process: "} + what};
}

std::filesystem::path error_file()
{
    auto pattern = (std::filesystem::temp_directory_path() / "roadbook-stderr-XXXXXX").string();
    const int file = ::mkstemp(pattern.data());
    check(file >= 0, "no temporary file");
    ::close(file);
    return pattern;
}

struct Pipe {
    int read_end = -1, write_end = -1;
    Pipe()
    {
        int ends[2];
        check(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
        read_end = ends[0], write_end = ends[1];
    }
};

} // namespace

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& words) : errors_{error_file()}
{
    std::signal(SIGPIPE, SIG_IGN); // a process that ended early is the test's to find out
    const Pipe in, out;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors_.c_str(), O_WRONLY | O_TRUNC, 0600);
    posix_spawnattr_t attributes; // ours ignores SIGPIPE; the program's own way must be tested
    ::posix_spawnattr_init(&attributes);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    auto all = words;
    all.insert(all.begin(), program.string());
    std::vector<char*> arguments;
    for (auto& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in.read_end);
    ::close(out.write_end);
    input_ = in.write_end;
    output_ = out.read_end;
    check(failed == 0, "the program cannot be started");
}

Process::~Process()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    close_input();
    if (output_ >= 0) ::close(output_);
    std::error_code ignored;
    std::filesystem::remove(errors_, ignored);
}

void Process::write(std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(input_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return; // it has ended: wait() tells
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void Process::close_input()
{
    if (input_ >= 0) ::close(input_);
    input_ = -1;
}

bool Process::read_some()
{
    pollfd waiting{output_, POLLIN, 0};
    check(::poll(&waiting, 1, silence_max_ms) > 0, "it says nothing for a minute");
    char chunk[4096];
    const auto got = ::read(output_, chunk, sizeof chunk);
    if (got > 0) buffer_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
}

std::string Process::read_line()
{
    auto end = buffer_.find('\n');
    while (end == std::string::npos) {
        check(read_some(), "it ended without another line");
        end = buffer_.find('\n');
    }
    auto line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return line;
}

bool Process::says_something_within(std::chrono::microseconds patience) const
{
    if (!buffer_.empty()) return true;
    pollfd waiting{output_, POLLIN, 0};
    const timespec longest{patience.count() / 1'000'000, patience.count() % 1'000'000 * 1'000};
    return ::ppoll(&waiting, 1, &longest, nullptr) > 0;
}

void Process::signal(int number)
{
    ::kill(pid_, number);
}

Ended Process::wait()
{
    while (read_some()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    std::ifstream errors{errors_};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            std::move(buffer_),
            {std::istreambuf_iterator<char>{errors}, {}}};
}

Ended run_process(const std::filesystem::path& program, const std::vector<std::string>& words, std::string_view input)
{
    check(input.size() <= input_max, "more input than a pipe holds would wait for ever while the program waits for us");
    Process process{program, words};
    process.write(input);
    process.close_input();
    return process.wait();
}

} // namespace roadbook::testing
