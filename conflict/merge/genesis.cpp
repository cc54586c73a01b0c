#include "conflict/merge/genesis.hpp"

#include <unordered_map>

namespace roadbook::merge {
namespace {

using automerge::Container;
using automerge::Document;
using automerge::Scalar;

/// Those that came with this schema version; 0: with the kind itself.
std::vector<Container> containers_of(const schema::Kind& kind, int version)
{
    std::vector<Container> made;
    for (const auto& collection : kind.collections)
        if (collection.since == version) made.push_back({collection.name, Container::Kind::map});
    for (const auto& field : kind.fields)
        if (field.type == schema::Type::note && field.since == version) made.push_back({field.name, Container::Kind::text});
    return made;
}

Genesis make(const schema::Kind& kind)
{
    const std::pair<std::string, Scalar> mark{"kind", kind.name}; // so that no two kinds share a genesis
    Genesis chain;
    for (int version = 0; version <= schema::schema_version; ++version) {
        const auto containers = containers_of(kind, version);
        if (version != 0 && containers.empty()) continue;
        const std::vector<ByteView> earlier{chain.links.begin(), chain.links.end()};
        auto change = Document::genesis(genesis_actor(), earlier, containers, std::span{&mark, version == 0 ? 1U : 0U}).value();
        chain.links.push_back(std::move(change.bytes));
        chain.hashes.push_back(change.hash);
    }
    return chain;
}

Document begin(const Genesis& genesis)
{
    Document document;
    std::vector<ByteView> links;
    for (const auto& link : genesis.links) links.emplace_back(link);
    document.apply(links).value();
    return document;
}

struct Chains {
    std::unordered_map<std::string, Genesis> by_kind;
    std::unordered_map<Hash, const schema::Kind*> by_link;

    Chains()
    {
        for (const auto& kind : schema::kinds()) {
            const auto& genesis = by_kind.emplace(kind.name, make(kind)).first->second;
            for (const auto& link : genesis.hashes) by_link.emplace(link, &kind);
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

const schema::Kind* kind_of_genesis(const Hash& link)
{
    const auto found = chains().by_link.find(link);
    return found == chains().by_link.end() ? nullptr : found->second;
}

const schema::Kind* kind_made_by(const automerge::Summary& change)
{
    return change.deps.size() == 1 ? kind_of_genesis(change.deps.front()) : nullptr;
}

Document new_document(const schema::Kind& kind)
{
    thread_local std::unordered_map<std::string, Document> begun; // a fork is cheaper than the links once more; a document is one thread's
    auto found = begun.find(kind.name);
    if (found == begun.end()) found = begun.emplace(kind.name, begin(genesis_of(kind))).first;
    return found->second.fork().value();
}

Result<void> complete(Document& document, const schema::Kind& kind)
{
    const auto& chain = genesis_of(kind);
    const auto is_complete = document.has(chain.head());
    if (!is_complete) return is_complete.error();
    if (*is_complete) return {};
    std::vector<ByteView> links;
    for (const auto& link : chain.links) links.emplace_back(link);
    return document.apply(links);
}

} // namespace roadbook::merge
