#pragma once
// One person of each role, somebody who reports to each of them, and somebody who is nobody's: who sees and may write what.
#include "tests/support/office.hpp"
#include "tests/support/random_values.hpp"
#include "tests/support/raw_author.hpp"

#include <fmt/format.h>

namespace roadbook::testing {

/// Everything about one person: what is his, and his people's.
struct Colleague {
    schema::Role role = schema::Role::rep;
    RecordId id;
    RecordId territory; ///< that he holds
    RecordId account;   ///< in it
};

class Staff {
public:
    Company company;
    std::map<schema::Role, Colleague> people, juniors; ///< a junior is a rep who reports to the one of that role
    Colleague stranger;                                ///< a rep who reports to nobody

    Staff()
    {
        for (int i = 0; i < schema::role_count; ++i) {
            const auto role = static_cast<schema::Role>(i);
            people[role] = hire(role, std::string{schema::name(role)}, {});
            juniors[role] = hire(schema::Role::rep, "junior of " + std::string{schema::name(role)}, people[role].id);
        }
        stranger = hire(schema::Role::rep, "stranger", {});
    }

    [[nodiscard]] const RecordId& id_of(schema::Role role) const { return people.at(role).id; }

    /// A record of this type about somebody: his, on his account, in his territory; the rest of what it needs is there, too.
    RecordId make(const schema::Kind& kind, const Colleague& about, schema::Fields more = {})
    {
        RandomValues values{7};
        schema::Fields fields;
        for (const auto& field : kind.fields) {
            const bool places = std::any_of(kind.scopes.begin(), kind.scopes.end(), [&](const auto& rule) { return rule.field == field.name; });
            if (!field.is_required && !places && field.name != kind.owner) continue;
            if (field.type == schema::Type::reference) fields[field.name] = target(field.target, about);
            else if (field.type == schema::Type::choice) fields[field.name] = std::string{field.choices.front().value};
            else fields[field.name] = values.good(field);
        }
        for (auto& [name, value] : more) fields[name] = value;
        const auto id = company.new_record();
        company.apply(creation(id, kind.name, std::move(fields)));
        return id;
    }

private:
    Colleague hire(schema::Role role, const std::string& name, const std::optional<RecordId>& boss)
    {
        Colleague made{role, company.new_record(), company.new_record(), company.new_record()};
        schema::Fields person{{"name", name}, {"role", std::string{schema::name(role)}}};
        if (boss) person["reports_to"] = *boss;
        company.apply(creation(made.id, "person", std::move(person)));
        company.apply(creation(made.territory, "territory", {{"name", "of " + name}, {"holder", made.id}}));
        company.apply(creation(made.account, "account", {{"name", "customer of " + name}, {"territory", made.territory}}));
        return made;
    }

    RecordId target(const std::string& kind, const Colleague& about)
    {
        if (kind == "person") return about.id;
        if (kind == "territory") return about.territory;
        if (kind == "account") return about.account;
        const auto [found, is_new] = targets_.try_emplace({kind, about.id});
        if (is_new) {
            const auto made = make(*schema::find_kind(kind), about);
            targets_[{kind, about.id}] = made;
            return made;
        }
        return found->second;
    }

    std::map<std::pair<std::string, RecordId>, RecordId> targets_;
};

/// One person with a device that checks, and another one that does not.
class BothEnds {
public:
    BothEnds(Staff& staff, const RecordId& person, const std::string& name)
        : company_{staff.company}, device{company_, name, person}, tampered_{company_, name + "'s other", person}
    {
        REQUIRE(device.sync().code == Errc::ok);
    }

    /// What the device says before it saves.
    Error on_device(const merge::Intent& intent)
    {
        const auto saved = device->save(intent);
        return saved ? Error{Errc::ok, {}, {}} : saved.error();
    }
    /// What the server says of the same edit, made without asking.
    Error on_server(const merge::Intent& intent)
    {
        auto document = intent.create ? merge::new_document(*schema::find_kind(intent.kind)) : document_of(intent.record);
        return push(intent.record, document, merge::edits_of(intent).value());
    }
    Error push(const RecordId& record, automerge::Document& document, std::span<const automerge::Edit> edits)
    {
        ActorId actor;
        company_.chance().fill(actor.bytes);
        const auto made = document.commit(actor, edits).value();
        REQUIRE(made.has_value());
        server::Hub::Batch batch;
        batch.caller = tampered();
        auto& pushed = *batch.changes.add_changes();
        pushed.set_document(protocol::to_field(record));
        pushed.set_change(protocol::to_field(made->bytes));
        pushed.set_intent(protocol::to_field(new_id<IntentId>(company_.clock().now(), company_.chance())));
        const auto done = company_.hub().commit(std::span{&batch, 1});
        const auto& exceptions = done.answers.front().second.exceptions();
        if (exceptions.empty()) return Error{Errc::ok, {}, {}};
        if (exceptions.at(0).status() != v1::REFUSED) return Error{Errc::internal, v1::Status_Name(exceptions.at(0).status()), {}};
        return Error{errc_from_name(exceptions.at(0).code()), exceptions.at(0).reason(), exceptions.at(0).field()};
    }
    [[nodiscard]] server::Caller tampered() { return {tampered_->identity()->device, tampered_->identity()->person}; }
    /// The record as the server has it, whoever may see it: what somebody might have kept from earlier.
    automerge::Document document_of(const RecordId& record)
    {
        auto store = store::Store::open({company_.server_folder() / server::Hub::file_name, false, {}, {}}).value();
        return automerge::Document::load(store.snapshot(store.document(record).value().num)).value();
    }

private:
    Company& company_;

public:
    Device device;

private:
    Device tampered_;
};

} // namespace roadbook::testing
