#pragma once
// A device's owner who writes changes without the device's own checks: what the server must judge by itself.
#include "conflict/merge/genesis.hpp"
#include "tests/support/company.hpp"

namespace roadbook::testing {

/// Keeps the documents of the records that it made, so that it can go on writing in them.
class RawAuthor {
public:
    RawAuthor(Company& company, Device& device) : company_{company}, caller_{device->identity()->device, device->identity()->person} {}

    [[nodiscard]] const server::Caller& caller() const noexcept { return caller_; }
    /// The edit as one change, on top of what this author or `of` made of the record; under an actor of its own. Nothing: it
    /// says what the record says already.
    [[nodiscard]] std::optional<v1::PushedChange> change(const merge::Intent& intent, std::uint64_t company_seq = 0) { return change(intent, *this, company_seq); }
    [[nodiscard]] std::optional<v1::PushedChange> change(const merge::Intent& intent, RawAuthor& of, std::uint64_t company_seq = 0)
    {
        auto document = intent.create ? merge::new_document(*schema::find_kind(intent.kind)) : of.documents_.at(intent.record).fork().value();
        ActorId actor;
        company_.chance().fill(actor.bytes);
        const auto made = document.commit(actor, merge::edits_of(intent).value()).value();
        if (!made) return std::nullopt;
        v1::PushedChange pushed;
        pushed.set_document(protocol::to_field(intent.record));
        pushed.set_change(protocol::to_field(made->bytes));
        pushed.set_intent(protocol::to_field(new_id<IntentId>(company_.clock().now(), company_.chance())));
        pushed.set_company_seq(company_seq);
        made_.insert_or_assign(intent.record, std::move(document));
        return pushed;
    }
    /// Goes on from what `of` has made so far; what either writes from now on is his own.
    void know(RawAuthor& of)
    {
        for (auto& [record, document] : of.documents_) documents_.insert_or_assign(record, document.fork().value());
    }
    /// The last change made to this record was accepted: later ones build on it.
    void keep(const RecordId& record) { documents_.insert_or_assign(record, std::move(made_.at(record))); }

    /// One answer for each change; those that were simply accepted have no status but that.
    std::vector<v1::Answer> commit(const std::vector<v1::PushedChange>& changes)
    {
        server::Hub::Batch batch;
        batch.caller = caller_;
        for (const auto& change : changes) *batch.changes.add_changes() = change;
        const auto done = company_.hub().commit(std::span{&batch, 1});
        std::vector<v1::Answer> answers(changes.size());
        for (const auto& exception : done.answers.front().second.exceptions()) answers[exception.index()] = exception;
        return answers;
    }
    v1::Answer commit(const v1::PushedChange& change) { return commit(std::vector{change}).front(); }

private:
    Company& company_;
    server::Caller caller_;
    std::map<RecordId, automerge::Document> documents_;
    std::map<RecordId, automerge::Document> made_;
};

} // namespace roadbook::testing
