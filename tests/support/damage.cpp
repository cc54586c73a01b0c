#include "tests/support/damage.hpp"

#include <algorithm>
#include <array>

namespace roadbook::testing {

void Damage::learn(const std::vector<Bytes>& honest)
{
    for (const auto& chunk : honest) known_.push_back(ForgedChange::from(chunk));
}

std::size_t Damage::below(std::size_t limit)
{
    return static_cast<std::size_t>(random_() % limit);
}

std::int64_t Damage::odd_number()
{
    static constexpr std::array numbers{std::int64_t{0},           std::int64_t{1},     std::int64_t{2},
                                        std::int64_t{-1},          std::int64_t{127},   std::int64_t{128},
                                        std::int64_t{5'000},       std::int64_t{5'001}, std::int64_t{10'000'000},
                                        std::int64_t{0xffff'ffff}, INT64_MAX,           INT64_MIN};
    return numbers[below(numbers.size())];
}

/// Anywhere: a nudge of a byte above all, since that keeps most of the meaning.
void Damage::bytes(Bytes& data)
{
    if (data.empty()) return data.push_back(static_cast<std::byte>(below(256)));
    const auto at = below(data.size());
    const auto place = data.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(10)) {
    case 0:
        data[at] = static_cast<std::byte>(below(256));
        break;
    case 1:
        data[at] = std::array{std::byte{0}, std::byte{1}, std::byte{0x7f}, std::byte{0x80}, std::byte{0xff}}[below(5)];
        break;
    case 2:
        data.insert(place, static_cast<std::byte>(below(256)));
        break;
    case 3:
        data.erase(place);
        break;
    case 4:
        data[at] ^= static_cast<std::byte>(1 << below(8));
        break;
    default:
        data[at] = static_cast<std::byte>(std::to_integer<int>(data[at]) +
                                          (below(2) == 0 ? 1 : -1) * static_cast<int>(1 + below(4)));
        break;
    }
}

void Damage::fields(ForgedChange& change)
{
    const auto& other = known_[below(known_.size())];
    switch (below(10)) {
    case 0:
        change.seq += static_cast<std::uint64_t>(odd_number());
        break;
    case 1:
        change.start_op += static_cast<std::uint64_t>(odd_number());
        break;
    case 2:
        change.deps = other.deps;
        break;
    case 3:
        std::shuffle(change.deps.begin(), change.deps.end(), random_);
        break;
    case 4:
        if (!change.deps.empty()) change.deps.pop_back();
        break;
    case 5:
        change.actor = other.actor;
        break;
    case 6:
        change.actor.bytes[below(16)] ^= std::byte{1};
        break;
    case 7:
        if (!change.others.empty()) change.others[below(change.others.size())] = other.actor;
        break;
    case 8:
        change.others = other.others;
        break;
    default:
        change.time = odd_number();
        break;
    }
}

void Damage::columns(ForgedChange& change)
{
    if (change.columns.empty()) return;
    const auto& other = known_[below(known_.size())];
    auto& [specification, data] = change.columns[below(change.columns.size())];
    switch (below(8)) {
    case 0:
        change.columns = other.columns;
        break;
    case 1:
        for (const auto& [theirs, theirs_data] : other.columns)
            if (theirs == specification) data = theirs_data;
        break;
    case 2: // a run of any length
        data.clear();
        signed_leb(data, odd_number());
        signed_leb(data, odd_number());
        break;
    case 3:
        specification ^= std::uint32_t{1} << below(8);
        break;
    case 4:
        change.columns.erase(change.columns.begin() + static_cast<std::ptrdiff_t>(below(change.columns.size())));
        break;
    default:
        bytes(data);
        break;
    }
}

Bytes Damage::damage(const Bytes& honest)
{
    auto change = ForgedChange::from(honest);
    for (auto left = 1 + below(2) * below(4); left != 0; --left) {
        switch (below(8)) {
        case 0:
            fields(change);
            break;
        case 1:
        case 2:
            columns(change);
            break;
        default:
            if (!change.columns.empty()) bytes(change.columns[below(change.columns.size())].second);
            break;
        }
    }
    auto damaged = change.bytes();
    if (below(4) != 0) return damaged;
    // or in the raw, behind a header that is made right
    constexpr std::size_t header = 9;
    Bytes body(damaged.begin() + header + (damaged[header] < std::byte{0x80} ? 1 : 2), damaged.end());
    bytes(body);
    return chunk(change.type, body);
}

} // namespace roadbook::testing
