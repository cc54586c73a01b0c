#pragma once
// What the parts of the hub share. Private to this room.
#include "conflict/automerge-cpp/gate.hpp"
#include "conflict/findings/index.hpp"
#include "shared/base/secrets.hpp"
#include "sync-server/access/late_edits.hpp"
#include "sync-server/access/organisation.hpp"
#include "sync-server/session/document_cache.hpp"
#include "sync-server/session/hub.hpp"
#include "sync-server/session/pack_blocks.hpp"
#include "sync-server/session/uploads.hpp"
#include "sync-server/session/wrong_tries.hpp"
#include "sync-server/store/attachments.hpp"
#include "sync-server/store/audit.hpp"
#include "sync-server/store/store.hpp"

#include <deque>
#include <map>
#include <set>

namespace roadbook::server {

struct Hub::Inside {
    Options options;
    store::Store store;
    store::AuditLog audit{store.db()};
    store::Attachments attachments{store.db(), options.folder};
    findings::Index findings{store.db()}; ///< over all records
    access::Organisation organisation;
    DocumentCache documents;
    PackBlocks pack_blocks;
    std::map<RecordId, std::set<schema::ScopeId>> granted; ///< by person, filled when asked
    std::optional<Time> grants_change_at; ///< by date alone: a cover begins or ends; at the start at once
    std::int64_t data_version = 0;
    bool others_committed = false; ///< seen by refresh(), not told by poll() yet
    std::deque<Time> password_checks; ///< of the last second: each costs 40 ms and 19 MiB
    SealingKeys sealing; ///< devices seal their unsent edits to it
    News untold;                   ///< what this process did beside the connections: poll() tells it
    Bytes epoch; ///< of this server's history; a restored one takes a new epoch
    /// Of the server's own edits: one for each person on whose behalf they are made, since an actor has one author.
    std::map<RecordId, ActorId> system_actors;
    Bytes seal_key; ///< recovery.hpp
    std::map<DeviceId, Time> turned_away; ///< when the last entry about it was made; at most one for each device that there is

    Allowances allowances{options.rates};
    WrongTries wrong_tries{options.rates};
    Uploads uploads;

    Inside(Options opened, store::Store kept) : options{std::move(opened)}, store{std::move(kept)} {}

    /// Reads the authority records anew.
    void load_organisation();
    /// After another process committed, or a commit of ours failed: memory may differ from the file.
    void forget_memory();
    /// Takes in what another process has committed since the last call.
    void refresh();
    void note(const News& news);
    /// Opens and closes grants until they are what the organisation says now; belongs to the caller's transaction.
    void regrant(Time now, const Caller& because_of, News& news);
    [[nodiscard]] const std::set<schema::ScopeId>& grants(const RecordId& person);
    [[nodiscard]] std::vector<protocol::ServerSession::FeedHead> heads_of(const RecordId& person);
    [[nodiscard]] protocol::v1::Grants grants_frame(const RecordId& person);
    /// The saved document; made again from the log when the kept one is damaged.
    [[nodiscard]] Bytes snapshot(const store::DocumentRow& row);
    [[nodiscard]] Result<automerge::Document> load(const store::DocumentRow& row);
    [[nodiscard]] merge::Merged read(const store::DocumentRow& row);

    /// The person of an enrolment: by a code, which is then used up, or by name and password. Part of the caller's transaction.
    [[nodiscard]] Result<RecordId> person_enrolling(const protocol::v1::Enrol& enrol, Time now);
    /// Is the token the device's, or a later one that was given to it? That then is its only one.
    [[nodiscard]] bool token_fits(store::Device& device, const Hash& token);
    /// Who comes in with this token; on a restored server, also with one that was given out after the backup: tokens.hpp.
    [[nodiscard]] std::optional<store::Device> identify(const DeviceId& id, ByteView token);
    /// What a device is told that has used up its connections.
    [[nodiscard]] static Error too_often(std::chrono::seconds wait);
    /// No access any more: in its own right, or with its person.
    [[nodiscard]] bool has_no_access(const store::Device& device);

    /// For explanations: the records as they are merged now.
    [[nodiscard]] findings::Source finding_source();
    /// Judges all records anew: after the rules changed, and for a server that had none. Part of the caller's transaction.
    void find_anew();

    /// The whole record with its attributions, for packs and ENTER entries.
    void add_whole(protocol::v1::RecordList& list, std::map<DeviceId, std::uint32_t>& authors, const store::DocumentRow& row);
};

/// Why a device of which the access was ended gets nothing any more.
[[nodiscard]] inline Bilingual access_ended()
{
    return {"this device's access was ended by an administrator; ask them to enrol it again", "管理员已终止此设备的访问权限；请联系管理员重新注册"};
}

/// What a person needs of a scope today and tomorrow, in the order in which it is sent ahead of the scope's pack: agenda.cpp.
struct Needed {
    std::uint64_t position = 0; ///< rises in this order
    store::DocumentRow row;
};
[[nodiscard]] std::vector<Needed> needed_today(Hub::Inside& hub, const RecordId& person, const store::ScopeHead& scope);
/// Keeps what needed_today() looks things up in, in the caller's transaction.
void note_agenda(Hub::Inside& hub, const store::DocumentRow& row, const schema::Kind& kind, const schema::Record& record);
/// For a server that an older version has filled.
void prepare_agenda(Hub::Inside& hub);

/// Keeps the device list true while a device pushes, so that a hand-over does not warn of edits that have come.
void note_pushed(Hub::Inside& hub, const Hub::Batch& batch, const protocol::v1::Answers& answers, Time now);

/// The decision and the edit's new state, in the caller's transaction; the device hears of it.
void decide(Hub::Inside& hub, const store::Shelf& at, const store::Decision& decision);
/// Its author sends it again: it is no longer where it was kept. In the caller's transaction.
void take_back(Hub::Inside& hub, const RecordId& author, const DeviceId& device, const IntentId& intent);
/// It is in the log again, from somebody who had received it before the server was restored: what was kept of it, when its author's device sent it
/// itself and had no proof, is released. In the caller's transaction.
void note_brought_back(Hub::Inside& hub, const DeviceId& device, const IntentId& intent);
/// Carries out what a device reports of its refused edits, and what it has to hear of them.
[[nodiscard]] protocol::v1::RefusedNews refused_news(Hub& hub, Hub::Inside& inside, const store::Device& device, const protocol::v1::Hello& hello);
[[nodiscard]] protocol::v1::EditDecision frame_of(const Hub::Inside& hub, const store::Decision& decision);
/// Answers with the quarantine of the caller's people.
[[nodiscard]] protocol::v1::Reply answer_quarantine(Hub& hub, Hub::Inside& inside, const Caller& caller, const protocol::v1::QuarantineEnquiry& asked);

/// Where a record belongs by the rules of its kind.
struct Placement {
    std::set<schema::ScopeId> scopes;
    std::vector<RecordId> hangs_on;       ///< records that take it along when they move
    std::optional<RecordId> waiting_for;  ///< a record that decides and is not here yet
    std::vector<RecordId> brings;         ///< records that come along to `brings_to`
    std::vector<schema::ScopeId> brings_to;
};
[[nodiscard]] Placement place(store::Store& store, const schema::Kind& kind, const schema::Record& record);

/// Writes feed entries in one commit and remembers which scopes grew.
class Feeds {
public:
    explicit Feeds(Hub::Inside& hub) : hub_{hub} {}

    /// Stores the record's changes in its scopes; when it moves between scopes, what hangs on it goes along.
    void spread(const store::DocumentRow& row, const Placement& placement, std::span<const store::ChangeRow> changes, bool is_new);
    /// A new record on one that had moved away before its author heard of it: his devices hold it in the scopes that its parents left.
    void depart_with_parents(const store::DocumentRow& row, const Placement& placement);
    /// It was in these scopes, and is where `now` says: devices that hold it there let it go, and what they wrote before they know is late.
    void depart(const store::DocumentRow& row, const std::set<schema::ScopeId>& from, const Placement& now);
    [[nodiscard]] std::vector<protocol::ServerSession::FeedHead> grown() const;

private:
    store::ScopeHead& head(const schema::ScopeId& scope);
    enum class Moved { home, guests };
    /// `moved`: with its guest scopes alone, only what follows a record there, too, can move.
    void move_dependents(const RecordId& target, const Bytes& move, Moved moved, int depth);
    void move_brought(const store::DocumentRow& row, const Placement& placement);
    void settle(const store::DocumentRow& row, const Bytes& move, Moved moved, int depth);
    void enter_and_leave(const store::DocumentRow& row, const std::set<schema::ScopeId>& before, const std::set<schema::ScopeId>& after, const Bytes& move);

    Hub::Inside& hub_;
    std::map<schema::ScopeId, store::ScopeHead> heads_;
};

} // namespace roadbook::server
