#pragma once
// Wrong codes and passwords: how many an address, and all of them together, may still try, and when that is written down.
#include "sync-server/session/allowances.hpp"

#include <string>
#include <utility>

namespace roadbook::server {

/// Pure: it is told the time. A right code or password costs nothing.
class WrongTries {
public:
    explicit WrongTries(const Rates& rates) : by_address_{rates.wrong_tries_per_address, limits::addresses_counted_max}, in_all_{rates.wrong_tries}, noted_{limits::wrong_tries_noted} {}

    /// Zero: it may try. Else nothing is looked at, so that no answer depends on what was tried.
    [[nodiscard]] std::chrono::seconds must_wait(const std::string& address, Time now)
    {
        const auto held = held_.find(address);
        if (held != held_.end() && now >= held->second) held_.erase(held);
        else if (held != held_.end()) return std::chrono::ceil<std::chrono::seconds>(held->second - now);
        return now < all_held_ ? std::chrono::ceil<std::chrono::seconds>(all_held_ - now) : std::chrono::seconds{0};
    }
    /// One was wrong. How many there were since the last time that this said so; zero: not to be written down now.
    [[nodiscard]] std::int64_t note(const std::string& address, Time now)
    {
        hold(address, by_address_.take(address, 1, now), now);
        if (const auto wait = in_all_.take(1, now); wait > Duration{0}) all_held_ = now + wait;
        ++untold_;
        return noted_.take(1, now) == Duration{0} ? std::exchange(untold_, 0) : 0;
    }

private:
    void hold(const std::string& address, Duration wait, Time now)
    {
        if (wait == Duration{0}) return;
        if (held_.size() >= limits::addresses_counted_max) std::erase_if(held_, [&](const auto& each) { return each.second <= now; });
        if (held_.size() < limits::addresses_counted_max) held_[address] = now + wait;
    }

    Buckets<std::string> by_address_;
    Bucket in_all_;
    Bucket noted_;
    std::map<std::string, Time> held_;
    Time all_held_{};
    std::int64_t untold_ = 0;
};

} // namespace roadbook::server
