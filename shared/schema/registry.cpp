#include "shared/base/article.hpp"
#include "shared/schema/registry.hpp"

#include "shared/base/result.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace roadbook::schema {

namespace declared {
#define ROADBOOK_KIND(name) Kind name();
#include "shared/schema/kind_list.inc"
#undef ROADBOOK_KIND
} // namespace declared

namespace {

using Mistakes = std::vector<std::string>;

/// Names stand in documents, SQL, frames and command lines, so they are plain and short enough to type.
constexpr std::size_t name_length_max = 40;

/// What a record and a child have beside their fields; SQLite gives the row ids.
constexpr std::string_view taken_names[] = {"id", "kind", "record", "position", "removed", "deleted_at", "unknown", "schema",
                                            "rowid", "oid", "_rowid_"};

bool is_plain_name(std::string_view name)
{
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_plain = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= name_length_max && is_lower(name.front()) && name.back() != '_' &&
           name.find("__") == std::string_view::npos && !name.starts_with("sqlite_") &&
           std::all_of(name.begin(), name.end(), is_plain);
}

void check_name(std::string_view name, const std::string& where, Mistakes& found)
{
    if (!is_plain_name(name))
        found.push_back(fmt::format("{}: '{}' is no name: small letters, digits and single underscores, at most {}", where, name,
                                    name_length_max));
    if (std::find(std::begin(taken_names), std::end(taken_names), name) != std::end(taken_names))
        found.push_back(fmt::format("{}: the name '{}' is taken by every record", where, name));
}

void check_label(const Label& label, const std::string& where, Mistakes& found)
{
    if (label.en.empty() || label.zh.empty()) found.push_back(fmt::format("{}: needs a label in both languages", where));
}

void check_choices(const Field& field, const std::string& where, Mistakes& found)
{
    if ((field.type == Type::choice) == field.choices.empty())
        found.push_back(fmt::format("{}: a choice, and only a choice, lists its choices", where));
    std::set<std::string_view> seen;
    for (const auto& choice : field.choices) {
        check_label(choice.label, where, found);
        if (!is_plain_name(choice.value) || !seen.insert(choice.value).second)
            found.push_back(fmt::format("{}: the choice '{}' is no name or stands twice", where, choice.value));
    }
}

bool has_choice(const Field& field, std::string_view value)
{
    return std::any_of(field.choices.begin(), field.choices.end(), [&](const Choice& choice) { return choice.value == value; });
}

/// Declarations that the compiler has seen are right; those that a program makes may not be.
void check_policy(const Field& field, const std::string& where, Mistakes& found)
{
    if (!merge_rule(field.type, field.merge)) found.push_back(fmt::format("{}: no rule says what its merge policy means for its type", where));
}

void check_bounds(const Field& field, const std::string& where, Mistakes& found)
{
    if (field.least > field.greatest) found.push_back(fmt::format("{}: the least value is over the greatest", where));
    const bool is_text = field.type == Type::text || field.type == Type::note;
    const auto limit = field.type == Type::note ? note_bytes_max : text_bytes_max;
    if (is_text && (field.length_max == 0 || field.length_max > limit))
        found.push_back(fmt::format("{}: may hold 1 to {} bytes", where, limit));
    if (field.is_searched && !is_text) found.push_back(fmt::format("{}: only texts and notes are searched", where));
    if (field.is_indexed && field.type == Type::note) found.push_back(fmt::format("{}: no list is sorted by a note", where));
}

void check_fields(const std::vector<Field>& fields, const std::string& owner, std::span<const Kind> all, Mistakes& found)
{
    std::set<std::string> columns; // of the table: money takes two
    for (const auto& field : fields) {
        const auto where = owner + "." + field.name;
        check_name(field.name, where, found);
        check_label(field.label, where, found);
        check_choices(field, where, found);
        check_policy(field, where, found);
        check_bounds(field, where, found);
        const bool is_known = std::any_of(all.begin(), all.end(), [&](const Kind& kind) { return kind.name == field.target; });
        if ((field.type == Type::reference) != is_known)
            found.push_back(fmt::format("{}: refers to '{}', which is no record type", where, field.target));
        const bool is_new = columns.insert(field.name).second &&
                            (field.type != Type::money || columns.insert(field.name + "_currency").second);
        if (!is_new) found.push_back(fmt::format("{}: the name stands twice", where));
    }
}

/// The record type that decides where `kind` is seen, if a rule of `kind` says so.
const Kind* follows(const Kind& kind, const ScopeRule& rule, std::span<const Kind> all)
{
    const auto* field = kind.field(rule.field);
    const bool takes_after = rule.how == ScopeRule::How::with || rule.how == ScopeRule::How::along || (rule.how == ScopeRule::How::office && field && field->target != "person" && field->target != "territory");
    if (!takes_after || !field) return nullptr;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Kind& one) { return one.name == field->target; });
    return found == all.end() ? nullptr : &*found;
}

/// A record that is seen wherever itself is seen is seen nowhere.
bool follows_itself(const Kind& kind, const Kind& start, std::span<const Kind> all, std::size_t steps_left)
{
    return std::any_of(kind.scopes.begin(), kind.scopes.end(), [&](const ScopeRule& rule) {
        const auto* next = follows(kind, rule, all);
        return next && (next == &start || (steps_left > 0 && follows_itself(*next, start, all, steps_left - 1)));
    });
}

void check_scope_field(const Kind& kind, const ScopeRule& rule, std::string_view target, Mistakes& found)
{
    if (rule.field.empty() && kind.name == target) return; // the record itself
    const auto* field = kind.field(rule.field);
    if (!field || field->type != Type::reference || (!target.empty() && field->target != target))
        found.push_back(fmt::format("{}: the scope rule needs a field that refers to {}, not '{}'", kind.name,
                                    with_article(target.empty() ? "record" : target), rule.field));
}

/// Does the rule say of every valid record where it is?
bool is_certain(const Kind& kind, const ScopeRule& rule)
{
    const auto* field = kind.field(rule.field);
    return rule.field.empty() || !field || field->is_required; // one that is missing was named already
}

/// A work order has no engineer yet, but always an account: what one rule leaves open another must say.
void check_seen_by_somebody(const Kind& kind, Mistakes& found)
{
    const auto says = [&](const ScopeRule& rule) { return is_certain(kind, rule); };
    if (kind.scopes.empty()) found.push_back(fmt::format("{}: nobody would see it: it needs a scope rule", kind.name));
    else if (std::none_of(kind.scopes.begin(), kind.scopes.end(), says))
        found.push_back(fmt::format("{}.{}: decides who sees the record, so it must be required", kind.name, kind.scopes.front().field));
}

void check_states(const Kind& kind, const std::vector<std::string>& states, Mistakes& found)
{
    const auto* state = kind.field(kind.state);
    for (const auto& value : states)
        if (!state || !has_choice(*state, value)) found.push_back(fmt::format("{}: has no state '{}'", kind.name, value));
}

/// Who may write what, in which state.
void check_write_rules(const Kind& kind, Mistakes& found)
{
    const auto* owner = kind.field(kind.owner);
    if (!kind.owner.empty() && (!owner || owner->target != "person")) found.push_back(fmt::format("{}: its owner '{}' is no person", kind.name, kind.owner));
    const auto* state = kind.field(kind.state);
    if (!kind.state.empty() && (!state || state->type != Type::choice)) found.push_back(fmt::format("{}: its state '{}' is no choice", kind.name, kind.state));
    const auto check_relation = [&](const Field& field) {
        if (field.who != Who::anyone && !owner) found.push_back(fmt::format("{}.{}: the record has no owner", kind.name, field.name));
        if (field.may_name_others && field.target != "person") found.push_back(fmt::format("{}.{}: names no person", kind.name, field.name));
        for (const auto& step : field.steps) {
            const bool is_known = has_choice(field, step.to) &&
                                  std::all_of(step.from.begin(), step.from.end(), [&](const auto& from) { return from.empty() || has_choice(field, from); });
            if (!is_known || step.from.empty()) found.push_back(fmt::format("{}.{}: no such step to '{}'", kind.name, field.name, step.to));
            if (step.who != Who::anyone && !owner) found.push_back(fmt::format("{}.{}: the record has no owner", kind.name, field.name));
        }
    };
    for (const auto& field : kind.fields) check_relation(field);
    for (const auto& collection : kind.collections)
        for (const auto& field : collection.fields) check_relation(field);
    for (const auto& lock : kind.locks) {
        check_states(kind, lock.states, found);
        for (const auto& name : lock.open)
            if (!kind.field(name) && !kind.collection(name)) found.push_back(fmt::format("{}: leaves '{}' open, which it does not have", kind.name, name));
    }
}

/// What an approval or a signature is over. It must leave itself out: it would else end with its own change.
void check_endorsements(const Kind& kind, Mistakes& found)
{
    const auto exists = [&](const std::string& path) {
        const auto slash = path.find('/');
        if (slash == std::string::npos) return kind.field(path) != nullptr || kind.collection(path) != nullptr;
        const auto* collection = kind.collection(path.substr(0, slash));
        return collection != nullptr && collection->field(path.substr(slash + 1)) != nullptr;
    };
    for (const auto& one : kind.endorsements) {
        const auto* collection = kind.collection(one.collection);
        const auto where = kind.name + "." + one.collection;
        if (!collection || !collection->field("heads") || !collection->field("digest")) found.push_back(fmt::format("{}: is no collection of approvals or signatures", where));
        for (const auto& path : one.leaves_out)
            if (!exists(path)) found.push_back(fmt::format("{}: leaves '{}' out, which is not there", where, path));
        for (const auto& other : kind.endorsements)
            if (std::find(one.leaves_out.begin(), one.leaves_out.end(), other.collection) == one.leaves_out.end())
                found.push_back(fmt::format("{}: must leave {} out", where, other.collection));
        if (!one.state.empty()) {
            check_states(kind, {one.state}, found);
            if (std::find(one.leaves_out.begin(), one.leaves_out.end(), kind.state) == one.leaves_out.end()) found.push_back(fmt::format("{}: must leave {} out", where, kind.state));
        }
        if (one.is_approval() && one.steps.front().only_over_limit) found.push_back(fmt::format("{}: needs a first step", where));
    }
    for (const auto& collection : kind.collections)
        if (collection.field("digest") && !kind.endorsement(collection.name)) found.push_back(fmt::format("{}.{}: nothing says what it is over", kind.name, collection.name));
    if (!kind.payout) return;
    const auto* payments = kind.collection(kind.payout->payments);
    const bool pays = kind.collection(kind.payout->items) && payments && payments->field("item") && payments->field("approval") && payments->field("amount");
    if (!pays || !kind.approval()) found.push_back(fmt::format("{}: what is paid must be items that are approved", kind.name));
}

/// What comes along is told from what belongs there by its scopes: so nothing that is seen by a person for itself may be brought to one.
void check_companions(const Kind& kind, std::span<const Kind> all, Mistakes& found)
{
    for (const auto& companion : kind.brings) {
        const auto* field = kind.field(companion.field);
        if (!field || field->type != Type::reference) {
            found.push_back(fmt::format("{}: '{}' brings nothing along", kind.name, companion.field));
            continue;
        }
        check_states(kind, companion.closed, found);
        for (const auto& target : all)
            if (target.name == field->target &&
                std::any_of(target.scopes.begin(), target.scopes.end(), [](const ScopeRule& rule) { return rule.how == ScopeRule::How::person; }))
                found.push_back(fmt::format("{}: brings along {}, which persons see for itself", kind.name, with_article(target.name)));
    }
}

void check_scopes(const Kind& kind, std::span<const Kind> all, Mistakes& found)
{
    check_seen_by_somebody(kind, found);
    for (const auto& rule : kind.scopes) {
        switch (rule.how) {
        case ScopeRule::How::company:
            if (!rule.field.empty()) found.push_back(fmt::format("{}: the company scope takes no field", kind.name));
            break;
        case ScopeRule::How::territory: check_scope_field(kind, rule, "territory", found); break;
        case ScopeRule::How::person: check_scope_field(kind, rule, "person", found); break;
        case ScopeRule::How::with:
        case ScopeRule::How::along:
        case ScopeRule::How::office: check_scope_field(kind, rule, "", found); break;
        case ScopeRule::How::roles:
            if (!rule.field.empty() || rule.roles == nobody) found.push_back(fmt::format("{}: a scope of roles names roles, and no field", kind.name));
            break;
        }
    }
    check_companions(kind, all, found);
    if (follows_itself(kind, kind, all, all.size()))
        found.push_back(fmt::format("{}: its scope rules lead back to itself", kind.name));
}

void check_gathering(const Collection& collection, const std::string& where, Mistakes& found)
{
    const auto* counted = collection.field(collection.counted);
    const bool adds_up = counted && (counted->type == Type::integer || counted->type == Type::decimal || counted->type == Type::money);
    if (collection.gathers == Gathering::sum ? !adds_up : !collection.counted.empty() && (!adds_up || collection.key.empty()))
        found.push_back(fmt::format("{}: '{}' is no number or amount that could add up here", where, collection.counted));
    if (!collection.key.empty() && !collection.field(collection.key)) found.push_back(fmt::format("{}: has no field '{}' to tell entries by", where, collection.key));
    if (collection.gathers == Gathering::set && collection.key.empty()) found.push_back(fmt::format("{}: a set needs a field to tell entries by", where));
}

void check_kind(const Kind& kind, std::span<const Kind> all, Mistakes& found)
{
    check_name(kind.name, kind.name, found);
    check_label(kind.label, kind.name, found);
    check_label(kind.plural, kind.name, found);
    check_fields(kind.fields, kind.name, all, found);
    std::set<std::string_view> names;
    for (const auto& collection : kind.collections) {
        const auto where = kind.name + "." + collection.name;
        check_name(collection.name, where, found);
        check_label(collection.label, where, found);
        check_label(collection.item, where, found);
        check_fields(collection.fields, where, all, found);
        check_gathering(collection, where, found);
        if (kind.field(collection.name) || !names.insert(collection.name).second)
            found.push_back(fmt::format("{}: the name stands twice", where));
    }
    const auto* title = kind.field(kind.title);
    if (!title || title->type != Type::text || !title->is_searched)
        found.push_back(fmt::format("{}: its title '{}' must be a searched text field", kind.name, kind.title));
    check_scopes(kind, all, found);
    check_write_rules(kind, found);
    check_endorsements(kind, found);
}

std::vector<Kind> make_all()
{
    std::vector<Kind> all;
    Mistakes found;
    const auto add = [&](Kind kind, std::string_view file) {
        if (kind.name != file) found.push_back(fmt::format("kinds/{}.cpp declares '{}': one file, one name", file, kind.name));
        all.push_back(std::move(kind));
    };
#define ROADBOOK_KIND(name) add(declared::name(), #name);
#include "shared/schema/kind_list.inc"
#undef ROADBOOK_KIND
    std::sort(all.begin(), all.end(), [](const Kind& a, const Kind& b) { return a.name < b.name; });
    const auto more = mistakes(all);
    found.insert(found.end(), more.begin(), more.end());
    if (!found.empty()) throw Fault{fail(Errc::internal, fmt::format("the schema is wrong: {}", fmt::join(found, "; ")))};
    return all;
}

} // namespace

std::vector<std::string> mistakes(std::span<const Kind> all)
{
    Mistakes found;
    std::set<std::string_view> names;
    for (const auto& kind : all) {
        if (!names.insert(kind.name).second) found.push_back(fmt::format("{}: the name stands twice", kind.name));
        check_kind(kind, all, found);
    }
    return found;
}

std::span<const Kind> kinds()
{
    static const auto all = make_all();
    return all;
}

bool is_brought(const Kind& kind)
{
    static const auto targets = [] {
        std::set<std::string, std::less<>> names;
        for (const auto& one : kinds())
            for (const auto& companion : one.brings) names.insert(one.field(companion.field)->target);
        return names;
    }();
    return targets.contains(kind.name);
}

const Kind* find_kind(std::string_view name) noexcept
{
    const auto all = kinds();
    const auto found = std::lower_bound(all.begin(), all.end(), name, [](const Kind& kind, std::string_view n) { return kind.name < n; });
    return found != all.end() && found->name == name ? &*found : nullptr;
}

} // namespace roadbook::schema
