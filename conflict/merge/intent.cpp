#include "conflict/merge/intent.hpp"

#include "conflict/merge/scalars.hpp"
#include "shared/base/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::merge {
namespace {

using automerge::Edit;
using schema::Value;

/// The fields that every child or record has besides those of its kind.
bool is_system_field(const Intent::Step& step, std::string_view name)
{
    return step.collection.empty() ? name == "deleted_at" : name == "removed" || name == "position";
}

Result<void> append(std::vector<Edit>& edits, const schema::Kind& kind, const Intent::Step& step)
{
    const auto* collection = step.collection.empty() ? nullptr : kind.collection(step.collection);
    if (!step.collection.empty() && collection == nullptr)
        return fail(Errc::bad_argument, Bilingual{fmt::format("{} has no collection '{}'", kind.name, step.collection),
                                                  fmt::format("{}没有明细“{}”", kind.label.zh, step.collection)}, step.collection);
    std::vector<std::string> path;
    if (collection != nullptr) path = {collection->name, step.child.text()};
    if (step.add) edits.push_back({path, Edit::PutMap{}});
    for (const auto& [name, value] : step.values) {
        const auto* field = collection != nullptr ? collection->field(name) : kind.field(name);
        if (field == nullptr && !is_system_field(step, name))
            return fail(Errc::bad_argument, Bilingual{fmt::format("{} has no field '{}'", collection ? collection->name : kind.name, name),
                                                      fmt::format("{}没有字段“{}”", collection ? collection->label.zh : kind.label.zh, name)}, name);
        auto at = path;
        at.push_back(name);
        const bool is_text = field != nullptr && field->type == schema::Type::note && collection == nullptr;
        const auto* note = std::get_if<std::string>(&value);
        if (is_text) edits.push_back({std::move(at), Edit::SetText{note == nullptr ? std::string{} : *note}});
        else edits.push_back({std::move(at), Edit::Put{to_scalar(value)}});
    }
    // Whoever removes the entry apart from this edit must not take it along unseen: both then stand in its `removed`.
    if (collection != nullptr && !step.add && !step.values.contains("removed")) edits.push_back({{path.front(), path.back(), "removed"}, Edit::Touch{}});
    return {};
}

protocol::v1::FieldValue to_frame(const std::string& name, const Value& value)
{
    protocol::v1::FieldValue frame;
    frame.set_name(name);
    std::visit(Overloaded{
                   [&](std::monostate) { frame.set_empty(true); },
                   [&](bool b) { frame.set_boolean(b); },
                   [&](std::int64_t n) { frame.set_integer(n); },
                   [&](const std::string& s) { frame.set_text(s); },
                   [&](const Money& m) { frame.set_money(std::get<std::string>(to_scalar(m))); },
                   [&](Time t) { frame.set_time(t.time_since_epoch().count()); },
                   [&](const RecordId& id) { frame.set_reference(protocol::to_field(id)); },
               },
               value);
    return frame;
}

std::optional<Value> from_frame(const protocol::v1::FieldValue& frame)
{
    using Frame = protocol::v1::FieldValue;
    switch (frame.value_case()) {
    case Frame::kBoolean: return Value{frame.boolean()};
    case Frame::kInteger: return Value{std::int64_t{frame.integer()}};
    case Frame::kText: return Value{frame.text()};
    case Frame::kMoney: return from_scalar(schema::Type::money, frame.money());
    case Frame::kTime: return Value{Time{Duration{frame.time()}}};
    case Frame::kReference: return from_scalar(schema::Type::reference, to_bytes(as_bytes(frame.reference())));
    case Frame::kEmpty:
    case Frame::VALUE_NOT_SET: break;
    }
    return Value{};
}

} // namespace

Result<std::vector<Edit>> edits_of(const Intent& intent)
{
    const auto* kind = schema::find_kind(intent.kind);
    if (kind == nullptr) return fail(Errc::bad_argument, Bilingual{fmt::format("there is no record type '{}'", intent.kind),
                                                                  fmt::format("没有记录类型“{}”", intent.kind)}, "kind");
    std::vector<Edit> edits;
    if (intent.create) edits.push_back({{"id"}, Edit::Put{to_bytes(intent.record.view())}});
    for (const auto& step : intent.steps) ROADBOOK_CHECK(append(edits, *kind, step));
    return edits;
}

bool is_touch(const std::vector<std::string>& path, const automerge::Content& before, const automerge::Content& after)
{
    const auto says_removed = [&](const automerge::Content& content) {
        const auto* node = node_at(content, path);
        return node != nullptr && std::any_of(node->values.begin(), node->values.end(), [](const auto& written) { return written.value == automerge::Scalar{true}; });
    };
    return path.size() == 3 && path.back() == "removed" && !says_removed(before) && !says_removed(after);
}

Bytes write(const Intent& intent)
{
    protocol::v1::Intent frame;
    frame.set_id(protocol::to_field(intent.id));
    frame.set_record(protocol::to_field(intent.record));
    frame.set_kind(intent.kind);
    frame.set_create(intent.create);
    frame.set_reason(intent.reason);
    frame.set_device_time(intent.device_time.time_since_epoch().count());
    if (!intent.replaces.is_nil()) frame.set_replaces(protocol::to_field(intent.replaces));
    for (const auto& head : intent.base_heads) frame.add_base_heads(protocol::to_field(head));
    for (const auto& step : intent.steps) {
        auto& made = *frame.add_steps();
        made.set_collection(step.collection);
        if (!step.collection.empty()) made.set_child(protocol::to_field(step.child));
        made.set_add_child(step.add);
        for (const auto& [name, value] : step.values) *made.add_values() = to_frame(name, value);
    }
    return to_bytes(as_bytes(frame.SerializeAsString()));
}

Result<Intent> read_intent(ByteView bytes)
{
    protocol::v1::Intent frame;
    if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::bad_frame, "a kept edit does not parse");
    const auto id = protocol::id_field<IntentId>(frame.id(), "edit");
    const auto record = protocol::id_field<RecordId>(frame.record(), "record");
    if (!id || !record) return fail(Errc::bad_frame, "a kept edit names no record");
    Intent intent{*id, *record, frame.kind(), frame.create(), {}, {}, frame.reason(), Time{Duration{frame.device_time()}}};
    if (const auto replaces = IntentId::from(as_bytes(frame.replaces()))) intent.replaces = *replaces;
    for (const auto& head : frame.base_heads())
        if (const auto hash = Hash::from(as_bytes(head))) intent.base_heads.push_back(*hash);
    for (const auto& step : frame.steps()) {
        Intent::Step made{step.collection(), ChildId::from(as_bytes(step.child())).value_or(ChildId{}), step.add_child(), {}};
        for (const auto& value : step.values()) {
            auto read = from_frame(value);
            if (!read) return fail(Errc::bad_frame, "a kept edit holds a value that does not parse", value.name());
            made.values[value.name()] = std::move(*read);
        }
        intent.steps.push_back(std::move(made));
    }
    return intent;
}

std::string position_after(std::string_view last)
{
    // Two letters hold 676 steps before the text grows; a new child goes behind the last one, whoever else adds one there too.
    std::string next{last.empty() ? "aa" : last};
    for (auto letter = next.rbegin(); letter != next.rend(); ++letter) {
        if (*letter < 'z') {
            ++*letter;
            return next;
        }
        *letter = 'a';
    }
    return std::string{last} + "a"; // "zz" -> "zza": sorts behind every text of the shorter length
}

} // namespace roadbook::merge
