#pragma once
// Who sees which record, by the rules as a person would read them from the schema: no scopes, no feeds, no memberships. Written apart from the product's.
#include "conflict/merge/merged_record.hpp"
#include "shared/schema/kind.hpp"
#include "tests/simulation/firm.hpp"

namespace roadbook::simulation {

class WhoSees {
public:
    /// All records as they are at rest; they outlive this.
    WhoSees(const Firm& firm, const std::map<RecordId, merge::Merged>& truth);

    [[nodiscard]] bool operator()(const RecordId& person, const schema::Record& record) const;

private:
    enum class As { home, guest, either };
    [[nodiscard]] bool sees(const RecordId& person, const schema::Record& record, As as) const;
    [[nodiscard]] bool sees_by(const RecordId& person, const schema::ScopeRule& rule, const schema::Record& record) const;
    /// He himself, and everybody below him.
    [[nodiscard]] bool is_of(const RecordId& person, const RecordId& subject) const;
    [[nodiscard]] const schema::Record* find(const std::optional<RecordId>& id) const;

    const Firm& firm_;
    const std::map<RecordId, merge::Merged>& truth_;
    std::set<std::pair<RecordId, RecordId>> brought_; ///< person and record: open work brings it along
};

} // namespace roadbook::simulation
