#include "tests/system/story/narrator.hpp"

#include <cstdio>

namespace roadbook::story {
namespace {

/// Line by line: whoever watches a pipe sees where it stands.
void line(std::string_view text)
{
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

} // namespace

void Narrator::chapter(std::string_view title)
{
    line(fmt::format("\n{}", title));
}

void Narrator::say(std::string_view sentence)
{
    line(fmt::format("    {}", sentence));
}

void Narrator::check(bool holds, std::string_view fact, std::string_view otherwise)
{
    ++checked_;
    if (holds) return line(fmt::format("  ✓ {}", fact));
    ++failed_;
    line(otherwise.empty() ? fmt::format("  ✗ {}", fact) : fmt::format("  ✗ {} ({})", fact, otherwise));
}

int Narrator::close()
{
    line(all_held() ? fmt::format("\nstory: {} checks passed", checked_) : fmt::format("\nstory: {} of {} checks FAILED", failed_, checked_));
    return all_held() ? 0 : 1;
}

} // namespace roadbook::story
