// Where a change stands in the history: whose it is, what it builds on, and that its numbers follow from that. Wrong
// numbers make Automerge panic, save what never loads again, or leave the document read-only for ever.
#include "conflict/automerge-cpp/gate_batch.hpp"

#include <algorithm>

namespace roadbook::automerge {

Error forged(std::string_view what)
{
    return fail(Errc::bad_change, "This change is damaged or forged: " + std::string{what} + ". It was not taken.");
}

Error stranded()
{
    return fail(Errc::stranded, "This change builds on one that was refused. It was kept back with it.");
}

void Batch::refuse(std::size_t index, Error why)
{
    refused_.emplace(parsed_[index].summary.hash, index);
    verdicts_[index] = std::move(why);
}

bool Batch::builds_on_refused(const Summary& change) const
{
    return std::any_of(change.deps.begin(), change.deps.end(),
                       [this](const Hash& dep) { return refused_.contains(dep); });
}

bool Batch::is_repeat(std::size_t index)
{
    const auto& hash = parsed_[index].summary.hash;
    if (const auto at = pending_.find(hash); at != pending_.end()) {
        repeats_.emplace_back(index, at->second.index);
        return true;
    }
    if (const auto at = refused_.find(hash); at != refused_.end()) {
        repeats_.emplace_back(index, at->second);
        return true;
    }
    return false;
}

Result<void> Batch::take_in(std::size_t index)
{
    auto parsed = parse_chunk(changes_[index], limits_);
    if (!parsed) {
        parsed_[index].summary.hash = hash_of_chunk(changes_[index]); // what builds on it is stranded, it need not wait
        refuse(index, parsed.error());
        return {};
    }
    parsed_[index] = std::move(*parsed);
    const auto& change = parsed_[index].summary;
    verdicts_[index] = change;
    if (is_repeat(index)) return {};

    const auto facts = GateWork::facts(base_, change);
    if (!facts) return facts.error();
    if (facts->known) return {}; // admitted again, without effect
    const auto placed = check_place(change, *facts);
    if (placed) {
        pending_[change.hash] = {index, change.max_op()};
        latest_[change.actor] = {change.seq, change.hash};
    } else if (placed.error().code == Errc::missing_parents) {
        verdicts_[index] = placed.error(); // no blame: it may come again
    } else {
        refuse(index, placed.error());
    }
    return {};
}

Result<void> Batch::check_place(const Summary& change, const GateWork::Facts& facts) const
{
    if (actor_check_) ROADBOOK_CHECK(actor_check_(change.actor));
    const auto parent = greatest_parent(change, facts);
    if (!parent) return parent.error();

    const auto pending = latest_.find(change.actor);
    const auto last = pending == latest_.end() ? Latest{facts.last_seq, facts.last_change} : pending->second;
    if (change.seq != last.seq + 1)
        return fail(Errc::out_of_order, "This change has number " + std::to_string(change.seq) +
                                            " of its author, but " + std::to_string(last.seq + 1) +
                                            " would be next. It was not taken.");
    // else its operations could have numbers that the author's earlier ones have
    if (last.seq != 0 && std::find(change.deps.begin(), change.deps.end(), last.change) == change.deps.end())
        return forged("it does not build on its author's last one");
    if (change.start_op != *parent + 1) return forged("its operations do not follow those that it builds on");
    return {};
}

Result<std::uint64_t> Batch::greatest_parent(const Summary& change, const GateWork::Facts& facts) const
{
    if (builds_on_refused(change)) return stranded();
    std::uint64_t greatest = 0;
    for (std::size_t i = 0; i < change.deps.size(); ++i) {
        const auto pending = pending_.find(change.deps[i]);
        const auto max_op = pending != pending_.end() ? std::optional{pending->second.max_op} : facts.parents[i];
        if (!max_op)
            return fail(Errc::missing_parents,
                        "This change builds on " + change.deps[i].hex() + ", which is not here. Send that first.");
        greatest = std::max(greatest, *max_op);
    }
    return greatest;
}

} // namespace roadbook::automerge
