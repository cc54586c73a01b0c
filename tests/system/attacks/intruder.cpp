#include "tests/system/attacks/intruder.hpp"

#include "conflict/merge/genesis.hpp"
#include "shared/base/retry.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"

#include <fmt/format.h>

namespace roadbook::attacks {
namespace {

wire::Wire dial(Arena& arena, std::uint32_t from)
{
    const auto url = wire::Url::parse(arena.url()).value();
    const auto trust = wire::ClientTls::pinned(arena.pin()).value();
    wire::Options options;
    options.from_ipv4 = from == 0 ? arena.fresh_address() : from;
    auto connected = testing::run(arena.io(), wire::connect(arena.io().get_executor(), url, trust, options));
    if (!connected) throw std::runtime_error{"the server does not let anybody in: " + connected.error().message};
    return std::move(*connected);
}

} // namespace

v1::ClientFrame enrolment(const std::string& code)
{
    v1::ClientFrame frame;
    frame.mutable_enrol()->set_version(protocol::version);
    frame.mutable_enrol()->set_code(code);
    return frame;
}

v1::ClientFrame hello(const Credentials& who)
{
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version(protocol::version);
    frame.mutable_hello()->set_device(who.device);
    frame.mutable_hello()->set_token(who.token);
    frame.mutable_hello()->set_credit(protocol::credit_bytes);
    return frame;
}

v1::ClientFrame push(std::uint64_t batch, const v1::ChangeList& changes)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(batch);
    protocol::fill(*frame.mutable_push(), changes);
    return frame;
}

std::string name_of(const v1::ServerFrame& frame)
{
    switch (frame.body_case()) {
    case v1::ServerFrame::kRefusal: return "refused " + frame.refusal().code();
    case v1::ServerFrame::kEnrolled: return "enrolled";
    case v1::ServerFrame::kWelcome: return "welcome";
    case v1::ServerFrame::kPartKept: return "file " + (frame.part_kept().code().empty() ? "taken" : frame.part_kept().code());
    case v1::ServerFrame::kPart: return "file " + (frame.part().code().empty() ? "sent" : frame.part().code());
    case v1::ServerFrame::kReply: return "reply " + (frame.reply().code().empty() ? "told" : frame.reply().code());
    case v1::ServerFrame::kPurge: return fmt::format("purge of {} scopes", frame.purge().scopes_size());
    default: return fmt::format("frame {}", static_cast<int>(frame.body_case()));
    }
}

std::string name_of(const v1::Answer& answer)
{
    switch (answer.status()) {
    case v1::REFUSED: return "REFUSED " + answer.code();
    case v1::NEED: return "NEED";
    case v1::WAITING: return "WAITING " + answer.code();
    case v1::STRANDED: return "STRANDED";
    default: return "accepted";
    }
}

Intruder::Intruder(Arena& arena, std::uint32_t from) : arena_{arena}, wire_{dial(arena, from)} {}

Intruder::Intruder(Arena& arena, const Credentials& who) : Intruder{arena}
{
    send(hello(who));
    for (bool is_there = false; !is_there;) {
        const auto frame = read();
        if (!frame || frame->has_refusal()) throw std::runtime_error{"the intruder's own token does not hold"};
        is_there = frame->has_caught_up() || (frame->has_welcome() && frame->welcome().up_to_date());
    }
}

void Intruder::send_bytes(ByteView bytes)
{
    static_cast<void>(testing::run(arena_.io(), wire_.write(bytes)));
}

void Intruder::keep(const v1::ServerFrame& frame)
{
    if (frame.has_page()) scopes_.insert(frame.page().scope());
    if (!frame.has_pack()) return;
    scopes_.insert(frame.pack().scope());
    const auto list = protocol::records_of(frame.pack()).value(); // a Hello of revision 0 gets whole blocks
    for (const auto& record : list.records()) records_[RecordId::from(as_bytes(record.document())).value()] = to_bytes(as_bytes(record.saved()));
}

std::optional<v1::ServerFrame> Intruder::read()
{
    const auto bytes = testing::run(arena_.io(), wire_.read());
    if (!bytes) return std::nullopt;
    auto frame = protocol::read_server_frame(*bytes).value();
    keep(frame);
    return frame;
}

std::optional<v1::ServerFrame> Intruder::ask(const v1::ClientFrame& frame)
{
    send(frame);
    auto answer = read();
    while (answer && (answer->has_page() || answer->has_pack() || answer->has_grants())) answer = read(); // what happens meanwhile is told, too
    return answer;
}

std::string Intruder::end()
{
    std::string last = "nothing said";
    while (const auto frame = read())
        if (!frame->has_page() && !frame->has_pack()) last = name_of(*frame);
    const auto code = wire_.closed_by_peer();
    return fmt::format("{}, closed {}", last, code ? std::to_string(static_cast<int>(*code)) : "without a word");
}

std::string Intruder::end_after(const v1::ClientFrame& frame)
{
    send(frame);
    return end();
}

v1::Answers Intruder::push_all(const v1::ChangeList& changes)
{
    send(push(next_batch(), changes));
    while (auto frame = read()) {
        if (frame->has_answers()) return frame->answers();
        if (frame->has_refusal()) throw std::runtime_error{"the push was refused: " + frame->refusal().message()};
    }
    throw std::runtime_error{"the connection ended before the answers came"};
}

std::string Intruder::push_one(const RecordId& record, ByteView change)
{
    v1::ChangeList list;
    auto& pushed = *list.add_changes();
    pushed.set_document(protocol::to_field(record));
    pushed.set_change(protocol::to_field(change));
    pushed.set_intent(protocol::to_field(new_id<IntentId>(system_clock().now(), system_random())));
    const auto answers = push_all(list);
    return answers.exceptions_size() == 0 ? "accepted" : name_of(answers.exceptions(0));
}

ActorId new_actor()
{
    ActorId actor;
    system_random().fill(actor.bytes);
    return actor;
}

Bytes change_on(ByteView saved, const std::vector<automerge::Edit>& edits)
{
    return automerge::Document::load(saved).value().commit(new_actor(), edits).value().value().bytes;
}

Bytes change_on_new(std::string_view kind, const std::vector<automerge::Edit>& edits)
{
    return merge::new_document(*schema::find_kind(kind)).commit(new_actor(), edits).value().value().bytes;
}

Bytes change_of(const merge::Intent& creation)
{
    return change_on_new(creation.kind, merge::edits_of(creation).value());
}

std::unique_ptr<testing::RawPeer> raw_peer(Arena& arena)
{
    auto peer = std::make_unique<testing::RawPeer>(arena.io(), arena.port(), arena.fresh_address());
    if (peer->start_tls() || peer->upgrade() != "HTTP/1.1 101 Switching Protocols") throw std::runtime_error{"the server does not let anybody in"};
    return peer;
}

} // namespace roadbook::attacks
