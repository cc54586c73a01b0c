#include "mobile-app/sync/surrendering.hpp"

#include "shared/protocol/limits.hpp"

#include <algorithm>

namespace roadbook::sync {
namespace {

Bytes frame_of(auto fill)
{
    protocol::v1::ClientFrame frame;
    fill(frame);
    return protocol::write(frame);
}

} // namespace

Result<std::vector<Bytes>> Surrendering::open()
{
    const auto me = vault_.credentials();
    if (!me) return fail(Errc::not_enrolled, "this device is not enrolled: it has no server to hand anything over to");
    return std::vector<Bytes>{frame_of([&](auto& frame) {
        auto& surrender = *frame.mutable_surrender();
        surrender.set_version(protocol::version);
        surrender.set_device(protocol::to_field(me->device));
        surrender.set_token(protocol::to_field(me->token));
        surrender.set_why(why_sent_);
        surrender.set_app_version(ROADBOOK_VERSION);
    })};
}

std::vector<Bytes> Surrendering::receive(ByteView bytes)
{
    if (done_) return {};
    const auto frame = protocol::read_server_frame(bytes);
    if (!frame) return failed(frame.error());
    if (frame->has_refusal()) return failed(Error{errc_from_name(frame->refusal().code()), frame->refusal().message(), {}, frame->refusal().message_zh()});
    if (!frame->has_surrendered()) return failed(fail(Errc::bad_frame, "the server sent something else than it was asked for; nothing is lost, try again"));
    if (!std::exchange(greeted_, true)) return begin();
    if (std::exchange(hand_, Hand::all) == Hand::if_access_ended) {
        if (frame->surrendered().wipe()) return next();
        done_ = true;
        return {};
    }
    if (asked_last_) {
        done_ = true;
        if (!frame->surrendered().wipe()) return {};
        if (const auto wiped = vault_.wipe(); !wiped) return failed(wiped.error());
        wiped_ = true;
        return {frame_of([](auto& answer) { answer.mutable_wiped(); })};
    }
    std::vector<IntentId> kept;
    for (const auto& field : frame->surrendered().intents()) {
        const auto id = IntentId::from(as_bytes(field));
        const auto sent = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& each) { return each.intent == id; });
        if (sent == under_way_.end()) continue;
        kept.push_back(*id);
        if (!sent->is_file_part) ++handed_over_;
        else if (sent->ends_file) ++files_handed_over_;
    }
    // It would come with the same ones for ever; they stay here, and so does the device.
    if (kept.empty()) return failed(fail(Errc::server_busy, "the server has no room for this device's edits and files: they are safe here; try again later, or tell your administrator"));
    vault_.forget(kept);
    return next();
}

/// An empty list asks whether it is to be wiped.
std::vector<Bytes> Surrendering::begin()
{
    if (hand_ == Hand::all) return next();
    return {frame_of([](auto& frame) { frame.mutable_sealed(); })};
}

std::vector<Bytes> Surrendering::next()
{
    const auto sealed = vault_.sealed(protocol::sealed_bytes_max, protocol::sealed_intents_max);
    asked_last_ = sealed.empty();
    under_way_.clear();
    return {frame_of([&](auto& frame) {
        auto& list = *frame.mutable_sealed();
        for (const auto& each : sealed) {
            under_way_.push_back({each.intent, {}, each.is_file_part, each.ends_file});
            auto& made = *list.add_intents();
            made.set_intent(protocol::to_field(each.intent));
            made.set_sealed(protocol::to_field(each.sealed));
            made.set_file_part(each.is_file_part);
        }
    })};
}

std::vector<Bytes> Surrendering::failed(Error why)
{
    failure_ = std::move(why);
    done_ = true;
    return {};
}

} // namespace roadbook::sync
