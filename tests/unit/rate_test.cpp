// Rates, moments to come again, and waits: on virtual time, so that a storm of two thousand devices takes no time.
#include "mobile-app/sync/backoff.hpp"
#include "shared/base/rate.hpp"
#include "shared/wire/admission.hpp"
#include "sync-server/session/wrong_tries.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <queue>

using namespace roadbook;
using namespace std::chrono_literals;

namespace {

const Time start{Duration{1'000'000'000'000}};

/// One device in a storm: when it comes next, and how often it was told to come again.
struct Caller {
    sync::Backoff backoff{0};
    Time next{start};
    int told = 0;
};

struct Storm {
    Time last_in{start};
    int told_most = 0;
    std::map<std::int64_t, int> handshakes; ///< of the greetings, by second
};

/// Everybody comes to a server that has just restarted, each from an address of its own, as its back-off and the server's hints say.
Storm storm(int devices, bool are_told_at_goodbye)
{
    wire::Admission door;
    Turns goodbye{wire::limits::handshakes, wire::limits::come_again_max};
    std::vector<Caller> callers(static_cast<std::size_t>(devices));
    std::priority_queue<std::pair<Time, int>, std::vector<std::pair<Time, int>>, std::greater<>> queue;
    for (int i = 0; i < devices; ++i) {
        auto& caller = callers[static_cast<std::size_t>(i)];
        caller.backoff = sync::Backoff{static_cast<std::uint32_t>(i + 1)};
        queue.emplace(start + caller.backoff.next(are_told_at_goodbye ? std::optional{goodbye.next(start)} : std::nullopt), i);
    }
    Storm seen;
    while (!queue.empty()) {
        const auto [now, i] = queue.top();
        queue.pop();
        auto& caller = callers[static_cast<std::size_t>(i)];
        const auto ticket = door.admit(fmt::format("10.{}.{}.{}", i / 65'536, i / 256 % 256, i % 256), now);
        REQUIRE(ticket.has_value());
        if (const auto& again = ticket->come_again()) {
            seen.told_most = std::max(seen.told_most, ++caller.told);
            queue.emplace(now + caller.backoff.next(*again), i);
            continue;
        }
        seen.last_in = now;
        ++seen.handshakes[(now - start).count() / 1'000];
    }
    return seen;
}

} // namespace

TEST_CASE("a bucket gives its burst at once, and then as fast as it fills", "[rate]")
{
    Bucket bucket{{10, 5, 1s}};
    auto now = start;
    for (int i = 0; i < 10; ++i) REQUIRE(bucket.take(1, now) == 0ms);
    CHECK(bucket.take(1, now) == 200ms);
    CHECK(bucket.take(1, now + 199ms) == 1ms);
    CHECK(bucket.take(1, now + 200ms) == 0ms);
    now += 1h;
    CHECK(bucket.is_full(now));
    CHECK(bucket.take(25, now) == 0ms); // more than the burst is owed ...
    CHECK(bucket.take(1, now) == 3'200ms);
    CHECK(bucket.take(1, now - 30min) == 3'200ms); // ... also by a clock that is set back
}

TEST_CASE("a day's allowance is exact, and a century of silence is no more than a full bucket", "[rate]")
{
    Bucket bucket{{40'000, 40'000, 24h}};
    auto now = start;
    REQUIRE(bucket.take(40'000, now) == 0ms);
    CHECK(bucket.take(1, now) == 2'160ms);
    now += 24h * 36'500;
    CHECK(bucket.take(40'000, now) == 0ms);
    CHECK(bucket.take(1, now) == 2'160ms);
}

TEST_CASE("buckets are bounded: full ones are forgotten, and beyond the bound strangers share one", "[rate]")
{
    Buckets<int> buckets{{2, 1, 1s}, 100};
    for (int key = 0; key < 100; ++key) CHECK(buckets.take(key, 1, start) == 0ms);
    CHECK(buckets.take(1'000, 2, start) == 0ms);
    CHECK(buckets.take(2'000, 1, start) == 1s); // the same bucket
    CHECK(buckets.size() == 100);
    CHECK(buckets.take(3'000, 1, start + 10s) == 0ms);
    CHECK(buckets.size() == 1);
}

TEST_CASE("turns are dealt out one after the other, and never further off than the longest", "[rate]")
{
    Turns turns{{400, 200, 1s}, 60s};
    std::map<std::chrono::seconds, int> told;
    for (int i = 0; i < 10'000; ++i) ++told[turns.next(start)];
    CHECK(told.begin()->first == 1s);
    CHECK(told.rbegin()->first == 50s);
    for (const auto& [seconds, count] : told) CHECK(count <= 200);
    for (int i = 0; i < 10'000; ++i) CHECK(turns.next(start) <= 60s);
    CHECK(turns.next(start + 2min) == 1s);
}

TEST_CASE("a device waits with full jitter, longer each time, and never less than the server asks", "[rate]")
{
    sync::Backoff backoff{7};
    auto most = 0ms;
    for (int i = 0; i < 200; ++i) {
        const auto wait = backoff.next();
        CHECK(wait >= 500ms);
        CHECK(wait <= 60s);
        if (i == 0) CHECK(wait <= 1s);
        most = std::max(most, wait);
    }
    CHECK(most > 50s);
    backoff.reset();
    for (int i = 0; i < 100; ++i) {
        const auto wait = backoff.next(10s);
        CHECK(wait >= 10s);
        CHECK(wait <= 10'500ms); // being told is no failure: the wait does not grow
    }
}

TEST_CASE("two thousand devices that lose their server in one instant come back spread out, none of them late", "[rate]")
{
    const auto told_at_goodbye = GENERATE(false, true);
    const auto seen = storm(2'000, told_at_goodbye);
    const auto rate = wire::limits::handshakes;
    for (const auto& [second, count] : seen.handshakes) CHECK(count <= rate.burst + rate.count);
    CHECK(seen.last_in - start <= 20s); // 10 s would be the least at this rate
    CHECK(seen.told_most <= 8);
    INFO("last in after " << (seen.last_in - start).count() << " ms");
    CHECK(seen.handshakes.size() >= 5);
}

TEST_CASE("guesses are bounded for an address and in all, and few of them are written down", "[rate]")
{
    server::WrongTries tries{server::Rates{}};
    auto now = start;
    int tried = 0;
    std::int64_t entries = 0;
    std::int64_t told = 0;
    for (; tries.must_wait("192.0.2.1", now).count() == 0; ++tried)
        if (const auto count = tries.note("192.0.2.1", now)) {
            ++entries;
            told += count;
        }
    CHECK(tried == 21); // one over the burst shows that it is used up
    CHECK(entries == 10);
    CHECK(tries.must_wait("192.0.2.1", now) == 30s);
    CHECK(tries.must_wait("192.0.2.2", now) == 0s);
    now += 1min;
    told += tries.note("192.0.2.2", now);
    CHECK(told == 22); // the ones in between are in the next entry's count

    int all = 0;
    for (int address = 0; tries.must_wait(fmt::format("a{}", address), now).count() == 0; ++address, ++all) (void)tries.note(fmt::format("a{}", address), now);
    CHECK(all <= 301);
    CHECK(tries.must_wait("somebody else", now).count() > 0);
    CHECK(tries.must_wait("somebody else", now + 1s).count() == 0);
}
