#pragma once
// How much may happen in a time. Pure: every call is told the time, and nothing here waits.
#include "shared/base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace roadbook {

/// `burst` at once, and `count` per `per` on the long run.
struct Rate {
    std::int64_t burst = 1;
    std::int64_t count = 1;
    Duration per = std::chrono::seconds{1};
};

/// Holds up to `burst` and fills up evenly. Exact: what it holds is counted in parts that are as small as a millisecond's worth.
/// A clock that is set back adds nothing and takes nothing away.
class Bucket {
public:
    explicit Bucket(const Rate& rate) noexcept : rate_{rate}, level_{full()} {}

    /// Zero: it was there, and is taken. Else nothing is taken, and this is how long until it will be there. More than the burst is
    /// taken when the bucket is full, and owed.
    [[nodiscard]] Duration take(std::int64_t count, Time now) noexcept
    {
        fill(now);
        const auto cost = count * rate_.per.count();
        const auto missing = std::min(cost, full()) - level_;
        if (missing > 0) return Duration{(missing + rate_.count - 1) / rate_.count};
        level_ -= cost;
        return Duration{0};
    }
    [[nodiscard]] bool is_full(Time now) const noexcept
    {
        auto then = *this;
        then.fill(now);
        return then.level_ == full();
    }

private:
    [[nodiscard]] std::int64_t full() const noexcept { return rate_.burst * rate_.per.count(); }
    void fill(Time now) noexcept
    {
        if (now > filled_at_) {
            // Beyond what fills it from empty, time makes no difference; and the product stays small.
            const auto needed = Duration{(full() - level_) / rate_.count + 1};
            level_ = std::min(full(), level_ + std::min(now - filled_at_, needed).count() * rate_.count);
        }
        filled_at_ = now;
    }

    Rate rate_;
    std::int64_t level_;
    Time filled_at_{};
};

/// A bucket for each key. Bounded: those that are full again are forgotten; while `keys_max` are in use, all further keys share one.
template <class Key>
class Buckets {
public:
    Buckets(const Rate& rate, std::size_t keys_max) : rate_{rate}, keys_max_{keys_max}, shared_{rate} {}

    [[nodiscard]] Duration take(const Key& key, std::int64_t count, Time now) { return of(key, now).take(count, now); }
    [[nodiscard]] std::size_t size() const noexcept { return buckets_.size(); }

private:
    Bucket& of(const Key& key, Time now)
    {
        if (const auto found = buckets_.find(key); found != buckets_.end()) return found->second;
        if (buckets_.size() >= keys_max_ && now - swept_at_ >= rate_.per) {
            swept_at_ = now; // not for each of a flood of new keys
            std::erase_if(buckets_, [&](const auto& each) { return each.second.is_full(now); });
        }
        if (buckets_.size() >= keys_max_) return shared_;
        return buckets_.try_emplace(key, rate_).first->second;
    }

    Rate rate_;
    std::size_t keys_max_;
    std::map<Key, Bucket> buckets_;
    Bucket shared_;
    Time swept_at_{};
};

/// Gives out moments to come again, one after the other at a steady rate: whoever keeps to his finds nobody else there. Those that would lie
/// further off than `longest` are dealt out anew over its second half.
class Turns {
public:
    Turns(const Rate& rate, Duration longest) noexcept : step_{std::max<std::int64_t>(1, rate.per.count() * 1'000 / rate.count)}, longest_{longest} {}

    /// How long until the next one; at least a second, in whole seconds, as it is told.
    [[nodiscard]] std::chrono::seconds next(Time now) noexcept
    {
        const auto at_now = now.time_since_epoch().count() * 1'000;
        next_ = std::max(next_, at_now) + step_;
        if (next_ - at_now > longest_.count() * 1'000) next_ = at_now + longest_.count() * 500;
        return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(Duration{(next_ - at_now) / 1'000}));
    }

private:
    std::int64_t step_;     ///< microseconds
    Duration longest_;
    std::int64_t next_ = 0; ///< microseconds since 1970
};

} // namespace roadbook
