#pragma once
// Tells the story as an account that a sales manager can follow, and counts what held.
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace roadbook::story {

class Narrator {
public:
    void chapter(std::string_view title);
    void say(std::string_view sentence);
    /// One fact that must hold. `otherwise` says what was found instead.
    void check(bool holds, std::string_view fact, std::string_view otherwise = {});
    template <class Found, class Expected>
    void equal(const Found& found, const Expected& expected, std::string_view fact)
    {
        check(found == expected, fact, fmt::format("expected {}, found {}", expected, found));
    }

    /// The last line. Returns the exit status: 0 only if all held.
    [[nodiscard]] int close();
    [[nodiscard]] bool all_held() const noexcept { return failed_ == 0; }

private:
    int checked_ = 0;
    int failed_ = 0;
};

} // namespace roadbook::story
