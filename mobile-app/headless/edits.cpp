// `add`, `set`, `delete`, `undelete`, `add-item`, `set-item`, `remove-item`: each is one change, durable when its answer is given.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/base/article.hpp"

#include <fmt/format.h>

namespace roadbook::headless {
namespace {

std::optional<RecordId> me_of(replica::Replica& replica)
{
    const auto identity = replica.identity();
    return identity ? std::optional{identity->person} : std::nullopt;
}

/// A record that is here, and its kind.
struct Target {
    RecordId id;
    const schema::Kind* kind = nullptr;
};
Result<Target> target_of(std::string_view text, replica::Replica& replica)
{
    const auto id = record_id(text);
    if (!id) return id.error();
    const auto name = replica.kind_of(*id);
    if (!name) return fail(Errc::not_found, fmt::format("there is no record {} on this device", id->text()));
    const auto kind = kind_named(*name);
    if (!kind) return kind.error();
    return Target{*id, *kind};
}

/// A record, its collection, and the values for an item of it.
struct ItemEdit {
    Target target;
    const schema::Collection* collection = nullptr;
    schema::Fields values;
};
Result<ItemEdit> item_edit(std::string_view id, std::string_view collection_name, const Words& words,
                           replica::Replica& replica)
{
    const auto target = target_of(id, replica);
    if (!target) return target.error();
    const auto collection = collection_named(*target->kind, collection_name);
    if (!collection) return collection.error();
    auto values = fields_of((*collection)->fields, words,
                            {fmt::format("{} of {}", (*collection)->name, with_article(target->kind->name)), me_of(replica)});
    if (!values) return values.error();
    return ItemEdit{*target, *collection, std::move(*values)};
}

Answer answer(std::string_view verb, const schema::Kind& kind, const replica::Saved& saved, replica::Replica& replica,
              const Form& form)
{
    if (form.json) return Json{{"record", saved.record.text()}, {"kind", kind.name}, {"changed", saved.changed}};
    if (!saved.changed)
        return fmt::format("{} {} says so already: nothing was written\n", kind.name, saved.record.text());
    const auto title = replica.title_of(saved.record);
    return fmt::format("{} {} {}{}\n", verb, kind.name, saved.record.text(),
                       title == saved.record.text() ? "" : "  " + one_line(title));
}

/// A record is deleted by a mark that says when: everybody's edits of it stay, and the mark can be taken off.
Result<Answer> mark(std::string_view id, bool is_deleted, std::string_view reason, replica::Replica& replica, const Form& form)
{
    const auto target = target_of(id, replica);
    if (!target) return target.error();
    const auto shown = replica.show(target->id);
    if (!shown) return shown.error();
    replica::Saved saved{target->id, false};
    if (shown->merged.record.deleted_at.has_value() != is_deleted) {
        const auto done = replica.set(target->id, {{"deleted_at", is_deleted ? schema::Value{replica.corrected_now()} : schema::Value{}}}, reason);
        if (!done) return done.error();
        saved = *done;
    }
    auto told = answer(is_deleted ? "deleted" : "brought back", *target->kind, saved, replica, form);
    if (auto* text = std::get_if<std::string>(&told); text != nullptr && is_deleted && saved.changed) *text += fmt::format("take it back: undelete {}\n", target->id.text());
    return told;
}

Answer item_answer(std::string_view verb, const ItemEdit& edit, const ChildId& item, bool changed, const Form& form)
{
    if (form.json)
        return Json{{"record", edit.target.id.text()},
                    {"kind", edit.target.kind->name},
                    {"collection", edit.collection->name},
                    {"item", item.text()},
                    {"changed", changed}};
    const auto what = item_word(*edit.collection);
    if (!changed) return fmt::format("{} {} says so already: nothing was written\n", what, item.text());
    return fmt::format("{} {} {} of {} {}\n", verb, what, item.text(), edit.target.kind->name, edit.target.id.text());
}

} // namespace

Result<Answer> run(const AddCall& call, replica::Replica& replica, const Form& form)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    const auto values = fields_of((*kind)->fields, call.fields, {(*kind)->name, me_of(replica)});
    if (!values) return values.error();
    const auto saved = replica.add((*kind)->name, *values, call.reason);
    if (!saved) return saved.error();
    if (call.ids_only && !form.json) return Answer{saved->record.text() + "\n"};
    return answer("added", **kind, *saved, replica, form);
}

Result<Answer> run(const SetCall& call, replica::Replica& replica, const Form& form)
{
    const auto target = target_of(call.id, replica);
    if (!target) return target.error();
    const auto values = fields_of(target->kind->fields, call.fields, {target->kind->name, me_of(replica)});
    if (!values) return values.error();
    const auto saved = replica.set(target->id, *values, call.reason);
    if (!saved) return saved.error();
    return answer("saved", *target->kind, *saved, replica, form);
}

Result<Answer> run(const DeleteCall& call, replica::Replica& replica, const Form& form)
{
    return mark(call.id, true, call.reason, replica, form);
}

Result<Answer> run(const UndeleteCall& call, replica::Replica& replica, const Form& form)
{
    return mark(call.id, false, call.reason, replica, form);
}

Result<Answer> run(const AddItemCall& call, replica::Replica& replica, const Form& form)
{
    const auto edit = item_edit(call.id, call.collection, call.fields, replica);
    if (!edit) return edit.error();
    const auto item = replica.add_item(edit->target.id, edit->collection->name, edit->values);
    if (!item) return item.error();
    if (call.ids_only && !form.json) return Answer{item->text() + "\n"};
    return item_answer("added", *edit, *item, true, form);
}

Result<Answer> run(const SetItemCall& call, replica::Replica& replica, const Form& form)
{
    const auto edit = item_edit(call.id, call.collection, call.fields, replica);
    if (!edit) return edit.error();
    const auto item = child_id(call.item);
    if (!item) return item.error();
    const auto saved = replica.set_item(edit->target.id, edit->collection->name, *item, edit->values, call.reason);
    if (!saved) return saved.error();
    return item_answer("saved", *edit, *item, saved->changed, form);
}

Result<Answer> run(const RemoveItemCall& call, replica::Replica& replica, const Form& form)
{
    const auto edit = item_edit(call.id, call.collection, {}, replica);
    if (!edit) return edit.error();
    const auto item = child_id(call.item);
    if (!item) return item.error();
    const auto saved = replica.remove_item(edit->target.id, edit->collection->name, *item);
    if (!saved) return saved.error();
    return item_answer("removed", *edit, *item, saved->changed, form);
}

} // namespace roadbook::headless
