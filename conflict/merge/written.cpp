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

std::string text_at(const automerge::Content& content, const std::vector<std::string>& path, const schema::Field* field)
{
    const automerge::Node* node = &content.root;
    for (const auto& part : path)
        if (node != nullptr) node = node->find(part);
    if (node == nullptr) return {};
    if (node->kind == automerge::Node::Kind::text) return node->text;
    if (node->values.empty()) return {};
    const auto typed = field != nullptr ? from_scalar(field->type, node->values.front().value) : std::nullopt;
    return typed ? schema::format(*field, *typed) : text_of(node->values.front().value);
}

} // namespace

Result<std::vector<WrittenField>> written_by(const automerge::Document& document, const schema::Kind& kind, const Hash& change, std::span<const Hash> deps)
{
    const auto patches = document.patches(deps, std::span{&change, 1});
    const auto after = document.read_at(std::span{&change, 1});
    if (!patches || !after) return !patches ? patches.error() : after.error();
    std::vector<WrittenField> fields;
    for (const auto& patch : *patches) {
        const auto path = joined(patch.path);
        if (patch.path.back() == "removed") {
            const auto before = document.read_at(deps);
            if (before && is_touch(patch.path, *before, *after)) continue;
        }
        const bool is_repeated = !fields.empty() && fields.back().path == path;
        if (path != "id" && !is_repeated) fields.push_back({path, text_at(*after, patch.path, field_at(kind, path))});
    }
    return fields;
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
