#include "conflict/merge/written.hpp"

#include "conflict/merge/scalars.hpp"
#include "shared/schema/validation.hpp"

namespace roadbook::merge {
namespace {

const schema::Field* field_at(const schema::Kind& kind, std::string_view path)
{
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return kind.field(path);
    const auto* collection = kind.collection(path.substr(0, slash));
    const auto last = path.rfind('/');
    return collection == nullptr || last == slash ? nullptr : collection->field(path.substr(last + 1));
}

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const auto& part : path) text += (text.empty() ? "" : "/") + part;
    return text;
}

/// Nothing: an entry, or a value that no field here can hold.
std::optional<schema::Value> value_of(const automerge::Node* node, const schema::Field* field, std::string_view name)
{
    if (node == nullptr) return schema::Value{};
    if (node->kind == automerge::Node::Kind::text) return schema::Value{node->text};
    if (node->values.empty()) return std::nullopt;
    const auto& scalar = node->values.front().value;
    if (field != nullptr) return from_scalar(field->type, scalar);
    if (name == "removed") return from_scalar(schema::Type::boolean, scalar);
    if (name == "position") return from_scalar(schema::Type::text, scalar);
    return name == "deleted_at" ? from_scalar(schema::Type::time, scalar) : std::nullopt;
}

std::string text_at(const automerge::Content& content, const std::vector<std::string>& path, const schema::Field* field)
{
    const auto* node = node_at(content, path);
    if (node == nullptr) return {};
    if (node->kind == automerge::Node::Kind::text) return node->text;
    if (node->values.empty()) return {};
    const auto typed = field != nullptr ? from_scalar(field->type, node->values.front().value) : std::nullopt;
    return typed ? schema::format(*field, *typed) : text_of(node->values.front().value);
}

/// The paths that a change wrote, each once, and the record as it was with it.
struct Wrote {
    std::vector<std::vector<std::string>> paths;
    automerge::Content after;
};

Result<Wrote> wrote(const automerge::Document& document, const Hash& change, std::span<const Hash> deps)
{
    const auto patches = document.patches(deps, std::span{&change, 1});
    auto after = document.read_at(std::span{&change, 1});
    if (!patches || !after) return !patches ? patches.error() : after.error();
    Wrote found{{}, std::move(*after)};
    std::optional<automerge::Content> before; // read once, and only where something asks
    for (const auto& patch : *patches) {
        if (patch.path.back() == "removed") {
            if (!before)
                if (auto read = document.read_at(deps)) before = std::move(*read);
            if (before && is_touch(patch.path, *before, found.after)) continue;
        }
        if (found.paths.empty() || found.paths.back() != patch.path) found.paths.push_back(patch.path);
    }
    return found;
}

} // namespace

Result<std::vector<WrittenField>> written_by(const automerge::Document& document, const schema::Kind& kind, const Hash& change, std::span<const Hash> deps)
{
    const auto found = wrote(document, change, deps);
    if (!found) return found.error();
    std::vector<WrittenField> fields;
    for (const auto& path : found->paths)
        if (const auto name = joined(path); name != "id") fields.push_back({name, text_at(found->after, path, field_at(kind, name))});
    return fields;
}

Result<Intent> edit_again(const automerge::Document& document, const schema::Kind& kind, const RecordId& record, const automerge::Change& change)
{
    const auto found = wrote(document, change.hash, change.deps);
    if (!found) return found.error();
    Intent intent;
    intent.record = record;
    intent.kind = kind.name;
    std::map<std::string, std::size_t> step_of; // of each entry; "" is the record itself
    for (const auto& path : found->paths) {
        if (path.size() == 1 && path.front() == "id") {
            intent.create = true;
            continue;
        }
        const bool is_entry = path.size() > 1;
        const auto child = is_entry ? ChildId::parse(path[1]) : std::optional{ChildId{}};
        if (!child || path.size() > 3) continue;
        const auto [at, is_new] = step_of.try_emplace(is_entry ? path[0] + "/" + path[1] : std::string{}, intent.steps.size());
        if (is_new) intent.steps.push_back({is_entry ? path[0] : std::string{}, *child, false, {}});
        auto& step = intent.steps[at->second];
        if (path.size() == 2) step.add = true;
        else if (const auto value = value_of(node_at(found->after, path), field_at(kind, joined(path)), path.back())) step.values[path.back()] = *value;
    }
    return intent;
}

std::vector<WrittenField> written_by(const Intent& intent)
{
    const auto* kind = schema::find_kind(intent.kind);
    std::vector<WrittenField> fields;
    for (const auto& step : intent.steps) {
        const auto path = step.collection.empty() ? std::string{} : step.collection + "/" + step.child.text() + "/";
        if (step.add) fields.push_back({path.substr(0, path.size() - 1), {}});
        for (const auto& [name, value] : step.values) {
            const auto* field = kind != nullptr ? field_at(*kind, path + name) : nullptr;
            fields.push_back({path + name, field != nullptr ? schema::format(*field, value) : text_of(to_scalar(value))});
        }
    }
    return fields;
}

} // namespace roadbook::merge
