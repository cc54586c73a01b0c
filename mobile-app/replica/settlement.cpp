// What the server said of each edit. Accepted ones leave the outbox; a refused one is taken out of its record and kept as data, and what
// was built on it is made again.
#include "conflict/merge/genesis.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace roadbook::replica {
namespace {

using protocol::v1::Answer;

constexpr auto select_unsent = R"sql(
    SELECT o.sequence, d.id, o.change, o.intent, o.grant_epoch, o.company_seq, o.original, o.mac FROM outbox o JOIN document d ON d.num = o.document
     WHERE o.sequence > :after ORDER BY o.sequence LIMIT :count_max)sql";
constexpr auto select_sent = "SELECT document, hash, intent, original IS NOT NULL FROM outbox WHERE sequence = :sequence";
constexpr auto select_original = "SELECT original FROM outbox WHERE sequence = :sequence";
constexpr auto select_of_document = "SELECT sequence, hash, intent FROM outbox WHERE document = :document ORDER BY sequence";
constexpr auto delete_row = "DELETE FROM outbox WHERE sequence = :sequence";
// Behind everything else: what was taken out for sending before is not taken again on the same connection.
constexpr auto requeue_row = R"sql(
    INSERT INTO outbox (document, hash, change, intent, grant_epoch, company_seq)
        SELECT document, :hash, :change, intent, grant_epoch, company_seq FROM outbox WHERE sequence = :sequence)sql";
constexpr auto move_to_end = R"sql(
    INSERT INTO outbox (document, hash, change, intent, grant_epoch, company_seq, original, mac)
        SELECT document, hash, change, intent, grant_epoch, company_seq, original, mac FROM outbox WHERE sequence = :sequence)sql";
constexpr auto insert_again = R"sql(
    INSERT INTO outbox (document, hash, change, intent, grant_epoch, original, mac)
        VALUES (:document, :hash, :change, :intent, :grant_epoch, :original, :mac))sql";
constexpr auto find_by_hash = "SELECT 1 FROM outbox WHERE document = :document AND hash = :hash";
constexpr auto insert_refused = R"sql(
    INSERT INTO refused (intent_id, record, intent, code, field, reason, reason_zh, state)
        VALUES (:id, :record, :intent, :code, :field, :reason, :reason_zh, :state)
        ON CONFLICT DO UPDATE SET code = excluded.code, field = excluded.field, reason = excluded.reason, reason_zh = excluded.reason_zh,
            state = excluded.state)sql";
constexpr auto insert_receipt = R"sql(
    INSERT INTO receipt (intent_id, status, at, kind, saved_at) VALUES (:id, :status, :at, :kind, :saved_at) ON CONFLICT DO NOTHING)sql";
constexpr auto delete_attribution = R"sql(
    DELETE FROM attribution WHERE document = :document AND seq = :seq AND author = (SELECT num FROM author WHERE actor = :actor))sql";

/// Everything that a set of refused changes takes with it.
std::set<Hash> with_descendants(const std::vector<automerge::Change>& in_causal_order, std::set<Hash> dropped)
{
    for (const auto& change : in_causal_order)
        for (const auto& dep : change.deps)
            if (dropped.contains(dep)) dropped.insert(change.hash);
    return dropped;
}

/// Does this edit need what a refused one made: the record itself, or an entry of it?
bool builds_on(const merge::Intent& later, const std::vector<merge::Intent>& refused)
{
    for (const auto& earlier : refused) {
        if (earlier.create && earlier.record == later.record) return true;
        for (const auto& made : earlier.steps)
            for (const auto& step : later.steps)
                if (made.add && !step.add && made.collection == step.collection && made.child == step.child) return true;
    }
    return false;
}

class Settling {
public:
    explicit Settling(Replica::Inside& replica) : replica_{replica} {}

    void take(std::int64_t sequence, const Answer* answer)
    {
        auto rows = replica_.db.statement(select_sent);
        rows.bind(":sequence", sequence);
        if (!rows.step()) return; // answered before
        const auto document = rows.integer(0);
        const auto hash = rows.hash(1);
        const auto kept = rows.blob(2);
        const auto intent = merge::read_intent(kept).value();
        const bool is_brought_back = rows.integer(3) != 0; // not this user's edit: it leaves no receipt and no refusal for him
        if (is_brought_back) brought_back_.insert(hash);
        if (answer == nullptr || answer->status() == protocol::v1::ACCEPTED) return accept(sequence, document, intent, answer != nullptr && answer->late() && !is_brought_back);
        switch (answer->status()) {
        case protocol::v1::REFUSED:
            if (answer->code() == name(Errc::actor_forbidden) && is_of_former_name(document, hash)) { // made again under the name of today
                stranded_[document];
                return;
            }
            return refuse(sequence, document, hash, intent, *answer);
        case protocol::v1::STRANDED: stranded_[document]; return; // made again below, once its record is rebuilt
        case protocol::v1::NEED:
            if (!offer_again(document, *answer)) break;
            replica_.db.statement(move_to_end).bind(":sequence", sequence).run(); // behind what it builds on
            forget(sequence);
            offered_.insert(hash);
            ++result_.remade;
            return;
        default: break;
        }
        ++result_.waiting;
    }

    Replica::Settlement finish()
    {
        for (auto& [document, refused] : refused_) stranded_.erase(document), rebuild(document, refused.hashes, refused.intents);
        for (const auto& [document, nothing] : stranded_) rebuild(document, {}, {});
        for (const auto document : touched_) replica_.erase_if_left(document);
        return result_;
    }
    /// Edits that the server has now: accepted, or kept in quarantine.
    [[nodiscard]] const std::vector<IntentId>& answered() const noexcept { return answered_; }

private:
    struct Refused {
        std::set<Hash> hashes;
        std::vector<merge::Intent> intents;
    };

    void accept(std::int64_t sequence, std::int64_t document, const merge::Intent& intent, bool late)
    {
        forget(sequence);
        answered_.push_back(intent.id);
        touched_.insert(document);
        ++result_.accepted;
        if (!late) return;
        ++result_.late;
        replica_.db.statement(insert_receipt).bind(":id", intent.id).bind(":status", std::string_view{"late"}).bind(":at", replica_.options.clock->now()).bind(":kind", std::string_view{intent.kind}).bind(":saved_at", intent.device_time).run();
    }

    /// Written before this installation was enrolled anew.
    bool is_of_former_name(std::int64_t document, const Hash& hash)
    {
        const auto held = replica_.documents.hold(replica_.documents.id_of(document));
        const auto change = held ? (*held)->document.change(hash) : Result<std::optional<automerge::Change>>{std::nullopt};
        if (!change || !*change) return false;
        const auto by = replica_.people.find(document, (*change)->actor, (*change)->seq);
        const auto me = replica_.identity();
        return by && me && by->person == me->person && by->device != me->device;
    }

    void refuse(std::int64_t sequence, std::int64_t document, const Hash& hash, const merge::Intent& intent, const Answer& answer)
    {
        if (!brought_back_.contains(hash)) keep_refused(intent, answer.code(), answer.field(), {answer.reason(), answer.reason_zh()}, RefusedEdit::State::kept);
        forget(sequence);
        answered_.push_back(intent.id);
        touched_.insert(document);
        auto& refused = refused_[document];
        refused.hashes.insert(hash);
        refused.intents.push_back(intent);
    }

    void keep_refused(const merge::Intent& intent, const std::string& code, const std::string& field, const Bilingual& reason, RefusedEdit::State state)
    {
        const auto bytes = merge::write(intent);
        replica_.db.statement(insert_refused)
            .bind(":id", intent.id)
            .bind(":record", intent.record)
            .bind(":intent", ByteView{bytes})
            .bind(":code", std::string_view{code})
            .bind(":field", std::string_view{field})
            .bind(":reason", std::string_view{reason.en})
            .bind(":reason_zh", std::string_view{reason.zh})
            .bind(":state", name(state))
            .run();
        ++result_.refused;
    }

    void forget(std::int64_t sequence) { replica_.db.statement(delete_row).bind(":sequence", sequence).run(); }

    /// The server lacks changes that we thought it had: they go into the outbox again. False: it names none that we could give.
    bool offer_again(std::int64_t document, const Answer& answer)
    {
        const auto held = replica_.documents.hold(replica_.documents.id_of(document));
        if (!held) return false;
        bool any = false;
        for (const auto& field : answer.need()) {
            const auto hash = Hash::from(as_bytes(field));
            any = any || (hash && offered_.contains(*hash));
            const auto change = hash ? (*held)->document.change(*hash) : Result<std::optional<automerge::Change>>{std::nullopt};
            if (!change || !*change || (*change)->actor == merge::genesis_actor()) continue;
            auto known = replica_.db.statement(find_by_hash);
            known.bind(":document", document).bind(":hash", *hash);
            if (known.step()) continue;
            const auto mac = to_bytes(as_bytes(replica_.people.mac(document, (*change)->actor, (*change)->seq)));
            const auto by = author_of_again(document, **change, !mac.empty());
            const auto original = sealed(by, mac);
            const auto intent = merge::write(replica_.edit_again(**held, **change, by, !mac.empty()));
            replica_.db.statement(insert_again)
                .bind(":document", document)
                .bind(":hash", *hash)
                .bind(":change", ByteView{(*change)->bytes})
                .bind(":intent", ByteView{intent})
                .bind(":grant_epoch", replica_.setting_number("grant_epoch"))
                .bind(":original", or_nothing(original))
                .bind(":mac", or_nothing(mac))
                .run();
            offered_.insert(*hash);
            any = true;
        }
        return any;
    }

    /// The attribution as the server had it, when its seal is here, too: with both it takes the change back as its author's.
    static Bytes sealed(const merge::Attribution& by, const Bytes& mac)
    {
        return mac.empty() ? Bytes{} : to_bytes(as_bytes(merge::to_frame(by).SerializeAsString()));
    }
    static std::optional<ByteView> or_nothing(const Bytes& bytes) { return bytes.empty() ? std::nullopt : std::optional<ByteView>{bytes}; }

    /// As it was said to the server the first time. A change that came in a pack has lost its intent: without a seal it gets one, and keeps it.
    merge::Attribution author_of_again(std::int64_t document, const automerge::Change& change, bool is_sealed)
    {
        const auto now = replica_.options.clock->now();
        const auto me = replica_.identity().value();
        auto by = replica_.people.find(document, change.actor, change.seq).value_or(merge::Attribution{me.person, me.device, now, {}, std::nullopt, {}, {}, false});
        if (by.intent.is_nil() && !is_sealed) {
            by.intent = new_id<IntentId>(now, *replica_.options.random);
            replica_.people.attribute(document, change.actor, change.seq, by);
        }
        return by;
    }

    struct Unsent {
        std::int64_t sequence = 0;
        Hash hash;
        merge::Intent intent;
    };
    std::vector<Unsent> unsent_of(std::int64_t document)
    {
        auto rows = replica_.db.statement(select_of_document);
        rows.bind(":document", document);
        std::vector<Unsent> found;
        while (rows.step()) {
            const auto kept = rows.blob(2);
            found.push_back({rows.integer(0), rows.hash(1), merge::read_intent(kept).value()});
        }
        return found;
    }

    /// Of a record that is gone: the user's own edits wait with the refused ones, also those that a restored server had taken before; what others wrote
    /// they have themselves.
    void forget_unsent(std::int64_t document, const Held& held)
    {
        for (const auto& row : unsent_of(document)) {
            if (const auto intent = own_edit(row, held))
                keep_refused(*intent, std::string{name(Errc::stranded)}, {}, {"it builds on an edit that the server refused", "它基于一项被服务器拒绝的修改"}, RefusedEdit::State::here);
            forget(row.sequence);
        }
    }

    /// What was to be brought back under its seal has no content of its own in the outbox: that is made from the change.
    std::optional<merge::Intent> own_edit(const Unsent& row, const Held& held)
    {
        auto rows = replica_.db.statement(select_original);
        rows.bind(":sequence", row.sequence);
        if (!rows.step() || rows.is_null(0)) return row.intent;
        const auto bytes = rows.blob(0);
        protocol::v1::Attribution frame;
        if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
        auto by = merge::from_frame(frame);
        const auto me = replica_.identity();
        const auto change = held.document.change(row.hash);
        if (!by || !me || by->person != me->person || !change || !*change) return std::nullopt;
        if (by->intent.is_nil()) by->intent = new_id<IntentId>(replica_.options.clock->now(), *replica_.options.random);
        return replica_.edit_again(held, **change, *by, false);
    }

    /// The record as the server's accepted changes make it, and then the later edits once more under a new actor.
    void rebuild(std::int64_t document, const std::set<Hash>& refused, std::vector<merge::Intent> refused_intents)
    {
        const auto id = replica_.documents.id_of(document);
        const auto held = replica_.documents.hold_known(id);
        if (!held) return;
        const auto* kind = (*held)->kind;
        const auto changes = (*held)->document.changes_since({}).value();
        auto waiting = unsent_of(document);
        for (auto& row : waiting)
            if (auto own = own_edit(row, **held)) row.intent = std::move(*own);
        auto dropped = refused;
        if (refused.empty()) // a stranded edit without its cause in sight: all that is unsent is made again
            for (const auto& row : waiting) dropped.insert(row.hash);
        dropped = with_descendants(changes, std::move(dropped));

        replica_.actor_.reset(); // its sequence in this document has a gap now
        auto fresh = merge::new_document(*kind);
        std::vector<ByteView> kept;
        for (const auto& change : changes) {
            if (change.actor == merge::genesis_actor()) continue;
            if (!dropped.contains(change.hash)) kept.emplace_back(change.bytes);
            else
                replica_.db.statement(delete_attribution)
                    .bind(":document", document)
                    .bind(":seq", static_cast<std::int64_t>(change.seq))
                    .bind(":actor", change.actor)
                    .run();
        }
        if (!kept.empty()) fresh.apply(kept).value();
        // In causal order: what a dropped change stood on, and what takes its place.
        for (const auto& change : changes) {
            if (!dropped.contains(change.hash)) continue;
            auto& instead = instead_[change.hash] = places_of(change.deps);
            const auto row = std::find_if(waiting.begin(), waiting.end(), [&](const auto& w) { return w.hash == change.hash; });
            if (row == waiting.end()) continue;
            if (const auto made = make_again(document, fresh, *row, instead, refused_intents)) instead = {*made};
            else refused_intents.push_back(row->intent);
        }
        const bool exists = fresh.read().value().root.find("id") != nullptr;
        if (!exists) { // its creation was refused: nothing of it remains here but the edits in `refused`
            forget_unsent(document, **held);
            replica_.keep_files_of_refused(document, id);
            replica_.read_model.remove(id, kind->name);
            for (const auto& scope : replica_.scopes.scopes_of(document)) replica_.scopes.leave(document, scope.num);
            replica_.documents.erase(document, id);
            touched_.erase(document);
            return;
        }
        const auto saved = fresh.save().value();
        replica_.documents.store_base(id, kind->name, saved, std::move(fresh));
        replica_.project(*replica_.documents.hold(id).value());
    }

    /// Where a change stands once the dropped ones are gone.
    std::vector<Hash> places_of(const std::vector<Hash>& deps) const
    {
        std::set<Hash> places;
        for (const auto& dep : deps) {
            const auto found = instead_.find(dep);
            if (found == instead_.end()) places.insert(dep);
            else places.insert(found->second.begin(), found->second.end());
        }
        return {places.begin(), places.end()};
    }

    /// The edit once more, on the record as its author saw it: what others wrote meanwhile stays beside it and is not overwritten.
    std::optional<Hash> make_again(std::int64_t document, automerge::Document& fresh, const Unsent& row, const std::vector<Hash>& base,
                                   const std::vector<merge::Intent>& refused)
    {
        const auto edits = merge::edits_of(row.intent);
        // One for each, since edits of two branches must not share a sequence; made from the edit it replaces, so that its place among what
        // others wrote at the same time does not depend on when the refusal came.
        const auto actor = ActorId::from(sha256(as_bytes("roadbook-again"), row.hash.view()).view().first(16)).value();
        auto change = Result<std::optional<automerge::Change>>{std::nullopt};
        if (edits && !builds_on(row.intent, refused)) {
            auto seen = fresh.fork_at(base);
            if (seen) change = seen->commit(actor, *edits);
        }
        if (!change || !*change) {
            if (!brought_back_.contains(row.hash)) keep_refused(row.intent, std::string{name(Errc::stranded)}, {}, {"it builds on an edit that the server refused", "它基于一项被服务器拒绝的修改"},
                                                                RefusedEdit::State::here);
            forget(row.sequence);
            return std::nullopt;
        }
        const ByteView bytes{(*change)->bytes};
        fresh.apply(std::span{&bytes, 1}).value();
        const auto me = replica_.identity().value();
        replica_.people.attribute(document, actor, (*change)->seq,
                                  {me.person, me.device, row.intent.device_time, Duration{replica_.setting_number("clock_offset")}, std::nullopt,
                                   row.intent.id, row.intent.reason, false});
        replica_.db.statement(requeue_row).bind(":hash", (*change)->hash).bind(":change", bytes).bind(":sequence", row.sequence).run();
        forget(row.sequence);
        ++result_.remade;
        return (*change)->hash;
    }

    Replica::Inside& replica_;
    Replica::Settlement result_;
    std::vector<IntentId> answered_;
    std::map<std::int64_t, Refused> refused_;
    std::map<std::int64_t, bool> stranded_;
    std::map<Hash, std::vector<Hash>> instead_; ///< of a dropped change: its replacement, or what it stood on
    std::set<Hash> brought_back_; ///< what a restored server wanted
    std::set<Hash> offered_; ///< put behind everything else in the outbox just now
    std::set<std::int64_t> touched_;
};

} // namespace

Replica::Outgoing Replica::Inside::take_outbox(std::int64_t after, int changes_max, std::size_t bytes_max)
{
    auto rows = db.statement(select_unsent);
    rows.bind(":after", after).bind(":count_max", std::int64_t{changes_max});
    Outgoing outgoing;
    std::size_t bytes = 0;
    while (rows.step()) {
        const auto kept = rows.blob(3);
        const auto intent = merge::read_intent(kept).value();
        bytes += rows.blob_view(2).size() + intent.reason.size();
        if (!outgoing.sequences.empty() && bytes > bytes_max) break;
        auto& pushed = *outgoing.changes.add_changes();
        pushed.set_document(protocol::to_field(rows.blob_view(1)));
        pushed.set_change(protocol::to_field(rows.blob_view(2)));
        pushed.set_intent(protocol::to_field(intent.id));
        pushed.set_device_time(intent.device_time.time_since_epoch().count());
        pushed.set_reason(intent.reason);
        if (!intent.replaces.is_nil()) pushed.set_replaces(protocol::to_field(intent.replaces));
        pushed.set_grant_epoch(static_cast<std::uint64_t>(rows.integer(4)));
        pushed.set_company_seq(static_cast<std::uint64_t>(rows.integer(5)));
        if (!rows.is_null(6) && pushed.mutable_original()->ParseFromString(protocol::to_field(rows.blob_view(6)))) pushed.set_mac(protocol::to_field(rows.blob_view(7)));
        outgoing.sequences.push_back(rows.integer(0));
    }
    return outgoing;
}

Replica::Settlement Replica::Inside::settle(std::span<const std::int64_t> sequences, std::span<const Answer> exceptions)
{
    std::map<std::uint32_t, const Answer*> by_index;
    for (const auto& answer : exceptions) by_index[answer.index()] = &answer;
    storage::Transaction transaction{db};
    Settling settling{*this};
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const auto answer = by_index.find(static_cast<std::uint32_t>(i));
        settling.take(sequences[i], answer == by_index.end() ? nullptr : answer->second);
    }
    const auto result = settling.finish();
    transaction.commit();
    if (options.vault) options.vault->forget(settling.answered()); // last: until here they are in both
    return result;
}

} // namespace roadbook::replica
