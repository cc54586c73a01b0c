#pragma once
// The one description of every record type. Validation, read-model tables, search, write rules, merge policies, scopes, forms,
// import and export are derived from it. A new field is one line in a file of kinds/; a new record type is one such file.
#include "shared/schema/merge_rules.hpp"
#include "shared/schema/record.hpp"
#include "shared/schema/roles.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::schema {

/// Raised when kinds, or containers of a kind (collections, notes), are added. Fields alone need no new version.
inline constexpr int schema_version = 3;

/// What people call it, as the choices of a person's role do.
[[nodiscard]] Label label(Role role) noexcept;

struct Choice {
    std::string_view value;
    Label label;
};

/// What the author of a change is to the record: its owner is whom the kind's `owner` field names.
enum class Who {
    anyone,
    owner,  ///< he, anybody while it names nobody, and an administrator
    others, ///< anybody but him, once it names somebody (till then an administrator): nobody approves his own
};

/// A legal move of a state, judged on the states that its author saw. An administrator may make any: he puts right what went wrong.
struct Step {
    std::vector<std::string> from; ///< "": none yet
    std::string to;
    Roles roles = everyone;
    Who who = Who::anyone;
};

struct Field {
    std::string name;
    Type type = Type::text;
    Label label;
    bool is_required = false;
    bool is_searched = false;
    bool is_indexed = false;        ///< a list in the app filters or sorts by it
    std::string target;             ///< reference: the kind it points to
    std::vector<Choice> choices;    ///< choice: in rank order
    Policy merge = Policy::latest;
    Roles writers = everyone;       ///< who may set it
    bool is_set_by_creator = false; ///< whoever adds the record may set it, too, once
    Who who = Who::anyone;          ///< of the writers
    Roles besides_owner;            ///< with Who::owner: these need not be the owner
    std::optional<Roles> may_name_others; ///< reference to a person: all but these roles may name only themselves
    std::vector<Step> steps;        ///< choice: the moves that are legal; empty: any
    std::int64_t least = INT64_MIN; ///< integer, decimal, percent, money (minor units)
    std::int64_t greatest = INT64_MAX;
    std::size_t length_max = 0;     ///< text and note, in bytes of UTF-8; set by the builders
    int since = 0;                  ///< note: the schema version that added it to a kind that was there already
    std::string number_prefix;      ///< the record's number, given out by the device from leased blocks: "Q-", unless a numbering rule says otherwise

    // Builders, to be chained: text("name", {"Name", "名称"}).required().searched()
    Field required() &&;
    Field searched() &&;
    Field indexed() &&;
    Field written_by(Roles roles) &&;
    Field set_by_creator() &&;
    Field only_by_owner(Roles besides) &&;
    Field only_by_others() &&;
    Field naming_oneself(Roles may_name_others) &&;
    Field moving(std::vector<Step> steps) &&;
    Field between(std::int64_t low, std::int64_t high) &&;
    Field at_most_bytes(std::size_t bytes) &&;
    Field added_in(int version) &&;
    Field numbered(std::string prefix) &&;
};

/// A field while it is declared: the compiler knows its type, so that a policy which nobody has said the meaning of is found there.
template <Type T>
struct Declared : Field {
    explicit Declared(Field field) : Field{std::move(field)} {}

    template <Policy P>
    Declared policy() &&
    {
        static_assert(merge_rule(T, P) != nullptr, "what this policy means for this type is not said: add it to merge_rules.hpp");
        merge = P;
        return std::move(*this);
    }
    Declared required() && { return Declared{std::move(*this).Field::required()}; }
    Declared searched() && { return Declared{std::move(*this).Field::searched()}; }
    Declared indexed() && { return Declared{std::move(*this).Field::indexed()}; }
    Declared written_by(Roles roles) && { return Declared{std::move(*this).Field::written_by(roles)}; }
    Declared set_by_creator() && { return Declared{std::move(*this).Field::set_by_creator()}; }
    Declared only_by_owner(Roles besides) && { return Declared{std::move(*this).Field::only_by_owner(besides)}; }
    Declared only_by_others() && { return Declared{std::move(*this).Field::only_by_others()}; }
    Declared naming_oneself(Roles roles) && { return Declared{std::move(*this).Field::naming_oneself(roles)}; }
    Declared moving(std::vector<Step> moves) && { return Declared{std::move(*this).Field::moving(std::move(moves))}; }
    Declared between(std::int64_t low, std::int64_t high) && { return Declared{std::move(*this).Field::between(low, high)}; }
    Declared at_most_bytes(std::size_t bytes) && { return Declared{std::move(*this).Field::at_most_bytes(bytes)}; }
    Declared added_in(int version) && { return Declared{std::move(*this).Field::added_in(version)}; }
    Declared numbered(std::string prefix) && { return Declared{std::move(*this).Field::numbered(std::move(prefix))}; }
};

[[nodiscard]] Declared<Type::text> text(std::string name, Label label);
[[nodiscard]] Declared<Type::note> note(std::string name, Label label);
[[nodiscard]] Declared<Type::integer> integer(std::string name, Label label);
[[nodiscard]] Declared<Type::decimal> decimal(std::string name, Label label);
[[nodiscard]] Declared<Type::percent> percent(std::string name, Label label);
[[nodiscard]] Declared<Type::money> money(std::string name, Label label);
[[nodiscard]] Declared<Type::date> date(std::string name, Label label);
[[nodiscard]] Declared<Type::time> time(std::string name, Label label);
[[nodiscard]] Declared<Type::boolean> boolean(std::string name, Label label);
[[nodiscard]] Declared<Type::choice> choice(std::string name, Label label, std::vector<Choice> choices);
[[nodiscard]] Declared<Type::reference> reference(std::string name, Label label, std::string target);

/// How a collection takes what several people add to it apart. Entries are keyed by their own ids: all of them are there.
enum class Gathering {
    entries,     ///< a list that people edit; what looks added twice is offered to be joined
    sum,         ///< each entry counts: the amounts of `counted` add up
    set,         ///< entries that agree in `key` are one
    append_only, ///< an entry, once made, is neither rewritten nor taken out: another one answers it
};

/// A sub-collection: a root map of the document, keyed by child id. Every child also has `position` and `removed`.
struct Collection {
    std::string name;
    Label label;
    Label item; ///< one of them: "line"
    Gathering gathers = Gathering::entries;
    std::string key = {};     ///< entries, set: the field that tells what an entry is about; empty: nothing does
    std::string counted = {}; ///< sum: the number or amount that adds up; entries with a key: what adds up when two are joined
    std::vector<Field> fields;
    int since = 0; ///< the schema version that added it to a kind that was there already
    [[nodiscard]] const Field* field(std::string_view name) const noexcept;
};

/// Where a record is to be seen. A record is in the scopes of all its rules.
struct ScopeRule {
    enum class How {
        company,   ///< everybody
        territory, ///< territory:ID of the territory that `field` refers to ("" is the record itself: a territory)
        person,    ///< person:ID of the person that `field` refers to
        with,      ///< wherever the record that `field` refers to belongs, but for what roles see of it in the whole company
        along,     ///< the same, and also where that record comes along with open work
        roles,     ///< whoever has one of `roles`, in the whole company
        office,    ///< office:ID: who leads the person or territory that `field` refers to, or the territory of the record that it refers to
    };
    How how = How::company;
    std::string field;
    Roles roles = {};
};

/// In these states of the kind's `state` field the record is settled: only `except` still writes anything but `open`.
struct Lock {
    std::vector<std::string> states;
    Roles except;
    std::vector<std::string> open = {}; ///< fields and collections
};

/// A record that comes along with this one, to the people whom this one is for, while the work is open: the account of a work order.
struct Companion {
    std::string field;                    ///< refers to the record
    std::vector<std::string> closed = {}; ///< in these states of the kind's `state` field it goes again
};

/// One of those who must approve, each a person of his own.
struct ApprovalStep {
    Label label;
    Roles roles;
    bool only_over_limit = false; ///< asked for only where the record is over a limit of the company's (shared/rules/approval_need.hpp)
};

/// A collection whose entries say that somebody stands by the record as he saw it: approvals, customers' signatures. Each is over all of the
/// record, also over what was written apart and what only a newer version knows, but for what is listed here.
struct Endorsement {
    std::string collection;
    std::vector<std::string> leaves_out;    ///< fields, collections, and "collection/field"; only ever grows. Itself, too: an approval leaves others valid
    std::vector<ApprovalStep> steps = {};   ///< whose yes is needed, in this order; none: a signature
    std::string state = {};                 ///< of the kind's `state` field: reached only when all of them have said yes
    [[nodiscard]] bool is_approval() const noexcept { return !steps.empty(); }
};

/// Items that are paid out once each, over what was approved of them.
struct Payout {
    std::string items;    ///< the collection of what is paid
    std::string payments; ///< the collection of payments: `item`, `approval`, `amount`
};

/// Somebody's work at a time. What he needs on the day comes first when a device is filled.
struct Agenda {
    std::string who;                      ///< the field that names the person
    std::vector<std::string> begins;      ///< a time or a day; the first of these that says something
    std::string ends = {};                ///< empty: when it begins
    std::string done = {};                ///< a boolean: it is over
    std::vector<std::string> closed = {}; ///< in these states of the kind's `state` field it is over
};

struct Kind {
    std::string name;
    Label label;  ///< "Account", "客户"
    Label plural; ///< "Accounts", "客户"
    std::vector<Field> fields;
    std::vector<Collection> collections;
    std::vector<ScopeRule> scopes;
    std::vector<Companion> brings = {};
    std::string owner = {};         ///< the field that names whose it is
    std::string state = {};         ///< the choice that says how far it is
    std::vector<Lock> locks = {};
    std::vector<Endorsement> endorsements = {};
    std::optional<Payout> payout = {};
    std::optional<Agenda> agenda = {};
    std::string title;        ///< the text field that names a record in lists and search results
    Roles creators = everyone;
    /// Authority records (person, territory) decide who may do what: judged at arrival under one lock, never accepted late.
    bool is_authority = false;

    [[nodiscard]] const Field* field(std::string_view name) const noexcept;
    [[nodiscard]] const Collection* collection(std::string_view name) const noexcept;
    [[nodiscard]] const Endorsement* endorsement(std::string_view collection) const noexcept;
    /// How its records are approved; null if they are not.
    [[nodiscard]] const Endorsement* approval() const noexcept;
    /// The field that numbers its records; null if none does.
    [[nodiscard]] const Field* number_field() const noexcept;
};

/// All kinds, sorted by name; built once, lives as long as the process.
[[nodiscard]] std::span<const Kind> kinds();
[[nodiscard]] const Kind* find_kind(std::string_view name) noexcept;
/// May records of this kind come along with open work?
[[nodiscard]] bool is_brought(const Kind& kind);

/// Greatest sizes that validation enforces; the reasons stand in kind.cpp.
inline constexpr std::size_t text_bytes_max = 8 << 10;
inline constexpr std::size_t note_bytes_max = 64 << 10;
inline constexpr std::size_t children_max = 1'000;

} // namespace roadbook::schema
