#pragma once
// A program of ours as a real process: words in, text and exit status out.
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace roadbook::testing {

struct Ended {
    int status = -1; ///< exit status; minus the signal that ended it
    std::string out, err;
};

/// A process under way, spoken to over pipes; its standard error goes to a file in the system's temporary folder.
/// Killed when this object ends before it. Every wait has an end: a test that hangs fails.
class Process {
public:
    Process(const std::filesystem::path& program, const std::vector<std::string>& words);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void write(std::string_view text);
    void close_input();
    /// Its next line, without the line break. Throws when it ends, or says nothing for a minute.
    [[nodiscard]] std::string read_line();
    /// Has it said anything that was not read yet, or does it within this time? Also true once it has ended.
    [[nodiscard]] bool says_something_within(std::chrono::microseconds patience) const;
    void signal(int number);
    /// Everything that is left, and how it ended.
    [[nodiscard]] Ended wait();

private:
    [[nodiscard]] bool read_some(); ///< false: no more will come

    pid_t pid_ = -1;
    int input_ = -1, output_ = -1;
    std::string buffer_;
    std::filesystem::path errors_;
};

/// Runs it to its end with `input` (at most 64 KiB) on standard input.
[[nodiscard]] Ended run_process(const std::filesystem::path& program, const std::vector<std::string>& words,
                                std::string_view input = {});

} // namespace roadbook::testing
