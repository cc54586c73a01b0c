#include "conflict/automerge-cpp/gate_work.hpp"

#include "conflict/automerge-cpp/bridge.hpp"

#include <limits>

namespace roadbook::automerge {

Result<GateWork::Facts> GateWork::facts(const Document& document, const Summary& change)
{
    const Answer answer{
        document.handle_->core->facts(octets(change.hash.view()), octets(change.actor.view()), octets(change.deps))};
    if (!answer.ok()) return answer.error();
    auto in = answer.reader();
    Facts facts;
    facts.known = in.u8() != 0;
    facts.last_seq = in.u64();
    facts.last_change = *Hash::from(in.raw(sizeof(Hash)));
    for (std::size_t i = 0; i < change.deps.size(); ++i) {
        const auto greatest = in.u64();
        const bool here = greatest != std::numeric_limits<std::uint64_t>::max();
        facts.parents.push_back(here ? std::optional{greatest} : std::nullopt);
    }
    return facts;
}

Result<void> GateWork::check_depth(const Document& document, const Parsed& change)
{
    if (change.made.empty()) return {};
    const Answer answer{
        document.handle_->core->deepest(octets(change.summary.actor.view()), {change.made.data(), change.made.size()})};
    if (!answer.ok()) return answer.error();
    return {};
}

Result<GateWork::Verified> GateWork::verify(const Document& document)
{
    Verified verified;
    const Answer answer{document.handle_->core->verify_into(*verified.loaded.handle_->core)};
    if (!answer.ok()) return answer.error();
    auto in = answer.reader();
    verified.actors = in.u64();
    verified.operations = in.u64();
    verified.saved = to_bytes(in.rest());
    return verified;
}

} // namespace roadbook::automerge
