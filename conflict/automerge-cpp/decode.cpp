#include "conflict/automerge-cpp/decode.hpp"

namespace roadbook::automerge {
namespace {

// the same numbers as in shared/native/src/read.rs and edit.rs
enum class ScalarTag : std::uint8_t { null, no, yes, integer, string, bytes, foreign };
enum class StepTag : std::uint8_t { put, put_map, set_text, remove, touch };

template <class... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

Scalar decode_scalar(flat::Reader& in)
{
    switch (static_cast<ScalarTag>(in.u8())) {
    case ScalarTag::null:
        return std::monostate{};
    case ScalarTag::no:
        return false;
    case ScalarTag::yes:
        return true;
    case ScalarTag::integer:
        return in.i64();
    case ScalarTag::string:
        return in.text();
    case ScalarTag::bytes:
        return to_bytes(in.block());
    case ScalarTag::foreign:
        break;
    }
    return Foreign{in.text()};
}

/// Maps by their index: where a node of kind map stands, there its index begins to be known; its keys follow later.
using Maps = std::vector<Node*>;

void decode_node(flat::Reader& in, Node& node, Maps& maps)
{
    node.kind = static_cast<Node::Kind>(in.u8());
    const auto count = in.u32();
    node.values.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto counter = in.u64();
        const auto actor = in.u32();
        node.values.push_back({decode_scalar(in), counter, actor});
    }
    if (node.kind == Node::Kind::map) maps.push_back(&node);
    if (node.kind == Node::Kind::text) node.text = in.text();
}

void decode_map(flat::Reader& in, Maps& maps)
{
    auto& children = maps[in.u32()]->children;
    const auto count = in.u32();
    children.reserve(count); // to the end: `maps` points into it
    for (std::uint32_t i = 0; i < count; ++i) {
        auto& child = children.emplace_back(in.text(), Node{});
        decode_node(in, child.second, maps);
    }
}

Hash take_hash(flat::Reader& in)
{
    return *Hash::from(in.raw(sizeof(Hash)));
}

ActorId take_actor(flat::Reader& in)
{
    return *ActorId::from(in.raw(sizeof(ActorId)));
}

Change decode_change(flat::Reader& in)
{
    Change change;
    change.hash = take_hash(in);
    change.actor = take_actor(in);
    change.seq = in.u64();
    change.start_op = in.u64();
    change.max_op = in.u64();
    const auto deps = in.u32();
    change.deps.reserve(deps);
    for (std::uint32_t i = 0; i < deps; ++i) change.deps.push_back(take_hash(in));
    change.time = in.i64();
    change.message = in.text();
    change.bytes = to_bytes(in.block());
    return change;
}

} // namespace

Content decode_content(ByteView answer)
{
    flat::Reader in{answer};
    Content content;
    content.root.kind = Node::Kind::map;
    Maps maps{&content.root};
    for (auto left = in.u32(); left != 0; --left) decode_map(in, maps);
    const auto actors = in.u32();
    content.actors.reserve(actors);
    for (std::uint32_t i = 0; i < actors; ++i) content.actors.push_back(take_actor(in));
    return content;
}

std::vector<Change> decode_changes(ByteView answer)
{
    flat::Reader in{answer};
    std::vector<Change> changes;
    while (!in.empty()) changes.push_back(decode_change(in));
    return changes;
}

std::vector<Patch> decode_patches(ByteView answer)
{
    flat::Reader in{answer};
    std::vector<Patch> patches;
    while (!in.empty()) {
        Patch patch;
        patch.kind = static_cast<Patch::Kind>(in.u8());
        const auto segments = in.u32();
        for (std::uint32_t i = 0; i < segments; ++i) patch.path.push_back(in.text());
        patches.push_back(std::move(patch));
    }
    return patches;
}

std::vector<Hash> decode_hashes(ByteView answer)
{
    flat::Reader in{answer};
    std::vector<Hash> hashes;
    while (!in.empty()) hashes.push_back(take_hash(in));
    return hashes;
}

void encode_scalar(const Scalar& value, flat::Writer& out)
{
    const auto tag = [&out](ScalarTag is) { out.u8(static_cast<std::uint8_t>(is)); };
    std::visit(Match{
                   [&](std::monostate) { tag(ScalarTag::null); },
                   [&](bool is) { tag(is ? ScalarTag::yes : ScalarTag::no); },
                   [&](std::int64_t number) { tag(ScalarTag::integer), out.i64(number); },
                   [&](const std::string& text) { tag(ScalarTag::string), out.block(text); },
                   [&](const Bytes& bytes) { tag(ScalarTag::bytes), out.block(bytes); },
                   [&](const Foreign& foreign) { tag(ScalarTag::foreign), out.block(foreign.text); },
               },
               value);
}

void encode_edit(const Edit& edit, flat::Writer& out)
{
    out.u32(edit.path.size());
    for (const auto& segment : edit.path) out.block(segment);
    const auto tag = [&out](StepTag is) { out.u8(static_cast<std::uint8_t>(is)); };
    std::visit(Match{
                   [&](const Edit::Put& put) { tag(StepTag::put), encode_scalar(put.value, out); },
                   [&](const Edit::PutMap&) { tag(StepTag::put_map); },
                   [&](const Edit::SetText& set) { tag(StepTag::set_text), out.block(set.text); },
                   [&](const Edit::Remove&) { tag(StepTag::remove); },
                   [&](const Edit::Touch&) { tag(StepTag::touch); },
               },
               edit.step);
}

} // namespace roadbook::automerge
