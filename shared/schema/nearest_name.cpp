#include "shared/schema/validation.hpp"

#include <algorithm>
#include <vector>

namespace roadbook::schema {
namespace {

/// How many letters to add, drop, change or swap with a neighbour to get from one to the other.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

constexpr std::size_t compared_length_max = 64; // longer is no slip of the finger, and the cost is quadratic

} // namespace

std::string nearest_name(std::string_view wrong, std::span<const std::string> names)
{
    if (wrong.empty() || wrong.size() > compared_length_max) return {};
    const auto near = std::max<std::size_t>(1, wrong.size() / 3); // one slip in three letters
    std::string nearest;
    auto least = near + 1;
    for (const auto& name : names) {
        if (name.size() > compared_length_max) continue;
        const bool is_begun = wrong.size() >= 3 && name.starts_with(wrong);
        const auto far = is_begun ? std::size_t{1} : distance(wrong, name);
        if (far < least) {
            least = far;
            nearest = name;
        }
    }
    return nearest;
}

} // namespace roadbook::schema
