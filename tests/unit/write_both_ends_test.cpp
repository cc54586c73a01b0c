// Every role, every field of every record type, in every state: what the device says before it saves is what the server says of the same edit made
// without asking. write_rules.md is the page of it; somebody without a role is in rights_test.
#include "tests/support/staff.hpp"

using namespace roadbook;
using namespace roadbook::testing;
using schema::Role;

namespace {

std::vector<std::string> states_of(const schema::Kind& kind)
{
    if (kind.state.empty()) return {""};
    std::vector<std::string> states;
    for (const auto& choice : kind.field(kind.state)->choices) states.emplace_back(choice.value);
    return states;
}

/// One edit, as both ends were asked about it.
struct Asked {
    std::string what;
    Error on_device;
    v1::PushedChange pushed;
};

class Reviewing {
public:
    Reviewing(Staff& staff, const Colleague& me) : staff_{staff}, me_{me}, person_{staff, me.id, std::string{schema::name(me.role)}} {}

    /// His own records of all types in all states, each field once.
    int review()
    {
        std::vector<std::tuple<const schema::Kind*, std::string, RecordId>> records;
        for (const auto& kind : schema::kinds())
            for (const auto& state : states_of(kind)) {
                if (kind.is_authority) continue; // a second person or territory of his would change what he is granted
                records.emplace_back(&kind, state, staff_.make(kind, me_, state.empty() ? schema::Fields{} : schema::Fields{{kind.state, state}}));
            }
        REQUIRE(person_.device.sync().code == Errc::ok);
        for (const auto& [kind, state, id] : records)
            if (person_.device->kind_of(id)) ask(*kind, state, id);
        compare();
        return static_cast<int>(asked_.size());
    }

private:
    void ask(const schema::Kind& kind, const std::string& state, const RecordId& id)
    {
        const auto document = person_.document_of(id);
        for (const auto& field : kind.fields) {
            if (field.name == kind.state || field.name == kind.owner) continue; // these change what the next ones are judged by
            const auto value = value_for(field);
            if (value) ask(document, edit(id, kind.name, {{field.name, *value}}), state);
        }
        for (const auto& collection : kind.collections)
            if (auto fields = entry_of(collection)) {
                auto intent = edit(id, kind.name, {});
                (*fields)["position"] = std::string{"aa"};
                intent.steps.front() = {collection.name, values_.fresh<ChildId>(), true, std::move(*fields)};
                ask(document, intent, state);
            }
        ask(document, edit(id, kind.name, {{"deleted_at", staff_.company.clock().now()}}), state);
    }

    void ask(const automerge::Document& base, const merge::Intent& intent, const std::string& state)
    {
        auto document = base.fork().value();
        ActorId actor;
        staff_.company.chance().fill(actor.bytes);
        const auto made = document.commit(actor, merge::edits_of(intent).value()).value();
        if (!made) return; // it says so already
        const auto saved = person_.device->save(intent);
        auto& asked = asked_.emplace_back();
        asked.what = fmt::format("{} {} {} {}", schema::name(me_.role), intent.kind, state, merge::written_by(intent).front().path);
        asked.on_device = saved ? Error{Errc::ok, {}, {}} : saved.error();
        asked.pushed.set_document(protocol::to_field(intent.record));
        asked.pushed.set_change(protocol::to_field(ByteView{made->bytes}));
        asked.pushed.set_intent(protocol::to_field(values_.fresh<IntentId>()));
    }

    void compare()
    {
        server::Hub::Batch batch;
        batch.caller = person_.tampered();
        for (const auto& asked : asked_) *batch.changes.add_changes() = asked.pushed;
        const auto done = staff_.company.hub().commit(std::span{&batch, 1});
        std::vector<Error> answers(asked_.size(), Error{Errc::ok, {}, {}});
        for (const auto& answer : done.answers.front().second.exceptions())
            answers.at(answer.index()) = {answer.status() == v1::REFUSED ? errc_from_name(answer.code()) : Errc::internal, answer.reason(), answer.field(), answer.reason_zh()};
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            CAPTURE(asked_[i].what, asked_[i].on_device.message, answers[i].message);
            CHECK(answers[i].code == asked_[i].on_device.code);
            CHECK(answers[i].field == asked_[i].on_device.field);
        }
    }

    /// Nothing: it would refer to what he does not see, of which the two ends know different things.
    std::optional<schema::Value> value_for(const schema::Field& field)
    {
        if (field.type != schema::Type::reference) return values_.good(field);
        if (field.target == "person") return me_.id;
        if (field.target == "account") return me_.account;
        if (field.target == "territory") return me_.territory;
        return std::nullopt;
    }
    std::optional<schema::Fields> entry_of(const schema::Collection& collection)
    {
        schema::Fields fields;
        for (const auto& field : collection.fields) {
            if (!field.is_required) continue;
            const auto value = value_for(field);
            if (!value) return std::nullopt;
            fields[field.name] = *value;
        }
        return fields;
    }

    Staff& staff_;
    const Colleague& me_;
    BothEnds person_;
    RandomValues values_{20'261'126};
    std::vector<Asked> asked_;
};

} // namespace

TEST_CASE("device and server say the same of every role, field and state, with the same field at fault", "[write_rules]")
{
    Staff staff;
    for (const auto& [role, me] : staff.people) {
        CAPTURE(schema::name(role));
        CHECK(Reviewing{staff, me}.review() > 300);
    }
}
