#pragma once
// What a story expects, and what it found instead.
#include "shared/schema/record.hpp"

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::simulation::stories {

namespace detail {
[[nodiscard]] std::string said(const schema::Value& value);
[[nodiscard]] inline std::string said(const Money& value) { return value.text(); }
[[nodiscard]] inline std::string said(const RecordId& value) { return value.text(); }
[[nodiscard]] inline std::string said(const Time& value) { return to_text(value); }
[[nodiscard]] inline std::string said(std::string_view value) { return '"' + std::string{value} + '"'; }
[[nodiscard]] inline std::string said(const std::string& value) { return said(std::string_view{value}); }
[[nodiscard]] inline std::string said(const char* value) { return said(std::string_view{value}); }
template <class Number>
    requires std::is_arithmetic_v<Number>
[[nodiscard]] std::string said(Number value) { return fmt::format("{}", value); }
template <class First, class Second>
[[nodiscard]] std::string said(const std::pair<First, Second>& both) { return said(both.first) + ": " + said(both.second); }
template <class Range>
    requires(!std::convertible_to<const Range&, std::string_view> && requires(const Range& range) { range.begin(); })
[[nodiscard]] std::string said(const Range& range)
{
    std::string all;
    for (const auto& one : range) all += (all.empty() ? "" : ", ") + said(one);
    return "{" + all + "}";
}
} // namespace detail

/// Collects what does not hold; a story goes on, so that all of it is seen.
class Expect {
public:
    void that(bool holds, std::string_view what)
    {
        if (!holds) broken_.push_back(where_ + std::string{what});
    }
    template <class Found, class Wanted>
    void equal(const Found& found, const Wanted& wanted, std::string_view what)
    {
        if (!(found == wanted)) broken_.push_back(fmt::format("{}{}: {}, expected {}", where_, what, detail::said(found), detail::said(wanted)));
    }
    /// Whose view what follows is of.
    void on(std::string_view whose) { where_ = std::string{whose} + ": "; }
    [[nodiscard]] const std::vector<std::string>& broken() const noexcept { return broken_; }

private:
    std::string where_;
    std::vector<std::string> broken_;
};

} // namespace roadbook::simulation::stories
