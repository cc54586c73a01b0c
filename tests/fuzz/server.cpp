// A whole server without its sockets: any frames, from a stranger or from a device that has a good token. Whatever they say, what it answers is frames,
// and an honest device goes on beside it. Enrolment codes, passwords, sealed edits, parts of files and enquiries are read on the way.
#include "conflict/merge/genesis.hpp"
#include "tests/fuzz/frames_in.hpp"
#include "tests/support/company.hpp"
#include "tests/support/sample_record.hpp"

using namespace roadbook;
using namespace roadbook::testing;

namespace {

struct World {
    Company company;
    Device ann{company, "ann", company.ann}, ben{company, "ben", company.ben};
    World() { must_be_quiet(); }
    void must_be_quiet() { fuzz::must(ben.sync().code == Errc::ok, "an honest device notices nothing"); }
};

/// What it was told stays in a server: now and then a new one begins.
World& world()
{
    constexpr int inputs_max = 500;
    static std::unique_ptr<World> current;
    static int inputs = 0;
    if (!current || inputs++ % inputs_max == 0) {
        if (current) current->must_be_quiet();
        current.reset();
        current = std::make_unique<World>();
    }
    return *current;
}

v1::ClientFrame a_push(World& world, const merge::Intent& intent)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(1);
    auto& change = *frame.mutable_push()->mutable_plain()->add_changes();
    change.set_document(protocol::to_field(intent.record));
    change.set_intent(protocol::to_field(new_id<IntentId>(world.company.clock().now(), world.company.chance())));
    auto document = merge::new_document(*schema::find_kind(intent.kind));
    change.set_change(protocol::to_field(ByteView{document.commit(an_actor(70), merge::edits_of(intent).value()).value().value().bytes}));
    return frame;
}

Bytes a_dialogue(unsigned who, std::initializer_list<v1::ClientFrame> frames)
{
    Bytes content;
    for (const auto& frame : frames) fuzz::add_frame(content, protocol::write(frame));
    return fuzz::chosen({who}, content);
}

constexpr unsigned stranger = 0, greeted = 1;

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    auto& world = ::world();
    std::vector<Bytes> all;
    v1::ClientFrame enrol;
    enrol.mutable_enrol()->set_version(1);
    enrol.mutable_enrol()->set_code("ABCD-EFGH-JKMN-PQRS");
    enrol.mutable_enrol()->set_device_name("phone");
    all.push_back(a_dialogue(stranger, {enrol}));
    enrol.mutable_enrol()->set_person("Ann");
    enrol.mutable_enrol()->set_password("a long password of hers");
    all.push_back(a_dialogue(stranger, {enrol}));
    all.push_back(a_dialogue(stranger, {world.ann.hello()}));
    v1::ClientFrame surrender, sealed;
    surrender.mutable_surrender()->set_version(1);
    surrender.mutable_surrender()->set_device(world.ann.hello().hello().device());
    surrender.mutable_surrender()->set_token(world.ann.hello().hello().token());
    surrender.mutable_surrender()->set_why("pin");
    sealed.mutable_sealed()->add_intents()->set_sealed(std::string(80, 's'));
    sealed.mutable_sealed()->mutable_intents(0)->set_intent(std::string(16, 'i'));
    all.push_back(a_dialogue(stranger, {surrender, sealed}));

    const auto visit = creation(world.company.new_record(), "visit", {{"subject", std::string{"Tea"}}, {"account", world.company.acme}});
    const auto task = creation(world.company.new_record(), "task", {{"subject", std::string{"Call"}}, {"owner", world.company.ann}});
    v1::ClientFrame credit, drained, put, ask, offer, preview, quarantine;
    credit.mutable_credit()->set_bytes(1'000);
    drained.mutable_drained()->set_grant_epoch(1);
    put.mutable_put_part()->set_document(protocol::to_field(visit.record));
    put.mutable_put_part()->set_sha256(std::string(32, 'h'));
    put.mutable_put_part()->set_data("photo");
    ask.mutable_ask_part()->set_document(protocol::to_field(visit.record));
    ask.mutable_ask_part()->set_sha256(std::string(32, 'h'));
    ask.mutable_ask_part()->set_bytes_max(1'000);
    offer.mutable_offer()->add_records()->set_document(protocol::to_field(visit.record));
    offer.mutable_offer()->mutable_records(0)->set_hashes(std::string(16, 'h'));
    preview.mutable_enquiry()->set_ticket(1);
    preview.mutable_enquiry()->mutable_handover()->set_territory(protocol::to_field(world.company.north));
    preview.mutable_enquiry()->mutable_handover()->set_to(protocol::to_field(world.company.ben));
    quarantine.mutable_enquiry()->set_ticket(2);
    quarantine.mutable_enquiry()->mutable_quarantine();
    all.push_back(a_dialogue(greeted, {a_push(world, visit), credit}));
    all.push_back(a_dialogue(greeted, {a_push(world, task), put, ask}));
    all.push_back(a_dialogue(greeted, {drained, offer}));
    all.push_back(a_dialogue(greeted, {preview, quarantine}));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto& world = ::world();
    fuzz::Choices input{fuzz::view_of(data, size)};
    world.company.clock().advance(std::chrono::minutes{1}); // what somebody used up comes back
    Connection connection{world.company};
    if (input.below(2) == greeted) static_cast<void>(connection.send(world.ann.hello()));
    for (const auto& frame : fuzz::frames_in(input.rest())) {
        if (connection.is_closed()) break;
        static_cast<void>(connection.send_bytes(frame));
    }
    if (!connection.is_closed()) world.company.core().lost(connection.id(), fail(Errc::link_lost, "the input is over"));
    static_cast<void>(world.company.core().take_output());
    return 0;
}
