#pragma once
// The one description of every record type. Validation, read-model tables, search, write rules, merge policies, scopes, forms,
// import and export are derived from it. A new field is one line in a file of kinds/; a new record type is one such file.
#include "shared/schema/record.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::schema {

/// Raised when kinds, or containers of a kind (collections, notes), are added. Fields alone need no new version.
inline constexpr int schema_version = 2;

struct Label {
    std::string_view en;
    std::string_view zh;
};

enum class Type {
    text,      ///< one line, a register
    note,      ///< long text that several people may write in: Automerge Text
    integer,
    decimal,   ///< thousandths, for quantities: 12.5 is 12500
    percent,   ///< hundredths of a percent: 5 % is 500
    money,     ///< amount and currency in one register, so that they cannot part
    date,      ///< a calendar day, no zone
    time,      ///< UTC milliseconds
    boolean,
    choice,    ///< one of `choices`
    reference, ///< another record, of kind `target`
};

/// How concurrent values of one field become one meaning (conflict/merge reads them so).
enum class Policy {
    latest,   ///< the causal winner; losers stay listed in the history
    ask,      ///< a person chooses; until then the winner shows, the others beside it
    furthest, ///< the choice of highest rank (order of `choices`), flagged when it overrode another
    highest,
    lowest,
    first,    ///< the value whose operation is least
    text,     ///< notes: merged character by character
};

enum class Role { rep, engineer, dispatcher, manager, finance, product_manager, admin };
inline constexpr int role_count = 7;
[[nodiscard]] std::string_view name(Role role) noexcept;
/// What people call it, as the choices of a person's role do.
[[nodiscard]] Label label(Role role) noexcept;
[[nodiscard]] std::optional<Role> role_from_name(std::string_view name) noexcept;

/// A set of roles, one bit each.
struct Roles {
    std::uint8_t bits = 0;
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles)
    {
        for (const auto role : roles) bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(role)));
    }
    [[nodiscard]] constexpr bool has(Role role) const noexcept { return (bits >> static_cast<unsigned>(role) & 1U) != 0; }
    bool operator==(const Roles&) const = default;
};
inline constexpr Roles everyone{Role::rep, Role::engineer, Role::dispatcher, Role::manager, Role::finance,
                                Role::product_manager, Role::admin};
inline constexpr Roles leaders{Role::manager, Role::admin};
inline constexpr Roles nobody{};

struct Choice {
    std::string_view value;
    Label label;
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
    Roles writers = everyone;       ///< who may set it once the record exists
    std::int64_t least = INT64_MIN; ///< integer, decimal, percent, money (minor units)
    std::int64_t greatest = INT64_MAX;
    std::size_t length_max = 0;     ///< text and note, in bytes of UTF-8; set by the builders
    int since = 0;                  ///< note: the schema version that added it to a kind that was there already
    std::string number_prefix;      ///< the record's number, given out by the device from leased blocks: "Q-", unless a numbering rule says otherwise

    // Builders, to be chained: text("name", {"Name", "名称"}).required().searched()
    Field required() &&;
    Field searched() &&;
    Field indexed() &&;
    Field policy(Policy p) &&;
    Field written_by(Roles roles) &&;
    Field between(std::int64_t low, std::int64_t high) &&;
    Field at_most_bytes(std::size_t bytes) &&;
    Field added_in(int version) &&;
    Field numbered(std::string prefix) &&;
};

[[nodiscard]] Field text(std::string name, Label label);
[[nodiscard]] Field note(std::string name, Label label);
[[nodiscard]] Field integer(std::string name, Label label);
[[nodiscard]] Field decimal(std::string name, Label label);
[[nodiscard]] Field percent(std::string name, Label label);
[[nodiscard]] Field money(std::string name, Label label);
[[nodiscard]] Field date(std::string name, Label label);
[[nodiscard]] Field time(std::string name, Label label);
[[nodiscard]] Field boolean(std::string name, Label label);
[[nodiscard]] Field choice(std::string name, Label label, std::vector<Choice> choices);
[[nodiscard]] Field reference(std::string name, Label label, std::string target);

/// A sub-collection: a root map of the document, keyed by child id. Every child also has `position` and `removed`.
struct Collection {
    std::string name;
    Label label;
    Label item; ///< one of them: "line"
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
        with,      ///< wherever the record that `field` refers to is
    };
    How how = How::company;
    std::string field;
};

struct Kind {
    std::string name;
    Label label;  ///< "Account", "客户"
    Label plural; ///< "Accounts", "客户"
    std::vector<Field> fields;
    std::vector<Collection> collections;
    std::vector<ScopeRule> scopes;
    std::string title;        ///< the text field that names a record in lists and search results
    Roles creators = everyone;
    /// Authority records (person, territory) decide who may do what: judged at arrival under one lock, never accepted late.
    bool is_authority = false;

    [[nodiscard]] const Field* field(std::string_view name) const noexcept;
    [[nodiscard]] const Collection* collection(std::string_view name) const noexcept;
    /// The field that numbers its records; null if none does.
    [[nodiscard]] const Field* number_field() const noexcept;
};

/// All kinds, sorted by name; built once, lives as long as the process.
[[nodiscard]] std::span<const Kind> kinds();
[[nodiscard]] const Kind* find_kind(std::string_view name) noexcept;

/// Greatest sizes that validation enforces; the reasons stand in kind.cpp.
inline constexpr std::size_t text_bytes_max = 8 << 10;
inline constexpr std::size_t note_bytes_max = 64 << 10;
inline constexpr std::size_t children_max = 1'000;

} // namespace roadbook::schema
