#pragma once
// Who is granted which scope, from the territories and the reporting line. Pure: plain values in, plain values out.
#include "shared/schema/kind.hpp"
#include "shared/schema/scope.hpp"

#include <map>
#include <set>

namespace roadbook::access {

struct Person {
    std::string name;
    schema::Role role = schema::Role::rep;
    std::optional<RecordId> reports_to;
};
struct Territory {
    std::optional<RecordId> holder;
    std::optional<RecordId> parent;
};

/// The authority records as they are merged now. Grants read the winner of a field that two managers set apart, so exactly one
/// person holds a territory at any time.
class Organisation {
public:
    /// Takes over what a person's or territory's record says; other kinds are ignored.
    void put(const schema::Record& record);

    [[nodiscard]] const Person* person(const RecordId& id) const;
    [[nodiscard]] const std::map<RecordId, Person>& people() const noexcept { return people_; }

    /// Everybody: company and the own person scope. A holder: the territory and those below it. A manager: also what everybody
    /// below him in the reporting line has. An admin: all. Empty for somebody who is no person here.
    [[nodiscard]] std::set<schema::ScopeId> grants(const RecordId& person) const;

private:
    [[nodiscard]] std::set<RecordId> team_of(const RecordId& person) const;

    std::map<RecordId, Person> people_;
    std::map<RecordId, Territory> territories_;
};

} // namespace roadbook::access
