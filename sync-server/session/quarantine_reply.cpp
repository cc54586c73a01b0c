// The quarantine over a device's connection, for managers: what waits of the people whom they lead, and what becomes of it.
#include "shared/protocol/limits.hpp"
#include "sync-server/session/inside.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

namespace v1 = protocol::v1;

v1::Reply refusal(const Error& why)
{
    v1::Reply reply;
    reply.set_code(std::string{name(why.code)});
    reply.set_message(why.message);
    reply.set_message_zh(why.message_zh);
    return reply;
}

class Answering {
public:
    Answering(Hub& hub, Hub::Inside& inside, const Caller& caller) : hub_{hub}, inside_{inside}, caller_{caller} {}

    v1::Reply list()
    {
        v1::Reply reply;
        auto& answer = *reply.mutable_quarantine();
        std::size_t bytes = 0;
        for (const auto& edit : hub_.kept_edits()) {
            if (!may_decide(edit.person)) continue;
            auto frame = frame_of(edit);
            bytes += frame.ByteSizeLong();
            if (answer.edits_size() == protocol::kept_edits_max || bytes > protocol::kept_edits_bytes_max) {
                answer.set_more(true);
                break;
            }
            *answer.add_edits() = std::move(frame);
        }
        return reply;
    }

    /// An edit that does not exist and one of somebody else's people are one answer, by one path.
    v1::Reply one(const v1::QuarantineEnquiry& asked)
    {
        const auto edit = hub_.kept_edit(asked.number());
        if (!edit || !may_decide(edit->person)) {
            return refusal(fail(Errc::not_found, Bilingual{"there is no such edit in quarantine, or it is not of your people", "隔离区中没有这项修改，或它不属于您的下属"}));
        }
        const Decider me{caller_.person, caller_.device};
        std::vector<std::string> numbers{asked.number()};
        auto done = Result<void>{};
        if (asked.verb() == "release") {
            const auto followed = hub_.release(asked.number(), me);
            if (!followed) return refusal(followed.error());
            numbers.insert(numbers.end(), followed->begin(), followed->end());
        } else if (asked.verb() == "return") {
            done = hub_.give_back(asked.number(), me, asked.reason());
        } else if (asked.verb() == "discard") {
            done = hub_.discard(asked.number(), me, asked.reason());
        } else if (asked.verb() != "show") {
            return refusal(fail(Errc::bad_argument, "this server does not know that verb: it may be older than the app"));
        }
        if (!done) return refusal(done.error());
        v1::Reply reply;
        for (const auto& number : numbers)
            if (const auto now = hub_.kept_edit(number); now && reply.quarantine().edits_size() < protocol::kept_edits_max) *reply.mutable_quarantine()->add_edits() = frame_of(*now);
        return reply;
    }

private:
    /// Who leads a person is granted that person's office; an administrator also decides about those who left.
    bool may_decide(const RecordId& author) const
    {
        const auto* me = inside_.organisation.person(caller_.person);
        if (me == nullptr || inside_.store.person_revoked(caller_.person)) return false;
        return me->role == schema::Role::admin || inside_.grants(caller_.person).contains(schema::ScopeId::office(author));
    }

    bool may_see(const RecordId& id) const
    {
        const auto row = inside_.store.document(id);
        const auto scopes = row ? inside_.store.scopes_of(row->num) : std::vector<schema::ScopeId>{};
        const auto& granted = inside_.grants(caller_.person);
        return std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return granted.contains(scope); });
    }

    /// The record's name is for those who may see the record.
    v1::KeptEdit frame_of(const KeptEdit& edit) const
    {
        auto frame = hub_.frame_of(edit);
        if (edit.record && !may_see(*edit.record)) frame.clear_title();
        return frame;
    }

    Hub& hub_;
    Hub::Inside& inside_;
    const Caller& caller_;
};

} // namespace

v1::Reply answer_quarantine(Hub& hub, Hub::Inside& inside, const Caller& caller, const v1::QuarantineEnquiry& asked)
{
    Answering answering{hub, inside, caller};
    return asked.verb() == "list" ? answering.list() : answering.one(asked);
}

v1::KeptEdit Hub::frame_of(const KeptEdit& edit)
{
    v1::KeptEdit frame;
    frame.set_number(edit.number());
    frame.set_person(protocol::to_field(edit.person));
    if (const auto* person = inside_->organisation.person(edit.person)) frame.set_person_name(person->name);
    frame.set_device(protocol::to_field(edit.device));
    const auto row = edit.record ? inside_->store.document(*edit.record) : std::nullopt;
    const auto* kind = row ? schema::find_kind(row->kind) : nullptr;
    if (edit.record) frame.set_record(protocol::to_field(*edit.record));
    if (kind != nullptr) frame.set_title(schema::text_of(inside_->read(*row).record, kind->title));
    frame.set_kind(edit.kind);
    frame.set_from(edit.from);
    frame.set_state(std::string{store::name(edit.state)});
    if (edit.why.code != Errc::ok) {
        frame.set_code(std::string{name(edit.why.code)});
        frame.set_field(edit.why.field);
        frame.set_reason(edit.why.message);
        frame.set_reason_zh(edit.why.message_zh);
    }
    frame.set_saved_at(edit.saved_at.time_since_epoch().count());
    frame.set_received_at(edit.received_at.time_since_epoch().count());
    frame.set_creates(edit.creates);
    for (const auto& set : edit.sets) {
        auto& written = *frame.add_sets();
        written.set_path(set.path);
        written.set_value(set.value);
    }
    frame.set_edit_reason(edit.edit_reason);
    frame.set_intent(protocol::to_field(edit.intent));
    if (edit.decision) *frame.mutable_decision() = server::frame_of(*inside_, *edit.decision);
    return frame;
}

} // namespace roadbook::server
