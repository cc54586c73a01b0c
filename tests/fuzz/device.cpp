// A whole device without its socket: any frames from what it takes for its server. Whatever they say, its records open again and it goes on.
#include "tests/fuzz/frames_in.hpp"
#include "tests/support/company.hpp"

using namespace roadbook;
using namespace roadbook::testing;

namespace {

/// What a real server says in a first sync, and in a later one with news.
std::vector<Bytes> honest_dialogues()
{
    Company company;
    Device ann{company, "ann", company.ann};
    std::vector<Bytes> all;
    const auto record = [&] {
        sync::SyncClient client{ann.replica()};
        Connection connection{company};
        Bytes heard;
        std::deque<Bytes> up;
        for (auto& frame : client.open().value()) up.push_back(std::move(frame));
        for (; !up.empty(); up.pop_front())
            for (const auto& answer : connection.send_bytes(up.front())) {
                fuzz::add_frame(heard, protocol::write(answer));
                for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
            }
        company.core().lost(connection.id(), fail(Errc::link_lost, "recorded"));
        all.push_back(std::move(heard));
    };
    record();
    company.apply(edit(company.acme, "account", {{"phone", std::string{"030 1"}}}));
    company.apply(creation(company.new_record(), "visit", {{"subject", std::string{"Tea"}}, {"account", company.acme}}));
    record();
    company.apply(edit(company.north, "territory", {{"holder", company.ben}})); // withdrawn
    record();
    return all;
}

struct World {
    Company company;
    Device ann{company, "ann", company.ann};
};

World& world()
{
    constexpr int inputs_max = 200;
    static std::unique_ptr<World> current;
    static int inputs = 0;
    if (!current || inputs++ % inputs_max == 0) {
        current.reset();
        current = std::make_unique<World>();
    }
    return *current;
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    return honest_dialogues();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto& world = ::world();
    sync::SyncClient client{world.ann.replica()};
    static_cast<void>(client.open());
    for (const auto& frame : fuzz::frames_in(fuzz::view_of(data, size))) {
        if (client.is_closed()) break;
        static_cast<void>(client.receive(frame));
    }
    if (!client.is_closed()) client.lost(fail(Errc::link_lost, "the input is over"));
    world.ann.close();
    fuzz::must(world.ann.try_open().has_value(), "a device opens again after whatever it was told");
    return 0;
}
