#pragma once
// An office in which the server refuses edits that a device let pass.
#include "tests/support/office.hpp"

#include <algorithm>

namespace roadbook::testing {

struct RefusedOffice : Office {
    /// Ann's device takes her for somebody else, so it lets her save what the server then refuses.
    template <class Edit>
    void as(schema::Role role, Edit edit, bool sync = true)
    {
        auto identity = ann->identity().value();
        identity.role = role;
        ann->keep_identity(identity);
        edit();
        if (sync) REQUIRE(ann.sync().code == Errc::ok);
    }
    void refuse_limit(std::int64_t cents)
    {
        as(schema::Role::finance, [&] { REQUIRE(ann->set(company.acme, {{"credit_limit", Money{cents, "EUR"}}}).has_value()); });
        REQUIRE(ann->refused().size() == 1);
    }
    /// Of all refused edits on Ann's device, sorted.
    std::vector<replica::RefusedEdit::State> states()
    {
        std::vector<replica::RefusedEdit::State> all;
        for (const auto& edit : ann->refused()) all.push_back(edit.state);
        std::sort(all.begin(), all.end()); // edits of one millisecond have no order
        return all;
    }
    std::vector<store::AuditEntry> audited(store::AuditKind kind)
    {
        std::vector<store::AuditEntry> found;
        store::AuditFilter filter;
        filter.kind = kind;
        company.hub().audit().each(filter, [&](const store::AuditEntry& entry) { return found.push_back(entry), true; });
        return found;
    }
    v1::Reply ask(Device& device, const std::string& verb, const std::string& number)
    {
        v1::Enquiry enquiry;
        enquiry.mutable_quarantine()->set_verb(verb);
        enquiry.mutable_quarantine()->set_number(number);
        v1::Reply reply;
        REQUIRE(device.sync(enquiry, [&](const v1::Reply& heard) { reply = heard; }).code == Errc::ok);
        reply.clear_ticket();
        return reply;
    }
};

} // namespace roadbook::testing
