#include "tests/support/sample_record.hpp"

#include <algorithm>
#include <stdexcept>

namespace roadbook::testing {

using namespace roadbook::automerge;

namespace {

bool same_node(const Node& a, const Node& b)
{
    const auto same_child = [](const auto& left, const auto& right) {
        return left.first == right.first && same_node(left.second, right.second);
    };
    return a.kind == b.kind && a.values == b.values && a.text == b.text &&
           std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same_child);
}

} // namespace

ActorId an_actor(unsigned number)
{
    ActorId id;
    id.bytes.fill(std::byte{0x11});
    for (std::size_t i = 0; i < sizeof number; ++i) id.bytes[i] = static_cast<std::byte>(number >> (8 * i));
    return id;
}

Edit put(std::vector<std::string> path, Scalar value)
{
    return {std::move(path), Edit::Put{std::move(value)}};
}
Edit put_text(std::vector<std::string> path, std::string value)
{
    return put(std::move(path), Scalar{std::move(value)});
}
Edit put_map(std::vector<std::string> path)
{
    return {std::move(path), Edit::PutMap{}};
}
Edit set_text(std::vector<std::string> path, std::string text)
{
    return {std::move(path), Edit::SetText{std::move(text)}};
}
Edit removal(std::vector<std::string> path)
{
    return {std::move(path), Edit::Remove{}};
}

Change sample_genesis()
{
    const Container containers[] = {{"lines", Container::Kind::map}, {"note", Container::Kind::text}};
    const std::pair<std::string, Scalar> marks[] = {{"kind", std::string{"visit"}}};
    return Document::genesis(an_actor(0xffff), {}, containers, marks).value();
}

Document new_record()
{
    Document document;
    take_in(document, {sample_genesis()});
    return document;
}

Document filled_record(int lines)
{
    auto document = new_record();
    std::vector<Edit> fields;
    for (int i = 0; i < 6; ++i) fields.push_back(put_text({"field" + std::to_string(i)}, "value " + std::to_string(i)));
    for (int i = 6; i < 12; ++i) fields.push_back(put({"field" + std::to_string(i)}, Scalar{std::int64_t{i} * 1'250}));
    edit(document, an_actor(1), std::move(fields));
    for (int i = 0; i < lines; ++i) {
        const std::string id = "line-" + std::to_string(i);
        edit(document, an_actor(1 + static_cast<unsigned>(i) % 3),
             {put_map({"lines", id}), put_text({"lines", id, "product"}, "阀门 " + std::to_string(i)),
              put({"lines", id, "quantity"}, Scalar{std::int64_t{i}}),
              put({"lines", id, "position"}, Scalar{std::int64_t{i}})});
    }
    edit(document, an_actor(2), {set_text({"note"}, "客户要求周五前交货。 Call before noon.")});
    return document;
}

Change edit(Document& document, const ActorId& by, std::vector<Edit> edits)
{
    auto change = document.commit(by, edits).value();
    if (!change) throw std::logic_error{"an edit that changes nothing"};
    return std::move(*change);
}

void take_in(Document& document, const std::vector<Change>& changes)
{
    std::vector<ByteView> chunks;
    for (const auto& change : changes) chunks.emplace_back(change.bytes);
    document.apply(chunks).value();
}

const Node* node_at(const Content& content, const std::vector<std::string>& path)
{
    const Node* node = &content.root;
    for (const auto& key : path)
        if ((node = node->find(key)) == nullptr) return nullptr;
    return node;
}

Scalar value_at(const Document& document, const std::vector<std::string>& path)
{
    const auto content = document.read().value();
    const auto* node = node_at(content, path);
    if (node == nullptr || node->values.empty()) throw std::logic_error{"nothing at this path"};
    return node->values.front().value;
}

bool same(const Document& a, const Document& b)
{
    const auto left = a.read().value();
    const auto right = b.read().value();
    return a.heads().value() == b.heads().value() && left.actors == right.actors && same_node(left.root, right.root);
}

std::string text_at(const Document& document, const std::vector<std::string>& path)
{
    const auto content = document.read().value();
    const auto* node = node_at(content, path);
    if (node == nullptr) throw std::logic_error{"nothing at this path"};
    return node->text;
}

} // namespace roadbook::testing
