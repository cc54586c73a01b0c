#pragma once
// One group commit: every change passes the gate and is judged in its own past, the accepted ones go into the log, their scopes' feeds
// and the snapshots, the refused ones into quarantine. Nothing is answered before the transaction is on disk. Private to this room.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/legality.hpp"
#include "sync-server/session/circles.hpp"
#include "sync-server/session/inside.hpp"

#include <mutex>

namespace roadbook::server {

/// One pushed change on its way through.
struct Candidate {
    const Hub::Batch* batch = nullptr;
    std::uint32_t index = 0;
    const protocol::v1::PushedChange* pushed = nullptr;
    RecordId document;
    automerge::Summary summary;
    bool late = false;
    std::optional<merge::Attribution> original; ///< accepted before, and lost with the server: judged then, and not judged again
};

/// One that is no change.
struct Unreadable {
    const Hub::Batch* batch = nullptr;
    std::uint32_t index = 0;
    Error why;
};

/// All candidates of one document, from all batches, in the order in which they came.
struct Group {
    RecordId id;
    std::optional<store::DocumentRow> row;
    const schema::Kind* kind = nullptr;
    std::vector<Candidate> candidates;
    std::optional<automerge::Document> base;
    Result<automerge::Admission> admission = fail(Errc::internal, "not judged");
};

/// Lives for one transaction, on the thread that commits; only what says so is called from the gate's threads, too.
class GroupCommit {
public:
    GroupCommit(Hub::Inside& hub, std::span<const Hub::Batch> batches) : hub_{hub}, batches_{batches}, feeds_{hub}, circles_{hub} {}

    Hub::Committed run();

private:
    void process();
    /// Steps 2 to 4.
    void carry_through(std::span<Group*> groups);

    /// Also between two records of one push: the account of a territory that came right before it.
    void regrant_if_due();

    /// What the server writes itself because of what it has just stored, in the same transaction.
    void carry_out_effects();

    // ---- answers

    protocol::v1::Answers& answers_to(const Hub::Batch& batch) { return result_.answers.at(static_cast<std::size_t>(&batch - batches_.data())).second; }
    protocol::v1::Answer& except(const Hub::Batch& batch, std::uint32_t index, protocol::v1::Status status);

    /// What is refused is kept, and what is kept is bounded: a device that has filled its quarantine keeps its edits itself. So does one that
    /// pushes faster than it may; that one is told when to come again.
    bool must_stop(const Hub::Batch& batch);
    void refuse(const Hub::Batch& batch, std::uint32_t index, const Error& why, const std::optional<automerge::Summary>& summary);
    void refuse(const Candidate& candidate, const Error& why) { refuse(*candidate.batch, candidate.index, why, candidate.summary); }

    /// An edit that comes again because its answer was lost may be damaged this time. It is in the log all the same, and its device, told
    /// that it was refused, would take it out of a record of which the feed has brought it already. Says whether it was late.
    std::optional<bool> accepted_before(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed, const std::optional<automerge::Summary>& summary);

    // ---- 1: what each change says of itself

    void sort_in(const Hub::Batch& batch, std::uint32_t index);

    /// Does the same edit come undamaged in this very group? Then it is answered as that one, once that is stored.
    bool comes_whole(const Unreadable& one) const;
    Group& group_of(const RecordId& id);
    std::optional<Error> check_actor(const ActorId& actor, const DeviceId& device);

    // ---- 2: may this person write here at all?

    void prepare(Group& group);
    static bool is_authority(const Group& group);

    /// Of a record that nobody has sent yet, by the change that creates it; null: none of these does.
    static const schema::Kind* kind_begun(const Group& group);
    /// A record that nobody has sent yet: one of these changes creates it.
    bool begins_here(Group& group);

    /// A record that is not there and one that this person may not see take the same statements and get the same answers.
    void keep_authorised(Group& group);

    /// 0: no document has it.
    static std::int64_t num_of(const Group& group) { return group.row ? group.row->num : 0; }
    bool is_known(const Group& group, const Hash& change) { return hub_.store.known_change(num_of(group), change) || merge::kind_of_genesis(change) != nullptr; }

    /// The same answer by the same path for a record that does not exist and one that this person may not see.
    static Error no_such_record();

    /// `records`: whose former scopes count, too.
    bool authorise(Candidate& candidate, std::span<const schema::ScopeId> scopes, std::span<const RecordId> records);

    // ---- 3: the gate; documents are independent, so they are checked side by side

    void pass_gate(std::span<Group*> groups);
    void note_links(const Group& group);
    void judge(Group& group);

    /// Asked from the gate's threads.
    Result<int> steps_needed_by(const Candidate& candidate, const schema::Kind& kind, const schema::Record& seen) const;

    /// What is not here may still be on its way, from this device or another: but not a record that nobody could have known before the
    /// server did, such as a product in a rep's quote. So the order of arrival decides nothing. A record that the author never saw counts as one that
    /// is not here, by the same statements. Asked from the gate's threads.
    bool may_exist(std::string_view kind, const RecordId& id, const Hub::Batch& batch, schema::Role author) const;
    static bool is_made_by(const Group& group, const DeviceId& device);

    /// As it is now: a connection may be older than its person's demotion.
    schema::Role role_of(const Caller& caller) const;

    /// Whose authority a batch has.
    merge::Author author_of(const Hub::Batch& batch) const;
    /// The server's own, or let through by an administrator at its console: no scope is out of reach.
    static bool is_of_server(const Hub::Batch& batch) { return batch.release ? batch.release->by.person.is_nil() : batch.caller.is_system; }

    // ---- edits that are in quarantine, or were: each takes effect once

    /// What its author sends again, changed or not, does not count any more once somebody has decided about it.
    std::optional<Error> decided_meanwhile(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed);
    /// It is that very edit, not a mended one: what was kept of it just now has been decided about, and its device hears so once more.
    void settle_as_decided(const Hub::Batch& batch, const std::optional<IntentId>& intent);
    std::vector<store::ShelvedEdit> shelved(const Hub::Batch& batch, const std::optional<IntentId>& intent);

    /// The edit is in one place: in the log or in quarantine anew, so no longer where it was kept before. `intent`: one that a locked device had
    /// handed over, and that its user has sent all the same.
    void take_back(const Hub::Batch& batch, const std::optional<IntentId>& replaces, const std::optional<IntentId>& intent);

    // ---- 4: into the log

    void store(Group& group);
    std::set<schema::ScopeId> current_scopes(const store::DocumentRow& row);

    /// Where a record was on the days that a restored server has lost: it comes back at once where it was last, and others may have edits of it from before.
    /// Who led something on those days, if he does not any more, may have edits from then: each hand-over opens and ends its grants once more.
    void grant_as_in_lost_days(const Group& group, const std::vector<Candidate*>& accepted);
    [[nodiscard]] schema::Record merged_at(const Group& group, const Hash& change) const;
    std::set<schema::ScopeId> places_of_lost_days(const Group& group, const std::vector<Candidate*>& accepted);
    void keep_base(Group& group);

    /// A new record has no scopes yet: where it will be decides whether its author may put it there. One that belongs to a record which is not here and
    /// one that belongs to a record which its author never saw take the same statements and get the same answers: they wait, and not for ever.
    bool may_place_new(const std::vector<Candidate*>& accepted, const Placement& placement);

    /// The record for which a new one waits: it decides where the new one belongs, and as far as its author can know it may be on its way still.
    std::optional<RecordId> awaited_by(const Candidate& candidate, const Placement& placement);
    bool may_wait(const Candidate& candidate, const RecordId& target);
    void wait(const Candidate& candidate, const RecordId& target);
    void strand(const Candidate& candidate);
    /// What builds on it is told the same, also when it comes alone.
    void note_unplaced(const Candidate& candidate, const RecordId& target);

    /// The creation is refused; what builds on it is stranded, whether it came with it or comes later.
    void refuse_new(const std::vector<Candidate*>& accepted, const Error& why);

    /// Was the person ever granted a scope in which this record is, or was? `row`: nothing for one that is not here; asked all the same.
    bool ever_saw(const RecordId& person, const RecordId& record, const std::optional<store::DocumentRow>& row) const;

    /// A record that is not here because this device's own creation of it is in quarantine: waiting for it would have no end. What came damaged counts as
    /// the creation, which comes before all edits of a record.
    bool is_refused(const RecordId& record, const Candidate& waiting);

    void answer_failure(const Candidate& candidate, const Error& why);

    /// Names what is missing; a change on top of a refused one is stranded, since that one never comes.
    void need(const Candidate& candidate, const std::vector<Hash>& deps);
    merge::Attribution attribution(const Candidate& candidate) const;

    // ---- 5: the audit log

    void note(store::AuditKind kind, const Caller& by, std::vector<store::AuditItem> items, std::string detail = {}, const RecordId& subject = {});

    /// Somebody took records out of a device as a file, perhaps days ago: the log says so beside the exports that were made here.
    void note_export(const Candidate& candidate, const schema::Record& exported);
    void note_kept();
    void note_released(const Hub::Batch& batch, const protocol::v1::Answers& answers);

    /// What one batch brought into the log.
    struct Kept {
        std::vector<store::AuditItem> accepted, late, recovered;
    };

    Hub::Inside& hub_;
    std::span<const Hub::Batch> batches_;
    Feeds feeds_;
    Circles circles_;
    Hub::Committed result_;
    Time now_;
    std::map<RecordId, Group> groups_;
    std::vector<Group*> order_; ///< by first appearance: a customer comes before its first visit
    std::map<RecordId, Bytes> snapshots_;
    std::map<ActorId, DeviceId> actors_;
    std::set<Hash> refused_;
    std::vector<Unreadable> unreadable_;
    mutable std::mutex store_; ///< while the gate's threads run
    std::vector<merge::Intent> effects_;
    std::vector<Kept> kept_; ///< by batch
    std::map<DeviceId, bool> has_shelved_;
    mutable std::map<RecordId, std::set<schema::ScopeId>> ever_granted_; ///< by person
    const Caller* authority_changed_by_ = nullptr; ///< until grants follow
};

} // namespace roadbook::server
