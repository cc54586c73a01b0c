#pragma once
// Who is granted which scope at a time, from the territories, their covers and the reporting line. Pure: plain values in, plain values
// out.
#include "shared/schema/kind.hpp"
#include "shared/schema/scope.hpp"

#include <map>
#include <set>

namespace roadbook::access {

struct Person {
    std::string name;
    schema::Role role = schema::Role::rep;
    std::optional<RecordId> reports_to;
    std::string time_zone; ///< IANA; empty: UTC
};
/// Somebody stands in for the holder on these days, both included.
struct Cover {
    RecordId person;
    std::string from;  ///< "2026-12-01"
    std::string until; ///< empty: until further notice
};
struct Territory {
    std::optional<RecordId> holder;
    std::optional<RecordId> parent;
    std::vector<Cover> covers;
    /// A hand-over that was agreed ahead: from that day on, where the new holder is.
    std::optional<RecordId> next_holder;
    std::string next_holder_from;
};

/// The authority records as they are merged now. Grants read the winner of a field that two managers set apart, so exactly one
/// person holds a territory at any time.
class Organisation {
public:
    /// Takes over what a person's or territory's record says; other kinds are ignored.
    void put(const schema::Record& record);
    /// As if it had been handed over; nothing for a territory that is not here.
    void give(const RecordId& territory, const RecordId& to);

    [[nodiscard]] const Person* person(const RecordId& id) const;
    [[nodiscard]] const std::map<RecordId, Person>& people() const noexcept { return people_; }
    [[nodiscard]] const std::map<RecordId, Territory>& territories() const noexcept { return territories_; }

    /// Everybody: company, the own person scope, and what his role sees of the whole company. A holder, and who covers for him now: the
    /// territory and those below it. A manager: also what everybody below him in the reporting line has, and the offices of these people
    /// and territories. An admin: all. Empty for somebody who is no person here.
    [[nodiscard]] std::set<schema::ScopeId> grants(const RecordId& person, Time now) const;

    /// The next time at which grants change by date alone.
    [[nodiscard]] std::optional<Time> next_change(Time after) const;
    /// Hand-overs whose day has come: the territory, and who takes it.
    [[nodiscard]] std::vector<std::pair<RecordId, RecordId>> due_handovers(Time now) const;
    /// When this day begins for this person; the end of time for what is no day.
    [[nodiscard]] Time start_of(const std::string& day, int days_later, const RecordId& person) const;

private:
    [[nodiscard]] std::set<RecordId> team_of(const RecordId& person) const;
    [[nodiscard]] bool is_held_by(const Territory& territory, const std::set<RecordId>& team, Time now) const;

    std::map<RecordId, Person> people_;
    std::map<RecordId, Territory> territories_;
};

} // namespace roadbook::access
