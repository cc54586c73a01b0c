#include "conflict/merge/write_rules.hpp"

#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/scalars.hpp"
#include "shared/base/article.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::merge {
namespace {

using automerge::Node;
using schema::Who;

std::vector<schema::Value> values_of(const schema::Field& field, const Node* node)
{
    std::vector<schema::Value> values;
    if (node == nullptr) return values;
    for (const auto& written : node->values)
        if (auto value = from_scalar(field.type, written.value); value && !schema::is_empty(*value)) values.push_back(std::move(*value));
    return values;
}

const std::string& name_of(const schema::Value& state)
{
    static const std::string none;
    const auto* text = std::get_if<std::string>(&state);
    return text != nullptr ? *text : none;
}

const schema::Label& label_of(const schema::Field& field, const std::string& state)
{
    static const schema::Label none{"none yet", "未设置"};
    const auto choice = std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& one) { return one.value == state; });
    return choice == field.choices.end() ? none : choice->label;
}

/// The state that shows: the furthest, where it is one of several.
std::string state_of(const schema::Field& field, const Node* node)
{
    const auto rank = [&](const std::string& state) {
        return std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& one) { return one.value == state; }) - field.choices.begin();
    };
    std::string shown;
    for (const auto& value : values_of(field, node)) {
        const bool is_further = field.merge == schema::Policy::furthest && rank(name_of(value)) > rank(shown);
        if (shown.empty() || is_further) shown = name_of(value);
    }
    return shown;
}

} // namespace

WriteRules::WriteRules(const schema::Kind& kind, const automerge::Content& before, const automerge::Content& after, const Author& author, bool creates)
    : kind_{kind}, author_{author}, creates_{creates}
{
    if (const auto* owner = kind.field(kind.owner))
        for (const auto& value : values_of(*owner, (creates ? after : before).root.find(kind.owner))) owners_.insert(std::get<RecordId>(value));
    if (const auto* state = kind.field(kind.state)) state_ = state_of(*state, before.root.find(kind.state));
}

Result<void> WriteRules::may_create() const
{
    if (kind_.creators.has(author_.role)) return {};
    return may_not("add a", "新建", kind_.label, {});
}

Result<void> WriteRules::may_delete() const
{
    if (!kind_.creators.has(author_.role)) return may_not("delete a", "删除", kind_.label, "deleted_at");
    return check_lock("deleted_at", kind_.label, "deleted_at");
}

Result<void> WriteRules::may_write(const schema::Field& field, std::string_view part, const std::string& path) const
{
    const bool may_by_creating = creates_ && field.is_set_by_creator;
    if (!may_by_creating && !field.writers.has(author_.role)) return may_not("change", "修改", field.label, path);
    if (!fits(field.who, field.besides_owner)) {
        const auto& whose = kind_.field(kind_.owner)->label;
        if (field.who == Who::owner)
            return fail(Errc::not_allowed,
                        Bilingual{fmt::format("{}: only the one named as “{}” may say this", field.label.en, whose.en),
                                  fmt::format("{}：只有“{}”本人可以填写", field.label.zh, whose.zh)},
                        path);
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("{}: nobody may say this of {} of his own; ask a colleague", field.label.en, with_article(kind_.label.en)),
                              fmt::format("{}：不可在自己的{}上填写，请由同事处理", field.label.zh, kind_.label.zh)},
                    path);
    }
    return check_lock(part, field.label, path);
}

Result<void> WriteRules::may_say(const schema::Field& field, const schema::Value& value, const Node* before, const std::string& path) const
{
    const auto* person = std::get_if<RecordId>(&value);
    if (field.may_name_others && person != nullptr && *person != author_.person && !field.may_name_others->has(author_.role)) {
        const auto had = values_of(field, before);
        if (std::find(had.begin(), had.end(), value) == had.end())
            return fail(Errc::not_allowed,
                        Bilingual{fmt::format("{}: as {} you may name only yourself", field.label.en, with_article(schema::label(author_.role).en)),
                                  fmt::format("{}：您的角色（{}）只能填写本人", field.label.zh, schema::label(author_.role).zh)},
                        path);
    }
    return field.steps.empty() ? Result<void>{} : check_step(field, name_of(value), before, path);
}

Result<void> WriteRules::may_arrange(const schema::Collection& collection, const std::string& path) const
{
    const bool is_barred = std::any_of(collection.fields.begin(), collection.fields.end(),
                                       [&](const schema::Field& field) { return field.is_required && !is_writer(field); });
    if (is_barred) return may_not("change", "修改", collection.label, path);
    return check_lock(collection.name, collection.label, path);
}

Result<void> WriteRules::check_lock(std::string_view part, const schema::Label& label, const std::string& path) const
{
    if (creates_) return {};
    for (const auto& lock : kind_.locks) {
        const auto holds = [](const auto& names, const auto& name) { return std::find(names.begin(), names.end(), name) != names.end(); };
        if (!holds(lock.states, state_) || lock.except.has(author_.role) || holds(lock.open, part) || part == kind_.state) continue;
        const auto& state = label_of(*kind_.field(kind_.state), state_);
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("{} may not be changed any more: this {} is “{}”", label.en, kind_.label.en, state.en),
                              fmt::format("{}不可再修改：该{}已是“{}”", label.zh, kind_.label.zh, state.zh)},
                    path);
    }
    return {};
}

/// Saying again what was there is no step; of several that were set apart, one that he might have set himself is his to choose.
Result<void> WriteRules::check_step(const schema::Field& field, const std::string& to, const Node* before, const std::string& path) const
{
    std::set<std::string> from;
    for (const auto& value : values_of(field, before)) from.insert(name_of(value));
    if (from.empty()) from.insert("");
    if (author_.role == schema::Role::admin && fits_somebody_else(field, to)) return {};
    if (from.size() == 1 && from.contains(to)) return {};
    const bool is_choice_among = from.contains(to);
    bool exists = false;
    for (const auto& step : field.steps) {
        const bool leads_there = step.to == to && (is_choice_among || std::any_of(step.from.begin(), step.from.end(), [&](const auto& one) { return from.contains(one); }));
        exists = exists || leads_there;
        if (leads_there && step.roles.has(author_.role) && fits(step.who, schema::nobody)) return {};
    }
    const auto& a = label_of(field, *from.rbegin());
    const auto& b = label_of(field, to);
    if (exists)
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("{}: from “{}” to “{}” is not yours to decide here", field.label.en, a.en, b.en),
                              fmt::format("{}：您无权将“{}”改为“{}”", field.label.zh, a.zh, b.zh)},
                    path);
    return fail(Errc::not_allowed,
                Bilingual{fmt::format("{}: “{}” does not follow on “{}”", field.label.en, b.en, a.en),
                          fmt::format("{}：不能由“{}”变为“{}”", field.label.zh, a.zh, b.zh)},
                path);
}

/// An administrator puts any state right, but that of his own quote: where every way to a state is for others, it is for others.
bool WriteRules::fits_somebody_else(const schema::Field& field, const std::string& to) const
{
    bool has_way = false;
    for (const auto& step : field.steps) {
        if (step.to != to) continue;
        has_way = true;
        if (step.who != Who::others || fits(Who::others, schema::nobody)) return true;
    }
    return !has_way;
}

bool WriteRules::is_writer(const schema::Field& field) const
{
    return (field.writers.has(author_.role) || (creates_ && field.is_set_by_creator)) && fits(field.who, field.besides_owner);
}

bool WriteRules::fits(Who who, schema::Roles besides) const
{
    switch (who) {
    case Who::anyone: return true;
    case Who::owner: return owners_.empty() || owners_.contains(author_.person) || besides.has(author_.role) || author_.role == schema::Role::admin;
    case Who::others: return owners_.empty() ? author_.role == schema::Role::admin : !owners_.contains(author_.person);
    }
    return false;
}

Error WriteRules::may_not(std::string_view en, std::string_view zh, const schema::Label& what, std::string path) const
{
    return fail(Errc::not_allowed,
                Bilingual{fmt::format("the role {} may not {} {}", schema::name(author_.role), en, what.en),
                          fmt::format("“{}”角色不可{}{}", schema::label(author_.role).zh, zh, what.zh)},
                std::move(path));
}

} // namespace roadbook::merge
