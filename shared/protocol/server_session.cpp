#include "shared/protocol/server_session.hpp"

#include "shared/base/overloaded.hpp"
#include "shared/base/retry.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::protocol {
namespace {

Bytes frame_of(auto fill)
{
    v1::ServerFrame frame;
    fill(frame);
    return write(frame);
}

Error wrong_version(std::uint32_t theirs)
{
    return fail(Errc::unsupported_version,
                Bilingual{fmt::format("this server speaks protocol {}, the app {}: update the older one; all edits are safe on the device", version, theirs),
                          fmt::format("服务器使用协议版本 {}，应用使用 {}：请更新较旧的一方；所有修改都安全保存在设备上", version, theirs)});
}

/// Own reports and today's work come first, then the territories, then the catalogue.
int urgency(const schema::ScopeId& scope) noexcept
{
    switch (scope.kind) {
    case schema::ScopeId::Kind::person: return 0;
    case schema::ScopeId::Kind::territory:
    case schema::ScopeId::Kind::roles:
    case schema::ScopeId::Kind::office: return 1;
    case schema::ScopeId::Kind::company: break;
    }
    return 2;
}

} // namespace

std::vector<ServerSession::Step> ServerSession::resume(const Event& event)
{
    if (state_ == State::closed) return {};
    return std::visit(
        Overloaded{
            [&](const Received& received) -> Steps {
                const auto frame = read_client_frame(received.bytes);
                return frame ? on_frame(*frame) : refuse(frame.error());
            },
            [&](const EnrolmentDone& done) -> Steps {
                if (!done.enrolled) return refuse(done.enrolled.error());
                state_ = State::closed;
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_enrolled() = *done.enrolled; })}, Close{{Errc::ok, {}, {}}}};
            },
            [&](const HelloChecked& checked) { return on_welcome(checked); },
            [&](const SurrenderChecked& checked) -> Steps {
                if (!checked.allowed) return refuse(checked.allowed.error());
                state_ = State::surrendering;
                return {Send{frame_of([](v1::ServerFrame& f) { f.mutable_surrendered(); })}};
            },
            [&](const SealedKept& kept) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_surrendered() = kept.surrendered; })}};
            },
            [&](const Committed& committed) -> Steps {
                --commits_;
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_answers() = committed.answers; })}};
            },
            [&](const FeedGrew& grew) -> Steps {
                note_heads(grew.heads);
                return read_more();
            },
            [&](const PageRead& read) { return on_page(read); },
            [&](const AheadRead& read) { return on_ahead(read); },
            [&](const RefusedDecided& decided) -> Steps {
                if (state_ != State::exchanging || revision_ == 0) return {}; // an older device hears of it when it greets
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_refused() = decided.news; })}};
            },
            [&](const GrantsChanged& changed) { return on_grants(changed); },
            [&](const DrainKept& kept) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_purge() = kept.purge; })}};
            },
            [&](const OfferChecked& checked) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_wanted() = checked.wanted; })}};
            },
            [&](const PartStored& stored) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_part_kept() = stored.kept; })}};
            },
            [&](const PartRead& read) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_part() = read.part; })}};
            },
            [&](const EnquiryAnswered& answered) -> Steps {
                return {Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_reply() = answered.reply; })}};
            },
            [&](const Ended& ended) { return refuse(ended.why); },
            [&](const LinkLost& lost) -> Steps {
                state_ = State::closed;
                return {Close{lost.why}};
            },
        },
        event);
}

ServerSession::Steps ServerSession::on_frame(const v1::ClientFrame& frame)
{
    if (state_ == State::opening) return on_greeting(frame);
    if (state_ == State::surrendering) return on_surrendering(frame);
    if (state_ != State::exchanging) return refuse(fail(Errc::bad_frame, Bilingual{"a frame came before the welcome; all edits are safe on the device", "在握手完成前收到了数据；所有修改都安全保存在设备上"}));
    switch (frame.body_case()) {
    case v1::ClientFrame::kPush: return on_push(frame.push());
    case v1::ClientFrame::kEnquiry: return {Enquire{frame.enquiry()}};
    case v1::ClientFrame::kDrained: return {KeepDrain{frame.drained().grant_epoch()}};
    case v1::ClientFrame::kCredit:
        credit_ = std::min(credit_ + frame.credit().bytes(), credit_bytes);
        return read_more();
    case v1::ClientFrame::kOffer:
        if (!recovering_) return refuse(fail(Errc::bad_frame, "an offer that nobody asked for"));
        return {CheckOffer{frame.offer()}};
    case v1::ClientFrame::kPutPart: return {StorePart{frame.put_part()}};
    case v1::ClientFrame::kAskPart: return {ReadPart{frame.ask_part()}};
    case v1::ClientFrame::kRecovered: recovering_ = false; return read_more();
    default: return refuse(fail(Errc::bad_frame, Bilingual{"a second greeting on one connection; all edits are safe on the device", "同一连接上重复握手；所有修改都安全保存在设备上"}));
    }
}

ServerSession::Steps ServerSession::on_greeting(const v1::ClientFrame& frame)
{
    if (frame.has_hello()) return on_hello(frame.hello());
    if (!frame.has_enrol() && !frame.has_surrender()) return refuse(fail(Errc::bad_frame, Bilingual{"the first frame must be a Hello, an Enrol or a Surrender", "首帧必须是 Hello、Enrol 或 Surrender"}));
    const auto theirs = frame.has_enrol() ? frame.enrol().version() : frame.surrender().version();
    if (theirs != version) return refuse(wrong_version(theirs));
    state_ = State::checking;
    if (frame.has_enrol()) return {CheckEnrolment{frame.enrol()}};
    return {CheckSurrender{frame.surrender()}};
}

/// Two verbs and no more: not a byte of a record goes out here.
ServerSession::Steps ServerSession::on_surrendering(const v1::ClientFrame& frame)
{
    if (frame.has_sealed()) {
        if (frame.sealed().intents_size() > sealed_intents_max) return refuse(fail(Errc::too_large, fmt::format("at most {} edits are handed over at once", sealed_intents_max)));
        return {KeepSealed{frame.sealed()}};
    }
    if (!frame.has_wiped()) return refuse(fail(Errc::bad_frame, "a device that surrenders its edits can do nothing else"));
    state_ = State::closed;
    return {NoteWiped{}, Close{{Errc::ok, {}, {}}}};
}

ServerSession::Steps ServerSession::on_hello(const v1::Hello& hello)
{
    if (hello.version() != version) return refuse(wrong_version(hello.version()));
    if (hello.cursors_size() > cursors_max) return refuse(fail(Errc::too_large, Bilingual{"a Hello names too many cursors", "Hello 中的游标过多"}));
    for (const auto& cursor : hello.cursors()) {
        const auto scope = schema::ScopeId::from(as_bytes(cursor.scope()));
        if (!scope) return refuse(fail(Errc::bad_frame, Bilingual{"a cursor names no scope", "游标未指明范围"}));
        const auto block = Hash::from(as_bytes(cursor.block_hash()));
        const bool packing = cursor.pack_position() != 0 || block || cursor.ahead_position() != 0;
        asked_[*scope] = Place{cursor.seq(), cursor.pack_position(), packing, block.value_or(Hash{}), block ? cursor.block_offset() : 0, cursor.ahead_position()};
    }
    revision_ = hello.revision();
    credit_ = std::min<std::uint64_t>(hello.credit(), credit_bytes);
    state_ = State::checking;
    return {CheckHello{hello}};
}

ServerSession::Steps ServerSession::on_welcome(const HelloChecked& checked)
{
    if (!checked.welcome) return refuse(checked.welcome.error());
    state_ = State::exchanging;
    for (const auto& scope : checked.void_cursors) asked_.erase(scope);
    for (const auto& head : checked.heads) {
        const auto asked = asked_.find(head.scope);
        // A scope without a cursor comes as a pack: its records whole, not its history entry by entry.
        const auto place = asked == asked_.end() ? Place{0, 0, true} : asked->second;
        feeds_[head.scope] = feed_of(place, head.seq);
    }
    asked_.clear();
    recovering_ = checked.welcome->lost_since() != 0;
    const bool up_to_date = !recovering_ && std::all_of(feeds_.begin(), feeds_.end(), [](const auto& f) {
        return !f.second.place.packing && f.second.place.seq >= f.second.head;
    });
    caught_up_sent_ = up_to_date;
    Steps steps{Send{frame_of([&](v1::ServerFrame& f) {
        *f.mutable_welcome() = *checked.welcome;
        f.mutable_welcome()->set_up_to_date(up_to_date);
    })}};
    for (auto& step : read_more()) steps.push_back(std::move(step));
    return steps;
}

ServerSession::Steps ServerSession::on_push(const v1::Push& push)
{
    if (push.batch() != last_batch_ + 1) return refuse(fail(Errc::bad_frame, "a batch is missing or came twice; reconnect and send again"));
    if (commits_ >= batches_in_flight_max) return refuse(fail(Errc::bad_frame, "more batches under way than allowed"));
    auto changes = changes_of(push);
    if (!changes) return refuse(changes.error());
    if (changes->changes_size() == 0 || changes->changes_size() > batch_changes_max)
        return refuse(fail(Errc::too_large, fmt::format("a batch holds 1 to {} changes", batch_changes_max)));
    last_batch_ = push.batch();
    ++commits_;
    return {Commit{push.batch(), std::move(*changes)}};
}

ServerSession::Steps ServerSession::on_page(const PageRead& read)
{
    reading_ = false;
    const auto feed = feeds_.find(reading_scope_);
    if (feed == feeds_.end()) return read_more(); // withdrawn while it was read: not a byte of it goes out
    feed->second.place = read.place;
    if (read.frame.body_case() == v1::ServerFrame::BODY_NOT_SET) {
        feed->second.head = std::min(feed->second.head, read.place.seq);
        return read_more();
    }
    credit_ -= std::min(credit_, read.bytes);
    sent_ += read.bytes;
    Steps steps{Send{write(read.frame)}};
    for (auto& step : read_more()) steps.push_back(std::move(step));
    return steps;
}

ServerSession::Steps ServerSession::on_ahead(const AheadRead& read)
{
    reading_ = false;
    const auto feed = feeds_.find(reading_scope_);
    if (feed == feeds_.end()) return read_more(); // withdrawn while it was read: not a byte of it goes out
    feed->second.has_ahead = !read.done;
    feed->second.place.ahead_position = read.position;
    if (read.frame.body_case() == v1::ServerFrame::BODY_NOT_SET) return read_more();
    credit_ -= std::min(credit_, read.bytes);
    sent_ += read.bytes;
    Steps steps{Send{write(read.frame)}};
    for (auto& step : read_more()) steps.push_back(std::move(step));
    return steps;
}

ServerSession::Feed ServerSession::feed_of(const Place& place, std::uint64_t head) const
{
    return {place, head, place.packing && revision_ > 0};
}

std::size_t ServerSession::stretch() const noexcept
{
    return std::max<std::size_t>(first_stretch_bytes, static_cast<std::size_t>(sent_ / 2));
}

ServerSession::Steps ServerSession::on_grants(const GrantsChanged& changed)
{
    if (state_ != State::exchanging) return {};
    std::map<schema::ScopeId, Feed> kept;
    for (const auto& head : changed.heads) {
        const auto known = feeds_.find(head.scope);
        kept[head.scope] = known == feeds_.end() ? feed_of(Place{0, 0, true}, head.seq) : Feed{known->second.place, head.seq, known->second.has_ahead};
    }
    feeds_ = std::move(kept);
    Steps steps{Send{frame_of([&](v1::ServerFrame& f) { *f.mutable_grants() = changed.grants; })}};
    for (auto& step : read_more()) steps.push_back(std::move(step));
    return steps;
}

void ServerSession::note_heads(const std::vector<FeedHead>& heads)
{
    for (const auto& head : heads) {
        const auto feed = feeds_.find(head.scope);
        if (feed != feeds_.end()) feed->second.head = std::max(feed->second.head, head.seq);
    }
}

ServerSession::Steps ServerSession::read_more()
{
    if (state_ != State::exchanging || recovering_ || reading_ || credit_ == 0) return {};
    const auto behind = [](const auto& f) { return f.second.place.packing || f.second.place.seq < f.second.head; };
    const auto rank = [](const auto& f) { return std::pair{!f.second.has_ahead, urgency(f.first)}; }; // what is needed today, of any scope, goes first
    auto next = feeds_.end();
    for (auto feed = feeds_.begin(); feed != feeds_.end(); ++feed) {
        if (behind(*feed) && (next == feeds_.end() || rank(*feed) < rank(*next))) next = feed;
    }
    if (next == feeds_.end()) {
        if (caught_up_sent_) return {};
        caught_up_sent_ = true;
        return {Send{frame_of([](v1::ServerFrame& f) { f.mutable_caught_up(); })}};
    }
    reading_ = true;
    reading_scope_ = next->first;
    if (next->second.has_ahead) return {ReadAhead{next->first, next->second.place, stretch()}};
    return {ReadFeed{next->first, next->second.place, revision_ > 0 ? std::optional{stretch()} : std::nullopt}};
}

ServerSession::Steps ServerSession::refuse(Error why)
{
    state_ = State::closed;
    return {Send{frame_of([&](v1::ServerFrame& f) {
                f.mutable_refusal()->set_code(std::string{name(why.code)});
                f.mutable_refusal()->set_message(why.message);
                f.mutable_refusal()->set_message_zh(why.message_zh);
                f.mutable_refusal()->set_retry_after_seconds(static_cast<std::uint32_t>(retry_after(why).value_or(std::chrono::seconds{0}).count()));
            })},
            Close{why}};
}

} // namespace roadbook::protocol
