#pragma once
// Who may write what, and in which state: role x relation x field x state, as the schema declares it. Judged on the record as the author
// of a change saw it, so the order of arrival decides nothing.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

#include <set>

namespace roadbook::merge {

struct Author {
    RecordId person;
    schema::Role role = schema::Role::rep;
};

/// Borrows all that it is given. One for each change. Errors of all: not_allowed, with the field at fault.
class WriteRules {
public:
    /// `creates`: the change makes the record, so that what it says of the owner counts already.
    WriteRules(const schema::Kind& kind, const automerge::Content& before, const automerge::Content& after, const Author& author, bool creates);

    [[nodiscard]] Result<void> may_create() const;
    [[nodiscard]] Result<void> may_delete() const;
    /// May this author write the field at all? `part`: the field, or the collection it is in.
    [[nodiscard]] Result<void> may_write(const schema::Field& field, std::string_view part, const std::string& path) const;
    /// May he write this into it? `before`: the field as it was; null for none.
    [[nodiscard]] Result<void> may_say(const schema::Field& field, const schema::Value& value, const automerge::Node* before, const std::string& path) const;
    /// May he take an entry out, or move it? Who may not write what an entry must say may do neither: a rep removes no approval.
    [[nodiscard]] Result<void> may_arrange(const schema::Collection& collection, const std::string& path) const;

private:
    [[nodiscard]] Result<void> check_lock(std::string_view part, const schema::Label& label, const std::string& path) const;
    [[nodiscard]] Result<void> check_step(const schema::Field& field, const std::string& to, const automerge::Node* before, const std::string& path) const;
    [[nodiscard]] bool fits_somebody_else(const schema::Field& field, const std::string& to) const;
    [[nodiscard]] bool is_writer(const schema::Field& field) const;
    [[nodiscard]] bool fits(schema::Who who, schema::Roles besides) const;
    [[nodiscard]] Error may_not(std::string_view en, std::string_view zh, const schema::Label& what, std::string path) const;

    const schema::Kind& kind_;
    const Author& author_;
    const bool creates_;
    std::set<RecordId> owners_; ///< more than one while two people set it apart
    std::string state_;
};

} // namespace roadbook::merge
