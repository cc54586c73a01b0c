#pragma once
#include "tests/support/patience.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace roadbook::testing {

/// A test that hangs is a failed test, and says so long before the harness kills it.
inline constexpr std::chrono::seconds hang_limit{60 * patience};

/// Runs `context` until `work` is done and returns its result; whatever else was spawned on it runs beside.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> work)
{
    std::optional<std::pair<std::exception_ptr, std::optional<T>>> outcome;
    boost::asio::co_spawn(
        context,
        [](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<std::optional<T>> {
            co_return co_await std::move(inner);
        }(std::move(work)),
        [&](std::exception_ptr failure, std::optional<T> value) { outcome.emplace(failure, std::move(value)); });
    const auto give_up = std::chrono::steady_clock::now() + hang_limit;
    context.restart();
    while (!outcome && context.run_one_until(give_up) != 0) {
    }
    if (!outcome) throw std::runtime_error{"the coroutine hangs, or waits for something that will not come"};
    if (outcome->first) std::rethrow_exception(outcome->first);
    return std::move(*outcome->second);
}

inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> work)
{
    run<bool>(context, [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    }(std::move(work)));
}

/// Starts `work` beside the test; it ends with the context at the latest.
inline void start(boost::asio::io_context& context, boost::asio::awaitable<void> work)
{
    boost::asio::co_spawn(context, std::move(work), boost::asio::detached);
}

} // namespace roadbook::testing
