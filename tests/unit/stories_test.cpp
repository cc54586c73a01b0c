// The player of stories: that it plays what it says, and that it sees when something is not as told.
#include "shared/base/log.hpp"
#include "tests/simulation/run.hpp"
#include "tests/simulation/stories/choices.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/player.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace roadbook;
using namespace roadbook::simulation::stories;
using Catch::Matchers::Contains;

namespace {

int works = 0; ///< of the story below, in one play()

/// Ann and Mona write one field apart; what is told of it is true, or wishful.
class Told : public Story {
public:
    void set_up(Stage& stage) override
    {
        office_.open(stage);
        ann_ = &stage.enrol("ann", office_.ann);
        mona_ = &stage.enrol("mona", office_.mona);
        exchange(stage);
    }
    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) {
                     ++works;
                     stage.at(0, 9);
                     ann_->set(office_.acme, {{"phone", text("1")}});
                     mona_->set(office_.acme, {{"city", text("Kiel")}});
                 },
                 [this](Stage&, Expect& expect) { check(expect); }}};
    }

protected:
    virtual void check(Expect& expect)
    {
        expect.on("mona");
        expect.equal(value(*mona_, office_.acme, "phone"), schema::Value{text("1")}, "the phone");
        expect.equal((*mona_)->history(office_.acme)->size(), 3U, "changes, each made once");
    }
    Office office_;
    Device *ann_ = nullptr, *mona_ = nullptr;
};

class Wishful final : public Told {
    void check(Expect& expect) override
    {
        expect.on("ann");
        expect.equal(value(*ann_, office_.acme, "city"), schema::Value{text("Rome")}, "the city");
    }
};

template <class Kind>
Played play_it(const HowMuch& how_much)
{
    works = 0;
    log::start(log::Level::off); // machines lose power here
    const Listed listed{"told", 0, "a story of the test", [] { return std::unique_ptr<Story>{std::make_unique<Kind>()}; }};
    return play(listed, how_much, simulation::world_folder("stories-test"));
}

} // namespace

TEST_CASE("five devices come in each of their 120 orders, six in as many different ones, and the first is that of enrolment", "[stories]")
{
    for (const std::size_t devices : {1U, 3U, 5U, 6U}) {
        const auto orders = orders_of(devices, orders_max);
        CHECK(orders.size() == std::min(orders_possible(devices), orders_max));
        CHECK(std::set<Order>{orders.begin(), orders.end()}.size() == orders.size());
        CHECK(std::is_sorted(orders.front().begin(), orders.front().end()));
    }
    CHECK(orders_of(5, 7).size() == 7);
    CHECK(orders_of(6, 1'000).size() == orders_max);
}

TEST_CASE("the network is cut after every frame, or after as many different ones as are asked for", "[stories]")
{
    simulation::Chance chance{1};
    CHECK(cuts_of(4, std::nullopt, chance) == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(cuts_of(4, 9, chance).size() == 4);
    const auto some = cuts_of(100, 30, chance);
    CHECK(std::set<std::int64_t>{some.begin(), some.end()}.size() == 30);
    CHECK(*std::min_element(some.begin(), some.end()) >= 1);
    CHECK(*std::max_element(some.begin(), some.end()) <= 100);
}

TEST_CASE("a story is played in all orders, with every cut and with kills, from one beginning", "[stories]")
{
    const auto played = play_it<Told>({std::nullopt, std::nullopt, 40});
    CHECK(played.broken == std::vector<std::string>{});
    CHECK(played.orders == 2);
    CHECK(played.orders_possible == 2);
    CHECK(played.frames > 10);
    CHECK(played.cuts > played.frames);
    CHECK(played.cuts <= 2 * played.frames);
    CHECK(played.kills > 20);
    CHECK(works == 2 + 40); // to learn what there is, for all orders and cuts, and in each play with a kill
}

TEST_CASE("what is not as told is reported with the play in which it was seen", "[stories]")
{
    const auto played = play_it<Wishful>({1, 1, 1});
    REQUIRE(played.broken.size() == 3);
    CHECK_THAT(played.broken[0], Contains("order 0 (ann, mona)") && Contains("ann: the city: \"Kiel\", expected \"Rome\""));
    CHECK_THAT(played.broken[1], Contains("cut after frame"));
    CHECK_THAT(played.broken[2], Contains(" at write "));
}
