#include "conflict/merge/legality.hpp"

#include "conflict/merge/circle.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/scalars.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Node;

constexpr std::size_t unknown_bytes_max = 8 << 10; // a newer version's single-line value

/// Compares one change's before and after, and collects what it touched.
class Judge {
public:
    Judge(const schema::Kind& kind, const RecordId& id, const Content& before, const Content& after, const Author& author, const ReferenceCheck& exists)
        : kind_{kind}, id_{id}, before_{before}, after_{after}, exists_{exists}, creates_{before.root.find("id") == nullptr},
          rules_{kind, before, after, author, creates_}
    {
    }

    Result<void> judge()
    {
        ROADBOOK_CHECK(check_identity());
        if (creates_) ROADBOOK_CHECK(rules_.may_create());
        ROADBOOK_CHECK(nothing_removed(before_.root, after_.root));
        for (const auto& [key, node] : after_.root.children) ROADBOOK_CHECK(check_root(key, node));
        return check_rules();
    }

private:
    Result<void> check_identity() const
    {
        const auto* id = after_.root.find("id");
        const bool fits = id != nullptr && id->values.size() == 1 && id->values.front().value == automerge::Scalar{to_bytes(id_.view())};
        if (!fits) return fail(Errc::bad_change, Bilingual{"the change does not belong to this record", "该修改不属于这条记录"}, "id");
        if (!creates_ && touched(before_.root.find("id"), *id)) return fail(Errc::bad_change, Bilingual{"a record's id is written once", "记录编号（id）写入后不可更改"}, "id");
        if (const auto* mark = after_.root.find("kind"); mark == nullptr || touched(before_.root.find("kind"), *mark))
            return fail(Errc::bad_change, Bilingual{"a record's type is written once", "记录类型写入后不可更改"}, "kind");
        return {};
    }

    /// Did the change write here? Operations are compared, not values: writing the same value again is a write.
    [[nodiscard]] bool touched(const Node* before, const Node& after) const
    {
        if (before == nullptr || before->kind != after.kind || before->values.size() != after.values.size()) return true;
        if (after.kind == Node::Kind::text) return before->text != after.text;
        for (std::size_t i = 0; i < after.values.size(); ++i) {
            const auto& a = before->values[i];
            const auto& b = after.values[i];
            if (a.counter != b.counter || before_.actors.at(a.actor) != after_.actors.at(b.actor)) return true;
        }
        return false;
    }

    static Result<void> nothing_removed(const Node& before, const Node& after)
    {
        for (const auto& [key, node] : before.children) {
            const auto* now = after.find(key);
            if (now == nullptr || now->kind != node.kind)
                return fail(Errc::bad_change, Bilingual{"nothing is taken out of a record: it is marked as deleted", "记录中的内容不可移除，只可标记为已删除"}, key);
            ROADBOOK_CHECK(nothing_removed(node, *now)); // documents are at most gate depth levels deep
        }
        return {};
    }

    Result<void> check_root(const std::string& key, const Node& node)
    {
        const auto* before = before_.root.find(key);
        if (key == "id" || key == "kind") return {};
        if (const auto* collection = kind_.collection(key)) return check_collection(*collection, before, node);
        if (!touched(before, node)) return {};
        if (node.kind != Node::Kind::reg && before == nullptr)
            return foreign_container(key);
        if (key == "deleted_at") return check_deleted(node);
        const auto* field = kind_.field(key);
        if (field == nullptr) return check_unknown(key, node);
        touched_.insert(key);
        return check_field(*field, key, key, before, node);
    }

    Result<void> check_deleted(const Node& node) const
    {
        ROADBOOK_CHECK(rules_.may_delete());
        for (const auto& written : node.values)
            if (!from_scalar(schema::Type::time, written.value)) return fail(Errc::invalid_value, Bilingual{"deleted_at is a time", "deleted_at 必须是时间"}, "deleted_at");
        return {};
    }

    Result<void> check_collection(const schema::Collection& collection, const Node* before, const Node& node)
    {
        if (node.kind != Node::Kind::map || before == nullptr)
            return fail(Errc::bad_change, Bilingual{"a change must not replace a collection", "不可整体替换明细"}, collection.name);
        // What several people added apart may come out over the limit: that is nobody's fault, and only adding more is refused.
        if (node.children.size() > schema::children_max && node.children.size() > before->children.size())
            return too_many(collection);
        for (const auto& [key, child] : node.children) {
            const auto path = collection.name + "/" + key;
            if (child.kind != Node::Kind::map || !ChildId::parse(key)) return fail(Errc::bad_change, Bilingual{"an entry of a collection is keyed by its id", "明细条目必须以其编号（id）为键"}, path);
            const auto* child_before = before->find(key);
            if (child_before == nullptr)
                for (const auto& field : collection.fields) touched_.insert(path + "/" + field.name); // one that is required must be there
            for (const auto& [name, value] : child.children)
                ROADBOOK_CHECK(check_child_field(collection, path, name, child_before == nullptr ? nullptr : child_before->find(name), value, child_before == nullptr));
        }
        return {};
    }

    Result<void> check_child_field(const schema::Collection& collection, const std::string& path, const std::string& name,
                                   const Node* before, const Node& node, bool is_new)
    {
        if (!touched(before, node)) return {};
        const auto at = path + "/" + name;
        if (!is_new && collection.gathers == schema::Gathering::append_only) return never_rewritten(collection, at);
        if (node.kind != Node::Kind::reg) return fail(Errc::bad_change, Bilingual{"an entry of a collection holds plain values", "明细条目只能包含简单的值"}, at);
        if (name == "removed" || name == "position") {
            const bool arranges = name == "position" || says_removed(before) || says_removed(&node); // every edit of an entry touches `removed`
            if (arranges) ROADBOOK_CHECK(rules_.may_arrange(collection, at));
            const auto type = name == "removed" ? schema::Type::boolean : schema::Type::text;
            const bool fits = std::all_of(node.values.begin(), node.values.end(), [&](const auto& w) { return from_scalar(type, w.value); });
            return fits ? Result<void>{} : fail(Errc::invalid_value, Bilingual{fmt::format("{} has the wrong type", name), fmt::format("{} 的类型不符", name)}, at);
        }
        const auto* field = collection.field(name);
        if (field == nullptr) return check_unknown(at, node);
        touched_.insert(at);
        return check_field(*field, collection.name, at, before, node);
    }

    Result<void> check_field(const schema::Field& field, const std::string& part, const std::string& path, const Node* before, const Node& node) const
    {
        ROADBOOK_CHECK(rules_.may_write(field, part, path));
        if (field.type == schema::Type::note && node.kind == Node::Kind::text) return with_path(schema::check(field, node.text), path);
        for (const auto& written : node.values) {
            const auto value = from_scalar(field.type, written.value);
            if (!value) return wrong_type(field, path);
            ROADBOOK_CHECK(with_path(schema::check(field, *value), path));
            ROADBOOK_CHECK(rules_.may_say(field, *value, before, path));
            const auto* target = std::get_if<RecordId>(&*value);
            if (target != nullptr && *target == id_ && path == field.name) return closes_circle(kind_, field);
            if (target != nullptr && exists_ && !exists_(field.target, *target))
                return no_such(field, *target, path);
        }
        return {};
    }

    static bool says_removed(const Node* node)
    {
        return node != nullptr && std::any_of(node->values.begin(), node->values.end(), [](const auto& written) { return written.value == automerge::Scalar{true}; });
    }

    static Error never_rewritten(const schema::Collection& collection, std::string path)
    {
        return fail(Errc::not_allowed, Bilingual{fmt::format("{}: what was entered is never rewritten or taken out; add another entry that puts it right", collection.label.en),
                                                 fmt::format("{}：已录入的条目不可修改或移除；请另加一条予以更正", collection.label.zh)}, std::move(path));
    }

    static Error foreign_container(std::string path)
    {
        return fail(Errc::bad_change, Bilingual{"a change must not make a container: those come from the schema", "修改不可新建容器，容器由记录类型定义"}, std::move(path));
    }

    static Error too_many(const schema::Collection& collection)
    {
        return fail(Errc::too_large, Bilingual{fmt::format("{} holds at most {} entries", collection.label.en, schema::children_max),
                                               fmt::format("{}最多 {} 条", collection.label.zh, schema::children_max)}, collection.name);
    }

    static Error wrong_type(const schema::Field& field, std::string path)
    {
        return fail(Errc::invalid_value, Bilingual{fmt::format("{} has a value of the wrong type", field.label.en),
                                                   fmt::format("{}的值类型不符", field.label.zh)}, std::move(path));
    }

    static Error no_such(const schema::Field& field, const RecordId& target, std::string path)
    {
        const auto zh = schema::find_kind(field.target)->label.zh; // the registry checks that targets are kinds
        return fail(Errc::invalid_value, Bilingual{fmt::format("{}: there is no {} {}", field.label.en, field.target, target.text()),
                                                   fmt::format("{}：没有{} {}", field.label.zh, zh, target.text())}, std::move(path));
    }

    static Result<void> with_path(Result<void> checked, const std::string& path)
    {
        if (checked) return checked;
        auto error = checked.error();
        error.field = path;
        return error;
    }

    static Result<void> check_unknown(const std::string& path, const Node& node)
    {
        if (node.kind != Node::Kind::reg) return foreign_container(path);
        for (const auto& written : node.values)
            if (text_of(written.value).size() > unknown_bytes_max)
                return fail(Errc::too_large, Bilingual{"a value of an unknown field is over the limit", "未知字段的值超出上限"}, path);
        return {};
    }

    /// Rules over the whole record count only where this change wrote: what others broke apart is a finding, not its fault. Each entry keeps
    /// them by itself, also where a set shows two as one.
    Result<void> check_rules() const
    {
        for (const auto& breach : schema::validate(read_as_entered(kind_, id_, after_))) {
            if (creates_ || touched_.contains(breach.path)) return schema::error_of(breach);
        }
        return {};
    }

    const schema::Kind& kind_;
    const RecordId& id_;
    const Content& before_;
    const Content& after_;
    const ReferenceCheck& exists_;
    const bool creates_;
    const WriteRules rules_;
    std::set<std::string, std::less<>> touched_;
};

} // namespace

Result<void> check_change(const schema::Kind& kind, const RecordId& id, const Content& before, const Content& after, const Author& author,
                          const ReferenceCheck& exists)
{
    return Judge{kind, id, before, after, author, exists}.judge();
}

} // namespace roadbook::merge
