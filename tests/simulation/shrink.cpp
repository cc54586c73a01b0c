#include "tests/simulation/shrink.hpp"

#include <algorithm>
#include <cctype>

namespace roadbook::simulation {
namespace {

/// The words of it alone: ids, numbers and values differ from run to run.
std::string kind_of(const Outcome& outcome)
{
    std::string kind, word;
    for (const char c : outcome.broken.front().substr(0, outcome.broken.front().find('\n')) + " ") {
        if (c != ' ') {
            word += c;
            continue;
        }
        if (std::all_of(word.begin(), word.end(), [](unsigned char letter) { return std::isalpha(letter) != 0; })) kind += word + " ";
        word.clear();
    }
    return kind;
}

class Shrinking {
public:
    Shrinking(Shrunk& best, std::filesystem::path folder, int orders, std::chrono::seconds time_max)
        : best_{best}, folder_{std::move(folder)}, orders_{orders}, kind_{kind_of(best.outcome)}, until_{std::chrono::steady_clock::now() + time_max}
    {
    }

    void run()
    {
        leave_out_steps();
        const auto devices = best_.outcome.devices;
        for (const auto& device : devices) {
            auto fewer = best_.setting;
            fewer.without_devices.insert(device);
            (void)attempt(fewer);
        }
        if (best_.outcome.devices.size() < devices.size()) leave_out_steps();
    }

private:
    /// Half of them, then a quarter ... then one by one.
    void leave_out_steps()
    {
        for (auto stretch = static_cast<std::size_t>(best_.outcome.steps) / 2; stretch > 0 && !is_over(); stretch /= 2)
            for (std::size_t from = 0; from < steps_left().size() && !is_over();)
                if (!leave_out(from, stretch)) from += stretch;
    }

    [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() > until_; }

    [[nodiscard]] std::vector<int> steps_left() const
    {
        std::vector<int> left;
        for (int step = 1; step <= best_.outcome.steps; ++step)
            if (!best_.setting.without_steps.contains(step)) left.push_back(step);
        return left;
    }

    bool leave_out(std::size_t from, std::size_t stretch)
    {
        const auto left = steps_left();
        auto fewer = best_.setting;
        for (auto i = from; i < std::min(from + stretch, left.size()); ++i) fewer.without_steps.insert(left[i]);
        return attempt(fewer);
    }

    bool attempt(const Setting& setting)
    {
        if (is_over()) return false;
        ++best_.runs;
        auto outcome = run_world(setting, folder_, orders_);
        if (outcome.broken.empty() || kind_of(outcome) != kind_) return false;
        best_.setting = setting;
        best_.outcome = std::move(outcome);
        return true;
    }

    Shrunk& best_;
    std::filesystem::path folder_;
    int orders_;
    std::string kind_;
    std::chrono::steady_clock::time_point until_;
};

} // namespace

Shrunk shrink(const Setting& setting, Outcome broken, const std::filesystem::path& folder, int orders, std::chrono::seconds time_max)
{
    Shrunk best{setting, std::move(broken), 0};
    Shrinking{best, folder, orders, time_max}.run();
    return best;
}

} // namespace roadbook::simulation
