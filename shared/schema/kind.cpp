#include "shared/schema/kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace roadbook::schema {
namespace {

// text_bytes_max: what one register of a change may hold; longer text is a note, which merges.
// note_bytes_max: some 10,000 words; more is a file to attach. Also the greatest size of one change on the wire.
// children_max: a form of 1,000 lines is already an import; the merge core's cost of one edit grows with the document.

/// A number stays exact in every reader of JSON, whose numbers are doubles: 2^53 - 1.
constexpr std::int64_t number_max = 9'007'199'254'740'991;

constexpr std::array role_names{
    std::pair{Role::rep, "rep"},
    std::pair{Role::engineer, "engineer"},
    std::pair{Role::dispatcher, "dispatcher"},
    std::pair{Role::manager, "manager"},
    std::pair{Role::finance, "finance"},
    std::pair{Role::product_manager, "product_manager"},
    std::pair{Role::admin, "admin"},
};
static_assert(role_names.size() == role_count, "each role has one name");

Field make(std::string name, Type type, Label label)
{
    Field field;
    field.name = std::move(name);
    field.type = type;
    field.label = label;
    return field;
}

Field make_number(std::string name, Type type, Label label, std::int64_t greatest)
{
    auto field = make(std::move(name), type, label);
    field.least = -greatest;
    field.greatest = greatest;
    return field;
}

template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) noexcept
{
    const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

std::string_view name(Role role) noexcept
{
    for (const auto& [value, text] : role_names)
        if (value == role) return text;
    return {};
}

Label label(Role role) noexcept
{
    const auto* field = find_kind("person")->field("role");
    for (const auto& choice : field->choices)
        if (choice.value == name(role)) return choice.label;
    return {name(role), name(role)};
}

std::optional<Role> role_from_name(std::string_view wanted) noexcept
{
    for (const auto& [value, text] : role_names)
        if (wanted == text) return value;
    return std::nullopt;
}

Field Field::required() &&
{
    is_required = true;
    return std::move(*this);
}

Field Field::searched() &&
{
    is_searched = true;
    return std::move(*this);
}

Field Field::indexed() &&
{
    is_indexed = true;
    return std::move(*this);
}

Field Field::written_by(Roles roles) &&
{
    writers = roles;
    return std::move(*this);
}

Field Field::set_by_creator() &&
{
    is_set_by_creator = true;
    return std::move(*this);
}

Field Field::only_by_owner(Roles besides) &&
{
    who = Who::owner;
    besides_owner = besides;
    return std::move(*this);
}

Field Field::only_by_others() &&
{
    who = Who::others;
    return std::move(*this);
}

Field Field::naming_oneself(Roles roles) &&
{
    may_name_others = roles;
    return std::move(*this);
}

Field Field::moving(std::vector<Step> moves) &&
{
    steps = std::move(moves);
    return std::move(*this);
}

Field Field::between(std::int64_t low, std::int64_t high) &&
{
    least = low;
    greatest = high;
    return std::move(*this);
}

Field Field::at_most_bytes(std::size_t bytes) &&
{
    length_max = bytes;
    return std::move(*this);
}

Declared<Type::text> text(std::string name, Label label)
{
    return Declared<Type::text>{make(std::move(name), Type::text, label).at_most_bytes(text_bytes_max)};
}

Declared<Type::note> note(std::string name, Label label)
{
    return Declared<Type::note>{make(std::move(name), Type::note, label).at_most_bytes(note_bytes_max)}.policy<Policy::text>();
}

Field Field::numbered(std::string prefix) &&
{
    number_prefix = std::move(prefix);
    return std::move(*this);
}

Field Field::added_in(int version) &&
{
    since = version;
    return std::move(*this);
}

Declared<Type::integer> integer(std::string name, Label label)
{
    return Declared<Type::integer>{make_number(std::move(name), Type::integer, label, number_max)};
}

Declared<Type::decimal> decimal(std::string name, Label label)
{
    return Declared<Type::decimal>{make_number(std::move(name), Type::decimal, label, number_max)};
}

Declared<Type::percent> percent(std::string name, Label label)
{
    return Declared<Type::percent>{make_number(std::move(name), Type::percent, label, number_max)};
}

Declared<Type::money> money(std::string name, Label label)
{
    return Declared<Type::money>{make_number(std::move(name), Type::money, label, money_minor_max)};
}

Declared<Type::date> date(std::string name, Label label)
{
    return Declared<Type::date>{make(std::move(name), Type::date, label)};
}

Declared<Type::time> time(std::string name, Label label)
{
    return Declared<Type::time>{make(std::move(name), Type::time, label)};
}

Declared<Type::boolean> boolean(std::string name, Label label)
{
    return Declared<Type::boolean>{make(std::move(name), Type::boolean, label)};
}

Declared<Type::choice> choice(std::string name, Label label, std::vector<Choice> choices)
{
    auto field = make(std::move(name), Type::choice, label);
    field.choices = std::move(choices);
    return Declared<Type::choice>{std::move(field)};
}

Declared<Type::reference> reference(std::string name, Label label, std::string target)
{
    auto field = make(std::move(name), Type::reference, label);
    field.target = std::move(target);
    return Declared<Type::reference>{std::move(field)};
}

const Field* Collection::field(std::string_view wanted) const noexcept
{
    return find_named(fields, wanted);
}

const Field* Kind::field(std::string_view wanted) const noexcept
{
    return find_named(fields, wanted);
}

const Collection* Kind::collection(std::string_view wanted) const noexcept
{
    return find_named(collections, wanted);
}

const Endorsement* Kind::endorsement(std::string_view wanted) const noexcept
{
    const auto found = std::find_if(endorsements.begin(), endorsements.end(), [&](const auto& one) { return one.collection == wanted; });
    return found == endorsements.end() ? nullptr : &*found;
}

const Endorsement* Kind::approval() const noexcept
{
    const auto found = std::find_if(endorsements.begin(), endorsements.end(), [](const auto& one) { return one.is_approval(); });
    return found == endorsements.end() ? nullptr : &*found;
}

const Field* Kind::number_field() const noexcept
{
    const auto found = std::find_if(fields.begin(), fields.end(), [](const auto& field) { return !field.number_prefix.empty(); });
    return found == fields.end() ? nullptr : &*found;
}

} // namespace roadbook::schema
