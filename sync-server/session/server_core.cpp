#include "sync-server/session/server_core.hpp"

#include "shared/base/log.hpp"
#include "shared/base/overloaded.hpp"
#include "shared/base/retry.hpp"
#include "sync-server/session/inside.hpp"

#include <fmt/format.h>

namespace roadbook::server {
namespace {

using Session = protocol::ServerSession;

/// Beyond the moments that the server can take them in again, so that those who come without having been told find room, too.
constexpr auto return_slack = std::chrono::seconds{3};
constexpr std::size_t returning_a_second = 100;

/// Of another server's epoch it counts as none.
std::uint64_t heard_before(const protocol::v1::Hello& hello, const protocol::v1::Welcome& welcome)
{
    return hello.server_epoch() == welcome.server_epoch() ? hello.refused().decisions_heard() : 0;
}

std::uint64_t last_decision(std::uint64_t before, const protocol::v1::RefusedNews& news)
{
    return news.decisions_size() == 0 ? before : news.decisions(news.decisions_size() - 1).number();
}

bool is_greeted(const Session& session)
{
    return session.state() == Session::State::exchanging || session.state() == Session::State::surrendering;
}

} // namespace

ConnectionId ServerCore::connect(const std::string& address)
{
    const auto id = next_++;
    peers_.try_emplace(id).first->second.address = address;
    return id;
}

void ServerCore::receive(ConnectionId id, ByteView frame)
{
    drive(id, Session::Received{frame});
}

void ServerCore::lost(ConnectionId id, const Error& why)
{
    drive(id, Session::LinkLost{why});
    std::erase(readers_, id);
    peers_.erase(id);
}

void ServerCore::end(ConnectionId id, const Error& why)
{
    drive(id, Session::Ended{why});
}

void ServerCore::end_all(const Error& why)
{
    std::vector<ConnectionId> all;
    for (const auto& [id, peer] : peers_) all.push_back(id);
    const auto window = return_slack + std::chrono::seconds{all.size() / returning_a_second};
    for (const auto id : all) {
        if (why.code != Errc::server_busy) {
            drive(id, Session::Ended{why});
            continue;
        }
        const auto drawn = std::to_integer<unsigned>(hub_.random().bytes(1).front()); // where in the window: in 256 parts
        drive(id, Session::Ended{busy({why.message, why.message_zh}, std::chrono::seconds{1} + window * drawn / 256)});
    }
}

bool ServerCore::is_greeted(ConnectionId id) const
{
    const auto peer = peers_.find(id);
    return peer != peers_.end() && server::is_greeted(peer->second.session);
}

DeviceId ServerCore::device_of(ConnectionId id) const
{
    const auto peer = peers_.find(id);
    return peer == peers_.end() ? DeviceId{} : peer->second.caller.device;
}

void ServerCore::read_page(ConnectionId id)
{
    std::erase(readers_, id);
    const auto peer = peers_.find(id);
    if (peer == peers_.end() || !peer->second.read) return;
    const auto read = *std::exchange(peer->second.read, std::nullopt);
    const auto& caller = peer->second.caller;
    std::visit(Overloaded{[&](const Session::ReadFeed& feed) { drive(id, hub_.read_feed(caller, feed.scope, feed.after, feed.stretch)); },
                          [&](const Session::ReadAhead& ahead) { drive(id, hub_.read_ahead(caller, ahead.scope, ahead.after, ahead.stretch)); }},
               read);
}

std::vector<Output> ServerCore::take_output()
{
    return std::exchange(output_, {});
}

/// Carries out what a session decides until it waits for its device or for the next commit.
void ServerCore::drive(ConnectionId id, const Session::Event& first)
{
    std::deque<Session::Event> events{first};
    while (!events.empty()) {
        const auto found = peers_.find(id);
        if (found == peers_.end()) return;
        auto& peer = found->second;
        const auto event = std::move(events.front());
        events.pop_front();
        const auto carry_out = Overloaded{
            [&](Session::Send& send) { output_.push_back({id, std::make_shared<const Bytes>(std::move(send.frame)), {}}); },
            [&](Session::CheckEnrolment& check) { events.emplace_back(Session::EnrolmentDone{hub_.enrol(check.enrol, peer.address)}); },
            [&](Session::CheckHello& check) {
                auto greeting = hub_.greet(check.hello);
                if (!greeting) return events.emplace_back(Session::HelloChecked{greeting.error(), {}}), void();
                peer.caller = greeting->caller;
                crowd_out(peer.caller.device);
                peer.decisions_told = last_decision(heard_before(check.hello, greeting->welcome), greeting->welcome.refused());
                events.emplace_back(Session::HelloChecked{std::move(greeting->welcome), std::move(greeting->heads), std::move(greeting->void_cursors)});
            },
            [&](Session::CheckSurrender& check) {
                auto caller = hub_.check_surrender(check.surrender);
                if (!caller) return events.emplace_back(Session::SurrenderChecked{caller.error()}), void();
                peer.caller = *caller;
                crowd_out(peer.caller.device);
                peer.surrender_why = check.surrender.why();
                events.emplace_back(Session::SurrenderChecked{Result<void>{}});
            },
            [&](Session::KeepSealed& keep) {
                events.emplace_back(Session::SealedKept{hub_.keep_surrendered(peer.caller, peer.surrender_why, keep.sealed)});
            },
            [&](Session::NoteWiped&) { hub_.note_wiped(peer.caller); },
            [&](Session::Commit& commit) { queue_push(id, peer, commit); },
            [&](Session::ReadFeed& read) {
                if (reading_ == Reading::at_once) return events.emplace_back(hub_.read_feed(peer.caller, read.scope, read.after, read.stretch)), void();
                peer.read = std::move(read);
                readers_.push_back(id);
            },
            [&](Session::ReadAhead& read) {
                if (reading_ == Reading::at_once) return events.emplace_back(hub_.read_ahead(peer.caller, read.scope, read.after, read.stretch)), void();
                peer.read = std::move(read);
                readers_.push_back(id);
            },
            [&](Session::Enquire& enquire) {
                auto reply = answer(peer, enquire.enquiry);
                reply.set_ticket(enquire.enquiry.ticket());
                events.emplace_back(Session::EnquiryAnswered{std::move(reply)});
            },
            [&](Session::KeepDrain& keep) { events.emplace_back(Session::DrainKept{hub_.drained(peer.caller, keep.grant_epoch)}); },
            [&](Session::StorePart& store) { events.emplace_back(Session::PartStored{hub_.put_part(peer.caller, store.put)}); },
            [&](Session::ReadPart& read) { events.emplace_back(Session::PartRead{hub_.read_part(peer.caller, read.ask)}); },
            [&](Session::CheckOffer& check) { events.emplace_back(Session::OfferChecked{hub_.wanted_of(peer.caller, check.offer)}); },
            [&](Session::Close& close) { output_.push_back({id, nullptr, close.why}); },
        };
        for (auto& step : peer.session.resume(event)) std::visit(carry_out, step);
    }
}

/// Also what is put off goes through the queue: answers keep the order of the batches.
void ServerCore::queue_push(ConnectionId id, Peer& peer, Session::Commit& commit)
{
    std::int64_t bytes = 0;
    for (const auto& change : commit.changes.changes()) bytes += static_cast<std::int64_t>(change.change().size() + change.reason().size());
    const auto put_off = hub_.allowances().push(peer.caller.device, commit.changes.changes_size(), bytes, hub_.clock().now());
    if (put_off.count() > 0) log::warning("push_put_off", "device={} changes={} seconds={}", peer.caller.device.text(), commit.changes.changes_size(), put_off.count());
    peer.batches.push_back(commit.batch);
    pending_.push_back({id, peer.caller, std::move(commit.changes), std::nullopt, put_off});
}

protocol::v1::Reply ServerCore::answer(const Peer& peer, const protocol::v1::Enquiry& enquiry)
{
    const auto wait = hub_.allowances().enquire(peer.caller.device, hub_.clock().now());
    if (wait.count() == 0) return hub_.answer(peer.caller, enquiry);
    protocol::v1::Reply reply;
    reply.set_code(std::string{name(Errc::server_busy)});
    reply.set_message(fmt::format("this was asked very often: ask again in {} s; nothing was changed", wait.count()));
    reply.set_message_zh(fmt::format("询问过于频繁：请在 {} 秒后再试；未做任何更改", wait.count()));
    return reply;
}

void ServerCore::tell_decisions(ConnectionId id, Peer& peer)
{
    auto news = hub_.decisions_about(peer.caller.device, peer.decisions_told);
    if (news.decisions_size() == 0) return;
    peer.decisions_told = last_decision(peer.decisions_told, news);
    drive(id, Session::RefusedDecided{std::move(news)});
}

/// A newer connection of one device ends its oldest: the link of that one is most likely dead, and nobody has heard of it yet.
void ServerCore::crowd_out(const DeviceId& device)
{
    std::vector<ConnectionId> open;
    for (const auto& [id, peer] : peers_)
        if (peer.caller.device == device && server::is_greeted(peer.session)) open.push_back(id);
    for (std::size_t i = 0; i + limits::connections_per_device <= open.size(); ++i)
        drive(open[i], Session::Ended{fail(Errc::session_over, Bilingual{"this device has connected anew; nothing is lost by it", "此设备已重新连接；未丢失任何内容"})});
}

void ServerCore::commit_pending()
{
    if (pending_.empty()) return;
    const auto batches = std::exchange(pending_, {});
    Hub::Committed committed;
    try {
        committed = hub_.commit(batches);
    } catch (const Fault& fault) {
        // Nothing of the group is stored and nothing was promised: the devices keep their edits and come again.
        log::error("commit_failed", "code={} batches={}", name(fault.error().code), batches.size());
        for (const auto& batch : batches) drive(batch.ticket, Session::Ended{fault.error()});
        return;
    }
    for (auto& [ticket, answers] : committed.answers) {
        const auto peer = peers_.find(ticket);
        if (peer == peers_.end()) continue; // gone; it asks again and gets the same answer
        answers.set_batch(peer->second.batches.front());
        peer->second.batches.pop_front();
        drive(ticket, Session::Committed{std::move(answers)});
    }
    spread(committed.news);
}

void ServerCore::poll()
{
    spread(hub_.poll());
}

void ServerCore::spread(const News& news)
{
    if (news.grown.empty() && news.regranted.empty() && news.revoked.empty() && !news.decided) return;
    std::vector<ConnectionId> all;
    for (const auto& [id, peer] : peers_) all.push_back(id);
    for (const auto id : all) {
        const auto found = peers_.find(id);
        if (found == peers_.end() || found->second.session.state() != Session::State::exchanging) continue;
        const auto& caller = found->second.caller;
        if (std::find(news.revoked.begin(), news.revoked.end(), caller.device) != news.revoked.end()) {
            drive(id, Session::Ended{fail(Errc::revoked, access_ended())});
            continue;
        }
        // Grants first: not a byte of a scope that is withdrawn by this very commit may go out.
        if (std::find(news.regranted.begin(), news.regranted.end(), caller.person) != news.regranted.end()) drive(id, hub_.grants_of(caller.person));
        if (news.decided) tell_decisions(id, found->second);
        const bool concerned = std::any_of(news.grown.begin(), news.grown.end(), [&](const auto& head) { return found->second.session.serves(head.scope); });
        if (concerned) drive(id, Session::FeedGrew{news.grown});
    }
}

} // namespace roadbook::server
