#include "mobile-app/sync/sync_client.hpp"

#include "shared/base/overloaded.hpp"
#include "shared/protocol/limits.hpp"

#include <fmt/format.h>

namespace roadbook::sync {
namespace {

using Session = protocol::ClientSession;

/// What is saved here would become the other person's.
Error is_of_another(const std::string& before, const std::string& now)
{
    return fail(Errc::not_allowed, Bilingual{fmt::format("the code is for {}, and this device holds what {} has saved: enrol {} in another folder, with a new code; nothing was changed here", now, before, now),
                                             fmt::format("注册码属于 {}，而此设备保存着 {} 的内容：请用新的注册码在另一个文件夹中为 {} 注册；此处未做任何更改", now, before, now)});
}

} // namespace

Result<std::vector<Bytes>> SyncClient::open()
{
    if (!replica_.identity()) return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    auto hello = replica_.hello();
    hello.set_app_version(ROADBOOK_VERSION);
    auto frames = drive(Session::Opened{std::move(hello)});
    if (direction_ == Direction::both && replica_.has_files_waiting()) (void)drive(Session::FilesWaiting{}); // sends nothing yet
    return frames;
}

std::vector<Bytes> SyncClient::open_to_enrol(const std::string& code, const std::string& device_name, const std::string& server, const std::string& trust,
                                             const std::string& person, const std::string& password)
{
    server_ = server;
    trust_ = trust;
    protocol::v1::Enrol enrol;
    enrol.set_version(protocol::version);
    enrol.set_code(code);
    enrol.set_device_name(device_name);
    enrol.set_app_version(ROADBOOK_VERSION);
    enrol.set_person(person);
    enrol.set_password(password);
    return drive(Session::OpenedToEnrol{std::move(enrol)});
}

std::vector<Bytes> SyncClient::receive(ByteView frame)
{
    return drive(Session::Received{frame});
}

std::vector<Bytes> SyncClient::outbox_grew()
{
    auto frames = drive(Session::OutboxGrew{});
    if (replica_.has_files_waiting())
        for (auto& frame : drive(Session::FilesWaiting{})) frames.push_back(std::move(frame));
    return frames;
}

std::vector<Bytes> SyncClient::ask(protocol::v1::Enquiry enquiry, Heard heard)
{
    enquiry.set_ticket(next_ticket_++);
    asked_[enquiry.ticket()] = std::move(heard);
    return drive(Session::Asked{std::move(enquiry)});
}

std::vector<Bytes> SyncClient::try_again()
{
    taken_up_to_ = std::numeric_limits<std::int64_t>::min();
    tally_.waiting = 0; // these go again
    return drive(Session::TryAgain{});
}

void SyncClient::lost(const Error& why)
{
    drive(Session::LinkLost{why});
}

/// An edit that is made again after a refusal goes out twice, and is one.
void SyncClient::count_sent(const protocol::v1::PushedChange& change)
{
    const auto intent = IntentId::from(as_bytes(change.intent()));
    if (!intent || intent->is_nil() || sent_.insert(*intent).second) ++tally_.sent;
}

/// Carries out what the session decides until it only waits for the network.
std::vector<Bytes> SyncClient::drive(const Session::Event& first)
{
    std::vector<Bytes> out;
    std::deque<Session::Event> events{first};
    const auto stored = [&](const Result<std::int64_t>& result, std::int64_t& counter, std::uint64_t bytes) {
        counter += result ? *result : 0;
        if (result) events.emplace_back(Session::Stored{bytes});
        else events.emplace_back(Session::LinkLost{result.error()});
    };
    const auto carry_out = Overloaded{
        [&](Session::Send& send) { out.push_back(std::move(send.frame)); },
        [&](Session::KeepIdentity& keep) {
            const auto device = DeviceId::from(as_bytes(keep.enrolled.device()));
            const auto person = RecordId::from(as_bytes(keep.enrolled.person()));
            if (!device || !person) return why_ = fail(Errc::bad_frame, "the server sent an identity that is none"), void();
            if (const auto before = replica_.identity(); before && before->person != *person)
                return why_ = is_of_another(before->person_name, keep.enrolled.person_name()), void();
            replica_.keep_identity({*device, to_bytes(as_bytes(keep.enrolled.token())), *person, keep.enrolled.person_name(),
                                    schema::role_from_name(keep.enrolled.role()).value_or(schema::Role::rep), server_, trust_,
                                    to_bytes(as_bytes(keep.enrolled.sealing_key())), static_cast<int>(keep.enrolled.lease_days())});
        },
        [&](Session::AdoptWelcome& adopt) { replica_.adopt_welcome(adopt.welcome); },
        [&](Session::AdoptGrants& adopt) {
            const auto adopted = replica_.adopt_grants(adopt.grants);
            events.emplace_back(Session::GrantsAdopted{adopted.withdrawn, adopted.epoch});
        },
        [&](Session::TakeOutbox& take) {
            if (direction_ == Direction::receive_only) return events.emplace_back(Session::OutboxTaken{{}, true}), void();
            auto outgoing = replica_.take_outbox(taken_up_to_, take.changes_max, take.bytes_max);
            if (!outgoing.sequences.empty()) {
                taken_up_to_ = outgoing.sequences.back();
                for (const auto& change : outgoing.changes.changes()) count_sent(change);
                batches_.emplace_back(next_batch_++, std::move(outgoing.sequences));
            }
            events.emplace_back(Session::OutboxTaken{std::move(outgoing.changes)});
        },
        [&](Session::SettleAnswers& settle) {
            Session::Settled settled;
            if (!batches_.empty() && batches_.front().first == settle.batch) {
                const auto done = replica_.settle(batches_.front().second, settle.exceptions);
                batches_.pop_front();
                tally_.accepted += done.accepted;
                tally_.late += done.late;
                tally_.refused += done.refused;
                tally_.waiting += done.waiting;
                settled = {done.remade > 0, done.waiting > 0};
            }
            events.emplace_back(settled);
        },
        [&](Session::StorePage& store) {
            stored(replica_.store_page(store.page), tally_.entries_received, store.page.ByteSizeLong());
        },
        [&](Session::StorePack& store) {
            stored(replica_.store_pack(store.pack), tally_.records_received, store.pack.ByteSizeLong());
            if (store.pack.last() && store.pack.offset() + store.pack.zstd().size() >= store.pack.block_bytes()) tally_.records_expected += static_cast<std::int64_t>(store.pack.records_total());
        },
        [&](Session::StoreAhead& store) { stored(replica_.store_ahead(store.ahead), tally_.copies_received, store.ahead.ByteSizeLong()); },
        [&](Session::AdoptRefused& adopt) {
            replica_.adopt_refused(adopt.news);
            tally_.decisions_heard += adopt.news.decisions_size();
        },
        [&](Session::PurgeScopes& purge) {
            replica_.purge(purge.purge);
            replica_.scrub_if_due(); // at once: the link may end here for a long time
            tally_.scopes_purged += purge.purge.scopes_size();
            events.emplace_back(Session::Purged{});
        },
        [&](Session::LetGo&) {
            if (direction_ == Direction::both) replica_.let_go();
        },
        [&](Session::TakeKnown& take) {
            if (direction_ == Direction::receive_only) // it sends nothing before it has back what it lost
                return events.emplace_back(Session::LinkLost{fail(Errc::server_busy, Bilingual{"the server was restored from a backup: sync first; nothing was sent or lost",
                                                                                              "服务器刚从备份恢复：请先同步；未发送也未丢失任何内容"})}), void();
            auto known = replica_.known_since(take.lost_since, take.after);
            events.emplace_back(Session::KnownTaken{std::move(known.offer), known.next});
        },
        [&](Session::KeepWanted& keep) {
            replica_.keep_wanted(keep.wanted);
            events.emplace_back(Session::WantedKept{});
        },
        [&](Session::KeepEpoch& keep) { replica_.keep_epoch(keep.epoch); },
        [&](Session::TakeFileFrame&) { events.emplace_back(Session::FileFrameTaken{files_.next()}); },
        [&](Session::KeepFileFrame& keep) {
            files_.keep(keep.frame);
            events.emplace_back(Session::FileFrameKept{});
        },
        [&](Session::GiveReply& give) {
            if (const auto asked = asked_.extract(give.reply.ticket())) asked.mapped()(give.reply);
        },
        [&](Session::CaughtUp&) {
            replica_.note_caught_up();
            replica_.want_own_attachments();
            if (direction_ == Direction::both && replica_.has_files_waiting()) events.emplace_back(Session::FilesWaiting{});
        },
        [&](Session::Close& close) {
            if (why_.code == Errc::ok) why_ = close.why; // an identity that was not kept is said first
        },
    };
    while (!events.empty()) {
        const auto event = std::move(events.front());
        events.pop_front();
        for (auto& step : session_.resume(event)) std::visit(carry_out, step);
    }
    if (is_quiet()) replica_.scrub_if_due();
    return out;
}

} // namespace roadbook::sync
