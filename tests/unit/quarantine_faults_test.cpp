// Taking back, giving up and hearing of decisions, with the link cut and the device killed after each frame: an edit takes effect once, and is in one
// place.
#include "tests/support/refused_office.hpp"

using namespace roadbook;
using namespace roadbook::testing;
using State = replica::RefusedEdit::State;

namespace {

/// One connection that ends after so many frames, in either direction. False: it came to its end before.
bool sync_cut(Company& company, Device& device, int frames)
{
    sync::SyncClient client{device.replica()};
    Connection connection{company};
    std::deque<Bytes> up;
    bool is_cut = false;
    const auto passes = [&] { return !(is_cut = is_cut || frames-- <= 0); };
    for (auto& frame : client.open().value()) up.push_back(std::move(frame));
    while (!up.empty() && !is_cut) {
        const auto frame = std::move(up.front());
        up.pop_front();
        if (!passes()) break;
        for (const auto& answer : connection.send_bytes(frame)) {
            if (!passes()) break;
            for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
        }
    }
    company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
    return is_cut;
}

/// How often the edit is in the record's history, in quarantine, in the outbox and in the list of refused ones.
void check_places(RefusedOffice& office)
{
    const auto here = office.ann->outbox().size() + office.ann->refused().size();
    CHECK(here <= 1); // one or the other; neither once the server has taken it
    CHECK(office.company.hub().kept_edits().size() <= 1);
}

int times_in_history(Device& device, const RecordId& record, std::string_view path)
{
    int times = 0;
    for (const auto& entry : device->history(record).value())
        for (const auto& set : entry.sets) times += set.path == path;
    return times;
}

} // namespace

TEST_CASE("a mended edit is accepted once, wherever the link breaks and the device is killed", "[quarantine]")
{
    for (int frames = 0;; ++frames) {
        CAPTURE(frames);
        RefusedOffice office;
        auto& company = office.company;
        office.as(schema::Role::finance, [&] {
            REQUIRE(office.ann->set(company.acme, {{"credit_limit", Money{100, "EUR"}}, {"phone", text("1")}}).has_value());
        });
        REQUIRE(office.ann->resend(office.ann->refused().at(0).intent, {{{"phone", text("2")}}, {"credit_limit"}}).has_value());
        check_places(office);
        const bool is_cut = sync_cut(company, office.ann, frames);
        office.ann.close();
        office.ann.open();
        check_places(office);
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->outbox().empty());
        CHECK(office.ann->refused().empty());
        CHECK(company.hub().kept_edits().empty());
        CHECK(times_in_history(office.ann, company.acme, "phone") == 1);
        CHECK(server_value(company, company.acme, "phone") == text("2"));
        if (!is_cut) break;
    }
}

TEST_CASE("mended here and released there at the same time, an edit takes effect once, wherever the link breaks", "[quarantine]")
{
    for (int frames = 0;; ++frames) {
        CAPTURE(frames);
        RefusedOffice office;
        auto& company = office.company;
        office.as(schema::Role::finance, [&] {
            REQUIRE(office.ann->set(company.acme, {{"credit_limit", Money{100, "EUR"}}, {"phone", text("1")}}).has_value());
        });
        REQUIRE(office.ann->resend(office.ann->refused().at(0).intent, {{{"phone", text("2")}}, {"credit_limit"}}).has_value());
        const bool is_cut = sync_cut(company, office.ann, frames);
        const bool was_released = company.hub().release("1", {company.mona, {}}).has_value();
        office.ann.close();
        office.ann.open();
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(times_in_history(office.ann, company.acme, "phone") == 1);
        CHECK(server_value(company, company.acme, "phone") == text(was_released ? "1" : "2"));
        CHECK(office.ann->refused().size() == (was_released ? 1U : 0U)); // what was mended in vain
        CHECK(company.hub().kept_edits().size() == (was_released ? 1U : 0U));
        if (!is_cut) break;
    }
}

TEST_CASE("an edit given up is gone on both ends in the end, and a decision is heard, wherever the link breaks", "[quarantine]")
{
    enum class Case { dropped, released, returned, discarded };
    for (const auto which : {Case::dropped, Case::released, Case::returned, Case::discarded})
        for (int frames = 0;; ++frames) {
            CAPTURE(static_cast<int>(which), frames);
            RefusedOffice office;
            auto& hub = office.company.hub();
            office.refuse_limit(100);
            if (which == Case::dropped) CHECK_FALSE(office.ann->drop(office.ann->refused().at(0).intent).value());
            if (which == Case::released) REQUIRE(hub.release("1", {}).has_value());
            if (which == Case::returned) REQUIRE(hub.give_back("1", {}, "mend it").has_value());
            if (which == Case::discarded) REQUIRE(hub.discard("1", {}, "no").has_value());
            const bool is_cut = sync_cut(office.company, office.ann, frames);
            office.ann.close();
            office.ann.open();
            REQUIRE(office.ann.sync().code == Errc::ok);
            if (which == Case::dropped) CHECK(office.ann->refused().empty());
            else CHECK(office.states() == std::vector{which == Case::released ? State::released : which == Case::returned ? State::returned : State::discarded});
            CHECK(hub.kept_edits().size() == (which == Case::returned ? 1U : 0U));
            if (!is_cut) break;
        }
}

TEST_CASE("edits that were stranded here are handed over once, wherever the link breaks", "[quarantine]")
{
    for (int frames = 0;; ++frames) {
        CAPTURE(frames);
        RefusedOffice office;
        auto& company = office.company;
        office.as(schema::Role::finance, [&] {
            const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", company.north}, {"credit_limit", Money{100, "EUR"}}}).value().record;
            REQUIRE(office.ann->set(account, {{"phone", text("1")}}).has_value());
        });
        REQUIRE(office.states() == std::vector{State::kept, State::here});
        const bool is_cut = sync_cut(company, office.ann, frames);
        office.ann.close();
        office.ann.open();
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(company.hub().kept_edits().size() == 2);
        CHECK(office.states() == std::vector{State::kept, State::kept});
        if (!is_cut) break;
    }
}
