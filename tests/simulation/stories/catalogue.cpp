#include "tests/simulation/stories/story.hpp"

#include <array>

namespace roadbook::simulation::stories {

std::span<const Listed> all_stories()
{
    static constexpr std::array all{
        Listed{"offline-day", 1, "a rep's day without a network: 13 records, 7 photos, two kills", offline_day},
        Listed{"two-prices", 2, "one product is quoted to one customer from two price lists", two_prices},
        Listed{"one-quote", 3, "two reps change one quote apart, and their manager settles it", one_quote},
        Listed{"moved-territory", 4, "a territory is moved while its rep is three days away with 40 edits", moved_territory},
        Listed{"moved-territory-sealed", 4, "the same with an encrypted device", moved_territory_encrypted},
        Listed{"two-managers", 0, "two managers hand one territory over apart, to different people", two_managers},
        Listed{"accepted-too-late", 5, "an engineer accepts work that was given to another one meanwhile", accepted_too_late},
        Listed{"two-dispatchers", 5, "two dispatchers send two engineers to one customer, apart", two_dispatchers},
        Listed{"van-stock", 6, "two engineers use parts of one van and the store adds one, all apart", van_stock},
        Listed{"van-stock-overdrawn", 6, "they use more than there was: a recount, and both reports stay whole", van_stock_overdrawn},
        Listed{"cancelled-work", 7, "a work order is cancelled, and done by an engineer who has no network", cancelled_work},
        Listed{"cancel-seen", 7, "the engineer syncs before he completes it, and sees the cancel first", cancel_seen},
        Listed{"fast-clock", 8, "a device's clock is two days fast", fast_clock},
        Listed{"lost-device", 9, "a device is lost, replaced, and comes back", lost_device},
        Listed{"trip", 10, "trip expenses in two currencies are approved while one of them is changed, and paid once", trip},
    };
    return all;
}

std::string detail::said(const schema::Value& value)
{
    return std::visit(
        [](const auto& one) {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::monostate>) return std::string{"nothing"};
            else return said(one);
        },
        value);
}

} // namespace roadbook::simulation::stories
