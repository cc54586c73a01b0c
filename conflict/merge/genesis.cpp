#include "conflict/merge/genesis.hpp"

#include <unordered_map>

namespace roadbook::merge {
namespace {

using automerge::Container;
using automerge::Document;
using automerge::Scalar;

std::vector<Container> containers_of(const schema::Kind& kind)
{
    std::vector<Container> made;
    for (const auto& collection : kind.collections) made.push_back({collection.name, Container::Kind::map});
    for (const auto& field : kind.fields)
        if (field.type == schema::Type::note) made.push_back({field.name, Container::Kind::text});
    return made;
}

Genesis make(const schema::Kind& kind)
{
    const std::pair<std::string, Scalar> mark{"kind", kind.name}; // so that no two kinds share a genesis
    auto change = Document::genesis(genesis_actor(), {}, containers_of(kind), std::span{&mark, 1}).value();
    return Genesis{{std::move(change.bytes)}, change.hash};
}

struct Chains {
    std::unordered_map<std::string, Genesis> by_kind;
    std::unordered_map<Hash, const schema::Kind*> by_head;

    Chains()
    {
        for (const auto& kind : schema::kinds()) {
            const auto& genesis = by_kind.emplace(kind.name, make(kind)).first->second;
            by_head.emplace(genesis.head, &kind);
        }
    }
};

const Chains& chains()
{
    static const Chains made;
    return made;
}

} // namespace

const ActorId& genesis_actor() noexcept
{
    static const ActorId actor = ActorId::from(as_bytes("roadbook-genesis")).value();
    return actor;
}

const Genesis& genesis_of(const schema::Kind& kind)
{
    return chains().by_kind.at(kind.name);
}

const schema::Kind* kind_of_genesis(const Hash& head)
{
    const auto found = chains().by_head.find(head);
    return found == chains().by_head.end() ? nullptr : found->second;
}

Document new_document(const schema::Kind& kind)
{
    Document document;
    std::vector<ByteView> links;
    for (const auto& link : genesis_of(kind).links) links.emplace_back(link);
    document.apply(links).value();
    return document;
}

} // namespace roadbook::merge
