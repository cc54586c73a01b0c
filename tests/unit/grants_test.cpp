// Who is granted what, against a model that asks the naive question for each person and scope: over random organisations and 10,000
// random edits of them, by date too.
#include "sync-server/access/organisation.hpp"
#include "tests/simulation/seeded.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using access::Organisation;
using schema::Role;
using schema::ScopeId;

namespace {

constexpr int organisations = 20;
constexpr int edits_each = 500;

std::string day(Time time)
{
    return to_text(time).substr(0, 10);
}

/// The records as they stand, and the question asked of them one by one.
struct Model {
    std::map<RecordId, schema::Record> people, territories;

    [[nodiscard]] static std::optional<RecordId> link(const std::map<RecordId, schema::Record>& records, const RecordId& id, const char* field)
    {
        const auto found = records.find(id);
        return found == records.end() || found->second.deleted_at ? std::nullopt : schema::reference_of(found->second, field);
    }
    [[nodiscard]] bool is_there(const RecordId& person) const
    {
        const auto found = people.find(person);
        return found != people.end() && !found->second.deleted_at;
    }
    [[nodiscard]] Role role(const RecordId& person) const { return schema::role_from_name(schema::text_of(people.at(person), "role")).value(); }

    /// Is `boss` above `person`, or he himself?
    [[nodiscard]] bool is_below(const RecordId& person, const RecordId& boss) const
    {
        std::set<RecordId> seen;
        for (auto at = std::optional{person}; at && is_there(*at) && seen.insert(*at).second; at = link(people, *at, "reports_to"))
            if (*at == boss) return true;
        return false;
    }
    [[nodiscard]] bool leads(const RecordId& person) const { return role(person) == Role::manager || role(person) == Role::admin; }

    /// Does the territory belong to the person, or to somebody below him?
    [[nodiscard]] bool is_his(const RecordId& territory, const RecordId& person, Time now) const
    {
        const auto counts = [&](const RecordId& holder) { return holder == person ? is_there(person) : leads(person) && is_below(holder, person); };
        std::set<RecordId> seen;
        for (auto at = std::optional{territory}; at && seen.insert(*at).second; at = link(territories, *at, "parent")) {
            const auto found = territories.find(*at);
            if (found == territories.end() || found->second.deleted_at) return false;
            if (const auto holder = link(territories, *at, "holder"); holder && counts(*holder)) return true;
            for (const auto& cover : found->second.collections.at("covers")) {
                const auto until = cover.fields.contains("until") ? std::get<std::string>(cover.fields.at("until")) : "9999-12-31";
                const bool is_today = std::get<std::string>(cover.fields.at("from")) <= day(now) && day(now) <= until;
                if (!cover.removed && is_today && counts(std::get<RecordId>(cover.fields.at("person")))) return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool may_see(const RecordId& person, const ScopeId& scope, Time now) const
    {
        const bool is_admin = role(person) == Role::admin;
        switch (scope.kind) {
        case ScopeId::Kind::company: return true;
        case ScopeId::Kind::roles: return scope.roles().has(role(person));
        case ScopeId::Kind::person: return is_there(scope.id) && (is_admin || scope.id == person || (leads(person) && is_below(scope.id, person)));
        case ScopeId::Kind::territory: return is_there_territory(scope.id) && (is_admin || is_his(scope.id, person, now));
        case ScopeId::Kind::office:
            if (!leads(person)) return false;
            if (people.contains(scope.id)) return (is_admin || scope.id != person) && may_see(person, ScopeId::person(scope.id), now);
            return may_see(person, ScopeId::territory(scope.id), now);
        }
        return false;
    }
    [[nodiscard]] bool is_there_territory(const RecordId& id) const { return territories.contains(id) && !territories.at(id).deleted_at; }
};

class World {
public:
    explicit World(std::uint64_t seed) : chance_{seed}
    {
        for (int i = 0; i < 8; ++i) change_person();
        for (int i = 0; i < 10; ++i) change_territory();
    }

    void edit()
    {
        if (chance_.one_in(8)) now_ += std::chrono::hours{12};
        else if (chance_.one_in(3)) change_person();
        else change_territory();
    }

    void check() const
    {
        std::set<ScopeId> all{ScopeId::company()};
        for (const auto& kind : schema::kinds())
            for (const auto& rule : kind.scopes)
                if (rule.how == schema::ScopeRule::How::roles) all.insert(ScopeId::of_roles(rule.roles));
        for (const auto* records : {&model_.people, &model_.territories})
            for (const auto& [id, record] : *records) {
                all.insert({ScopeId::office(id), records == &model_.people ? ScopeId::person(id) : ScopeId::territory(id)});
            }
        for (const auto& [person, record] : model_.people) {
            std::set<ScopeId> expected;
            if (model_.is_there(person))
                for (const auto& scope : all)
                    if (model_.may_see(person, scope, now_)) expected.insert(scope);
            REQUIRE(organisation_.grants(person, now_) == expected);
        }
    }

    /// Between now and the next change by date nothing changes, and a millisecond before it is still now.
    void check_calendar() const
    {
        const auto next = organisation_.next_change(now_);
        if (!next) return;
        for (const auto& [person, record] : model_.people) REQUIRE(organisation_.grants(person, *next - Duration{1}) == organisation_.grants(person, now_));
    }

private:
    RecordId fresh() { return new_id<RecordId>(now_, chance_); }
    std::optional<RecordId> somebody(const std::map<RecordId, schema::Record>& from)
    {
        if (from.empty() || chance_.one_in(6)) return std::nullopt;
        return std::next(from.begin(), static_cast<std::ptrdiff_t>(chance_.below(from.size())))->first;
    }
    static void set(schema::Record& record, const char* field, const std::optional<RecordId>& to)
    {
        if (to) record.fields[field] = *to;
        else record.fields.erase(field);
    }
    schema::Record& one_of(std::map<RecordId, schema::Record>& records, const char* kind, std::size_t wanted)
    {
        if (records.size() < wanted) {
            const auto id = fresh();
            return records[id] = {id, kind, {}, {}, {}, {}};
        }
        auto& record = records.at(somebody(records).value_or(records.begin()->first));
        if (chance_.one_in(10)) record.deleted_at = record.deleted_at ? std::nullopt : std::optional{now_};
        return record;
    }

    void change_person()
    {
        auto& record = one_of(model_.people, "person", 8);
        if (!record.fields.contains("role") || chance_.one_in(4))
            record.fields["role"] = std::string{schema::name(static_cast<Role>(chance_.below(schema::role_count)))};
        set(record, "reports_to", somebody(model_.people)); // circles, too
        organisation_.put(record);
    }

    void change_territory()
    {
        auto& record = one_of(model_.territories, "territory", 10);
        auto& covers = record.collections["covers"];
        if (chance_.one_in(2)) set(record, "holder", somebody(model_.people));
        if (chance_.one_in(3)) set(record, "parent", somebody(model_.territories));
        if (const auto person = somebody(model_.people); person && chance_.one_in(3)) {
            schema::Fields fields{{"person", *person}, {"from", day(now_ + std::chrono::hours{24} * chance_.below(4))}};
            if (chance_.one_in(2)) fields["until"] = day(now_ + std::chrono::hours{24} * (2 + chance_.below(4)));
            covers.push_back({new_id<ChildId>(now_, chance_), std::move(fields), false});
        } else if (!covers.empty()) {
            covers[chance_.below(covers.size())].removed = chance_.one_in(2);
        }
        organisation_.put(record);
    }

    simulation::Chance chance_;
    Time now_ = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{8};
    Model model_;
    Organisation organisation_;
};

} // namespace

TEST_CASE("grants are exactly those of the naive question, over 10,000 random edits of random organisations", "[grants]")
{
    for (int seed = 1; seed <= organisations; ++seed) {
        CAPTURE(seed);
        World world{static_cast<std::uint64_t>(seed)};
        for (int edit = 0; edit < edits_each; ++edit) {
            CAPTURE(edit);
            world.edit();
            world.check();
            if (edit % 10 == 0) world.check_calendar();
        }
    }
}

TEST_CASE("a cover begins at midnight where the one who covers is", "[grants]")
{
    Organisation organisation;
    const auto id = [](std::uint8_t last) { RecordId made; made.bytes.back() = static_cast<std::byte>(last); return made; };
    organisation.put({id(1), "person", {{"name", std::string{"Li"}}, {"role", std::string{"rep"}}, {"time_zone", std::string{"Asia/Shanghai"}}}, {}, {}, {}});
    organisation.put({id(2), "territory", {}, {{"covers", {{ChildId{}, {{"person", id(1)}, {"from", std::string{"2026-12-01"}}, {"until", std::string{"2026-12-02"}}}, false}}}}, {}, {}});
    const auto north = ScopeId::territory(id(2));
    const auto begins = time_from_text("2026-11-30T16:00:00Z").value();
    const auto ends = time_from_text("2026-12-02T16:00:00Z").value();
    CHECK(organisation.next_change(begins - Duration{1}) == begins);
    CHECK(organisation.next_change(begins) == ends);
    CHECK_FALSE(organisation.grants(id(1), begins - Duration{1}).contains(north));
    CHECK(organisation.grants(id(1), begins).contains(north));
    CHECK(organisation.grants(id(1), ends - Duration{1}).contains(north));
    CHECK_FALSE(organisation.grants(id(1), ends).contains(north));
    CHECK_FALSE(organisation.next_change(ends));
}
