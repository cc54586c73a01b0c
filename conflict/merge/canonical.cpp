#include "conflict/merge/canonical.hpp"

#include "conflict/merge/scalars.hpp"
#include "shared/base/overloaded.hpp"
#include "shared/schema/attachment.hpp"
#include "shared/schema/validation.hpp"

#include <algorithm>
#include <map>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Node;
using automerge::Scalar;

/// Each with its length before it, so that no two rows of parts are the same bytes.
class Writer {
public:
    void number(std::uint64_t value)
    {
        for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift & 0xffU));
    }
    void tag(char letter) { bytes.push_back(static_cast<std::byte>(letter)); }
    void block(ByteView view)
    {
        number(view.size());
        bytes.insert(bytes.end(), view.begin(), view.end());
    }
    void block(std::string_view text) { block(as_bytes(text)); }

    Bytes bytes;
};

Bytes bytes_of(const Scalar& scalar)
{
    Writer writer;
    std::visit(Overloaded{
                   [&](std::monostate) { writer.tag('0'); },
                   [&](bool b) { writer.tag(b ? 'y' : 'n'); },
                   [&](std::int64_t n) { writer.tag('i'), writer.number(static_cast<std::uint64_t>(n)); },
                   [&](const std::string& s) { writer.tag('s'), writer.block(s); },
                   [&](const Bytes& b) { writer.tag('b'), writer.block(ByteView{b}); },
                   [&](const automerge::Foreign& f) { writer.tag('f'), writer.block(f.text); },
               },
               scalar);
    return std::move(writer.bytes);
}

/// What stands in one place: its bytes, and the values. No bytes: it says nothing.
struct Said {
    Bytes bytes;
    std::vector<Scalar> values;
    std::optional<Moved::Writer> by;
};

/// All values, in the document's order: the one that shows, then those beside it. The order is a part of what is seen. The same value written
/// twice apart is agreement.
Said said(const std::vector<automerge::Written>& values, const std::vector<ActorId>& actors)
{
    Said all;
    for (const auto& written : values)
        if (std::find(all.values.begin(), all.values.end(), written.value) == all.values.end()) all.values.push_back(written.value);
    const bool says_nothing = all.values.empty() || (all.values.size() == 1 && std::holds_alternative<std::monostate>(all.values.front()));
    if (says_nothing) return {};
    Writer writer;
    for (const auto& one : all.values) writer.block(ByteView{bytes_of(one)});
    all.bytes = std::move(writer.bytes);
    all.by = Moved::Writer{actors.at(values.front().actor), values.front().counter};
    return all;
}

/// A content as rows: one for each place that says something.
class Rows {
public:
    Rows(const Content& content, const LeftOut& left_out) : content_{content}, left_out_{left_out}
    {
        for (const auto& [key, node] : content.root.children)
            if (!left_out.contains(key)) add(key, {key}, node);
    }

    std::map<std::vector<std::string>, Said> rows; ///< by path; the kind of the node stands before its bytes

private:
    void add(const std::string& root_key, const std::vector<std::string>& path, const Node& node)
    {
        if (path.size() == 3 && left_out_.contains(root_key + "/" + path.back())) return;
        if (path.size() == 3 && path.back() == "removed" && is_false(node)) return;
        if (path.size() == 2 && root_key == schema::attachments_collection && belongs_to_what_is_left_out(node)) return;
        auto here = said(node.values, content_.actors);
        if (node.kind == Node::Kind::text && !node.text.empty()) {
            Writer writer;
            writer.block(node.text);
            writer.bytes.insert(writer.bytes.end(), here.bytes.begin(), here.bytes.end());
            here.values.insert(here.values.begin(), node.text);
            here = {std::move(writer.bytes), std::move(here.values), std::nullopt};
        }
        if (node.kind == Node::Kind::other) here.bytes.push_back(std::byte{0});
        // An entry without a word in it is an entry all the same; a collection without one is none.
        if (node.kind == Node::Kind::map && path.size() == 2 && here.bytes.empty()) here.bytes.push_back(std::byte{0});
        if (!here.bytes.empty()) {
            here.bytes.insert(here.bytes.begin(), static_cast<std::byte>(node.kind));
            rows[path] = std::move(here);
        }
        for (const auto& [key, child] : node.children) {
            auto below = path;
            below.push_back(key);
            add(root_key, below, child);
        }
    }

    static bool is_false(const Node& node)
    {
        return node.kind == Node::Kind::reg && std::all_of(node.values.begin(), node.values.end(), [](const auto& written) {
            return written.value == Scalar{false} || written.value == Scalar{std::monostate{}};
        });
    }

    /// All of its `entry` name such: one value that names another place is one that somebody may have looked at.
    bool belongs_to_what_is_left_out(const Node& attachment) const
    {
        const auto* entry = attachment.find("entry");
        return entry != nullptr && !entry->values.empty() && std::all_of(entry->values.begin(), entry->values.end(), [&](const auto& written) {
            const auto* id = std::get_if<std::string>(&written.value);
            return id != nullptr && std::any_of(content_.root.children.begin(), content_.root.children.end(), [&](const auto& child) {
                return left_out_.contains(child.first) && child.second.kind == Node::Kind::map && child.second.find(*id) != nullptr;
            });
        });
    }

    const Content& content_;
    const LeftOut& left_out_;
};

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const auto& part : path) text += (text.empty() ? "" : "/") + part;
    return text;
}

} // namespace

Bytes canonical(const Content& content, const LeftOut& left_out)
{
    Writer writer;
    for (const auto& [path, said] : Rows{content, left_out}.rows) {
        writer.number(path.size());
        for (const auto& part : path) writer.block(part);
        writer.block(ByteView{said.bytes});
    }
    return std::move(writer.bytes);
}

std::string digest_of(const Content& content, const LeftOut& left_out)
{
    return sha256(canonical(content, left_out)).hex();
}

std::vector<Moved> differences(const Content& then, const Content& now, const LeftOut& left_out)
{
    const Rows before{then, left_out}, after{now, left_out};
    std::vector<Moved> moved;
    auto a = before.rows.begin();
    auto b = after.rows.begin();
    while (a != before.rows.end() || b != after.rows.end()) {
        const bool is_gone = b == after.rows.end() || (a != before.rows.end() && a->first < b->first);
        const bool is_new = a == before.rows.end() || (b != after.rows.end() && b->first < a->first);
        if (is_gone) moved.push_back({joined(a->first), a->second.values, {}, std::nullopt});
        else if (is_new) moved.push_back({joined(b->first), {}, b->second.values, b->second.by});
        else if (a->second.bytes != b->second.bytes) moved.push_back({joined(a->first), a->second.values, b->second.values, b->second.by});
        if (!is_new) ++a;
        if (!is_gone) ++b;
    }
    return moved;
}

std::string words_of(const schema::Kind& kind, std::string_view path, std::span<const Scalar> values)
{
    const auto slash = path.find('/');
    const auto* collection = kind.collection(path.substr(0, slash));
    const auto* field = slash == std::string_view::npos ? kind.field(path) : collection != nullptr ? collection->field(path.substr(path.rfind('/') + 1)) : nullptr;
    std::string text;
    for (const auto& value : values) {
        const auto typed = field != nullptr ? from_scalar(field->type, value) : std::nullopt;
        text += (text.empty() ? "" : " | ") + (typed ? schema::format(*field, *typed) : text_of(value));
    }
    return text;
}

std::string to_text(const LeftOut& left_out)
{
    std::string text;
    for (const auto& name : left_out) text += (text.empty() ? "" : " ") + name;
    return text;
}

LeftOut left_out_from(std::string_view text)
{
    LeftOut names;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (space != 0) names.emplace(text.substr(0, space));
        if (space == std::string_view::npos) break;
        text.remove_prefix(space + 1);
    }
    return names;
}

} // namespace roadbook::merge
