#include "shared/protocol/client_session.hpp"

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
    v1::ClientFrame frame;
    fill(frame);
    return write(frame);
}

Error unexpected(std::string_view what)
{
    return fail(Errc::bad_frame, fmt::format("the server sent {} where none can come; nothing is lost, reconnecting helps", what));
}

} // namespace

std::vector<ClientSession::Step> ClientSession::resume(const Event& event)
{
    if (state_ == State::closed) return {};
    return std::visit(
        Overloaded{
            [&](const OpenedToEnrol& opened) -> Steps {
                state_ = State::enrolling;
                return {Send{frame_of([&](v1::ClientFrame& frame) { *frame.mutable_enrol() = opened.enrol; })}};
            },
            [&](const Opened& opened) -> Steps {
                state_ = State::greeting;
                return {Send{frame_of([&](v1::ClientFrame& frame) { *frame.mutable_hello() = opened.hello; })}};
            },
            [&](const Received& received) -> Steps {
                const auto frame = read_server_frame(received.bytes);
                return frame ? on_frame(*frame) : close(frame.error());
            },
            [&](const OutboxTaken& taken) {
                waiting_ = waiting_ || taken.held_back;
                return on_outbox(taken.changes);
            },
            [&](const OutboxGrew&) -> Steps {
                outbox_empty_ = false;
                return take_more();
            },
            [&](const TryAgain&) -> Steps {
                if (!is_quiet()) return {}; // what is under way may build on them
                waiting_ = outbox_empty_ = false;
                retry_after_.reset();
                return take_more();
            },
            [&](const GrantsAdopted& adopted) { return on_grants(adopted); },
            [&](const Stored& stored) { return on_stored(stored.bytes); },
            [&](const Settled& settled) -> Steps {
                if (settled.remade) outbox_empty_ = false;
                waiting_ = waiting_ || settled.waiting;
                auto steps = take_more();
                for (auto& step : recovered_if_done()) steps.push_back(std::move(step));
                for (auto& step : drained_if_done()) steps.push_back(std::move(step));
                for (auto& step : next_file_frame()) steps.push_back(std::move(step));
                return steps;
            },
            [&](const Purged&) -> Steps {
                draining_epoch_ = 0;
                drained_sent_ = false;
                return {};
            },
            [&](const KnownTaken& known) { return on_known(known); },
            [&](const WantedKept&) { return on_wanted_kept(); },
            [&](const FilesWaiting&) -> Steps {
                files_wait_ = true;
                return next_file_frame();
            },
            [&](const FileFrameTaken& taken) -> Steps {
                if (taken.frame) return {Send{write(*taken.frame)}};
                files_wait_ = file_under_way_ = false;
                return {};
            },
            [&](const FileFrameKept&) -> Steps {
                file_under_way_ = false;
                return next_file_frame();
            },
            [&](const Asked& asked) { return on_asked(asked.enquiry); },
            [&](const LinkLost& lost) { return close(lost.why); },
        },
        event);
}

bool ClientSession::is_quiet() const noexcept
{
    return state_ == State::exchanging && caught_up_ && in_flight_.empty() && outbox_empty_ && !taking_ && (draining_epoch_ == 0 || waiting_) && !files_wait_ && asked_.empty();
}

ClientSession::Steps ClientSession::on_frame(const v1::ServerFrame& frame)
{
    if (frame.has_refusal()) {
        const auto code = errc_from_name(frame.refusal().code());
        const auto seconds = std::min(std::chrono::seconds{frame.refusal().retry_after_seconds()}, retry_after_max);
        const Bilingual words{frame.refusal().message(), frame.refusal().message_zh()};
        return close(code == Errc::server_busy && seconds.count() > 0 ? busy(words, seconds) : fail(code, words));
    }
    if (state_ == State::enrolling) {
        if (!frame.has_enrolled()) return close(unexpected("another frame than the answer to an enrolment"));
        Steps steps{KeepIdentity{frame.enrolled()}};
        for (auto& step : close(Error{Errc::ok, {}, {}})) steps.push_back(std::move(step));
        return steps;
    }
    return state_ == State::greeting ? on_greeting(frame) : on_exchange(frame);
}

ClientSession::Steps ClientSession::on_greeting(const v1::ServerFrame& frame)
{
    if (!frame.has_welcome()) return close(unexpected("another frame than a welcome"));
    const auto& welcome = frame.welcome();
    if (welcome.version() != version)
        return close(fail(Errc::unsupported_version, fmt::format("the server speaks protocol {}, this app {}: update the older one; "
                                                                 "all edits are safe on this device", welcome.version(), version)));
    state_ = State::exchanging;
    caught_up_ = welcome.up_to_date();
    Steps steps{AdoptWelcome{welcome}, AdoptGrants{welcome.grants()}};
    if (welcome.lost_since() != 0) {
        recovery_ = Recovery::offering;
        epoch_ = welcome.server_epoch();
        lost_since_ = Time{Duration{welcome.lost_since()}};
        steps.emplace_back(TakeKnown{lost_since_, 0});
    }
    if (caught_up_) steps.emplace_back(CaughtUp{});
    for (const auto& enquiry : std::exchange(to_ask_, {})) steps.emplace_back(Send{frame_of([&](v1::ClientFrame& f) { *f.mutable_enquiry() = enquiry; })});
    return steps;
}

ClientSession::Steps ClientSession::on_exchange(const v1::ServerFrame& frame)
{
    switch (frame.body_case()) {
    case v1::ServerFrame::kAnswers: return on_answers(frame.answers());
    case v1::ServerFrame::kPage: return {StorePage{frame.page()}};
    case v1::ServerFrame::kPack: return {StorePack{frame.pack()}};
    case v1::ServerFrame::kAhead: return {StoreAhead{frame.ahead()}};
    case v1::ServerFrame::kRefused: return {AdoptRefused{frame.refused()}};
    case v1::ServerFrame::kGrants: return {AdoptGrants{frame.grants()}};
    case v1::ServerFrame::kPurge: return {PurgeScopes{frame.purge()}};
    case v1::ServerFrame::kWanted:
        if (recovery_ != Recovery::offering) return close(unexpected("an answer to an offer that was not made"));
        return {KeepWanted{frame.wanted()}};
    case v1::ServerFrame::kCaughtUp: {
        caught_up_ = true;
        Steps steps{CaughtUp{}};
        for (auto& step : next_file_frame()) steps.push_back(std::move(step));
        return steps;
    }
    case v1::ServerFrame::kReply: return on_reply(frame.reply());
    case v1::ServerFrame::kPart:
    case v1::ServerFrame::kPartKept:
        if (!file_under_way_) return close(unexpected("a file that was not asked for"));
        return {KeepFileFrame{frame}};
    default: return close(unexpected("a frame of the greeting"));
    }
}

/// One too many is answered here: it would only wait behind the others, and what waits needs a bound.
ClientSession::Steps ClientSession::on_asked(const v1::Enquiry& enquiry)
{
    if (static_cast<int>(asked_.size()) >= enquiries_in_flight_max) {
        v1::Reply reply;
        reply.set_ticket(enquiry.ticket());
        reply.set_code(std::string{name(Errc::server_busy)});
        reply.set_message("other questions wait for the server's answer: ask again in a moment; nothing was changed");
        reply.set_message_zh("其他问询尚未得到服务器答复：请稍后再试；未做任何更改");
        return {GiveReply{std::move(reply)}};
    }
    asked_.insert(enquiry.ticket());
    if (state_ == State::exchanging) return {Send{frame_of([&](v1::ClientFrame& frame) { *frame.mutable_enquiry() = enquiry; })}};
    to_ask_.push_back(enquiry);
    return {};
}

ClientSession::Steps ClientSession::on_reply(const v1::Reply& reply)
{
    if (asked_.erase(reply.ticket()) == 0) return close(unexpected("a reply to what was not asked"));
    return {GiveReply{reply}};
}

ClientSession::Steps ClientSession::on_answers(const v1::Answers& answers)
{
    if (in_flight_.empty() || in_flight_.front().number != answers.batch()) return close(unexpected("answers to a batch that is not under way"));
    // What has no exception is accepted: so the server must have seen every one, or an edit that never arrived would be taken for saved there.
    const auto sent = static_cast<std::uint32_t>(in_flight_.front().changes);
    const auto is_of_batch = [&](const v1::Answer& one) { return one.index() < sent; };
    if (answers.count() != sent || !std::all_of(answers.exceptions().begin(), answers.exceptions().end(), is_of_batch))
        return close(unexpected("answers to other changes than were sent"));
    in_flight_.pop_front();
    batch_bytes_ = std::min(batch_bytes_ * 2, batch_bytes_max); // the link has carried one
    if (answers.retry_after_seconds() > 0)
        retry_after_ = std::max(retry_after_.value_or(std::chrono::seconds{0}), std::min(std::chrono::seconds{answers.retry_after_seconds()}, retry_after_max));
    return {SettleAnswers{{answers.exceptions().begin(), answers.exceptions().end()}, answers.batch()}};
}

ClientSession::Steps ClientSession::on_grants(const GrantsAdopted& adopted)
{
    if (adopted.withdrawn) {
        draining_epoch_ = adopted.withdrawn_epoch;
        drained_sent_ = false;
        outbox_empty_ = false; // ask again: what was saved until now belongs to the old grants
    }
    return take_more();
}

ClientSession::Steps ClientSession::take_more()
{
    if (state_ != State::exchanging || recovery_ == Recovery::offering || taking_ || outbox_empty_) return {};
    if (static_cast<int>(in_flight_.size()) >= batches_in_flight_max) return {};
    taking_ = true;
    return {TakeOutbox{batch_changes_max, batch_bytes_}};
}

ClientSession::Steps ClientSession::on_outbox(const v1::ChangeList& changes)
{
    taking_ = false;
    if (changes.changes().empty()) {
        outbox_empty_ = true;
        auto steps = recovered_if_done();
        for (auto& step : drained_if_done()) steps.push_back(std::move(step));
        for (auto& step : next_file_frame()) steps.push_back(std::move(step));
        return steps;
    }
    const auto batch = next_batch_++;
    in_flight_.push_back({batch, changes.changes_size()});
    Steps steps{Send{frame_of([&](v1::ClientFrame& frame) {
        frame.mutable_push()->set_batch(batch);
        fill(*frame.mutable_push(), changes);
    })}};
    for (auto& step : take_more()) steps.push_back(std::move(step));
    return steps;
}

ClientSession::Steps ClientSession::drained_if_done()
{
    if (draining_epoch_ == 0 || drained_sent_ || taking_ || !outbox_empty_ || !in_flight_.empty()) return {};
    if (waiting_) return {LetGo{}};
    drained_sent_ = true;
    return {Send{frame_of([&](v1::ClientFrame& frame) { frame.mutable_drained()->set_grant_epoch(draining_epoch_); })}};
}

ClientSession::Steps ClientSession::on_known(const KnownTaken& known)
{
    offer_next_ = known.next;
    if (known.offer.records_size() == 0 && known.offer.leases_size() == 0) return on_wanted_kept();
    return {Send{frame_of([&](v1::ClientFrame& frame) { *frame.mutable_offer() = known.offer; })}};
}

ClientSession::Steps ClientSession::on_wanted_kept()
{
    if (offer_next_) return {TakeKnown{lost_since_, *offer_next_}};
    recovery_ = Recovery::pushing;
    outbox_empty_ = false;
    return take_more();
}

/// Records first: a file goes only while no edit waits and all that there was has come.
ClientSession::Steps ClientSession::next_file_frame()
{
    if (state_ != State::exchanging || !files_wait_ || file_under_way_ || !caught_up_ || taking_ || !outbox_empty_ || !in_flight_.empty()) return {};
    file_under_way_ = true;
    return {TakeFileFrame{}};
}

ClientSession::Steps ClientSession::recovered_if_done()
{
    if (recovery_ != Recovery::pushing || taking_ || !outbox_empty_ || !in_flight_.empty()) return {};
    recovery_ = Recovery::none;
    // Kept first: if the frame is lost, so is nothing, since every change that the server wanted has its answer.
    return {KeepEpoch{epoch_}, Send{frame_of([](v1::ClientFrame& frame) { frame.mutable_recovered(); })}};
}

ClientSession::Steps ClientSession::on_stored(std::uint64_t bytes)
{
    credit_used_ += bytes;
    if (credit_used_ < credit_bytes / 2) return {};
    const auto grant = std::exchange(credit_used_, 0);
    return {Send{frame_of([&](v1::ClientFrame& frame) { frame.mutable_credit()->set_bytes(grant); })}};
}

ClientSession::Steps ClientSession::close(Error why)
{
    state_ = State::closed;
    return {Close{std::move(why)}};
}

} // namespace roadbook::protocol
