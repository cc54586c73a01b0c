#include "tests/simulation/stories/choices.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace roadbook::simulation::stories {
namespace {

constexpr std::uint64_t chance_of_orders = 41;

} // namespace

std::size_t orders_possible(std::size_t devices)
{
    return devices < 2 ? 1 : devices * orders_possible(devices - 1);
}

std::vector<Order> orders_of(std::size_t devices, std::size_t count)
{
    count = std::min(count, orders_max);
    Order order(devices);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto first = order;
    std::vector<Order> all;
    if (orders_possible(devices) <= count) {
        do all.push_back(order);
        while (std::next_permutation(order.begin(), order.end()));
        return all;
    }
    std::set<Order> seen{first};
    all.push_back(first);
    for (Chance chance{chance_of_orders}; all.size() < count;) {
        for (std::size_t i = devices; i > 1; --i) std::swap(order[i - 1], order[chance.below(i)]);
        if (seen.insert(order).second) all.push_back(order);
    }
    return all;
}

std::vector<std::int64_t> cuts_of(std::int64_t frames, const std::optional<std::size_t>& count, Chance& chance)
{
    std::vector<std::int64_t> all(static_cast<std::size_t>(frames));
    std::iota(all.begin(), all.end(), std::int64_t{1});
    if (!count || *count >= all.size()) return all;
    for (std::size_t i = 0; i < *count; ++i) std::swap(all[i], all[i + chance.below(all.size() - i)]);
    all.resize(*count);
    return all;
}

} // namespace roadbook::simulation::stories
