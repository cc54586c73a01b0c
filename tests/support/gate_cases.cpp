#include "tests/support/gate_cases.hpp"

namespace roadbook::testing {

using namespace roadbook::automerge;

Result<void> any_actor(const ActorId&)
{
    return {};
}

Result<void> always_legal(const Document&, const Summary&)
{
    return {};
}

Admission through_gate(const Document& base, const std::vector<Bytes>& changes, const Legality& legality,
                       const GateLimits& limits, const ActorCheck& actors)
{
    const std::vector<ByteView> views(changes.begin(), changes.end());
    return admit(base, views, actors, legality, limits).value();
}

std::vector<Errc> codes(const Admission& admission)
{
    std::vector<Errc> found;
    for (const auto& verdict : admission.verdicts) found.push_back(code(verdict));
    return found;
}

Errc verdict_on(const Document& base, const Bytes& change)
{
    return code(through_gate(base, {change}).verdicts.at(0));
}

ForgedChange a_put(const Document& base, unsigned by)
{
    ForgedChange change;
    change.deps = base.heads().value();
    change.actor = an_actor(by);
    change.start_op = base.operations().value() + 1;
    change.columns = {{column::key_string, ColumnData{}.strings({"k"})},
                      {column::insert, ColumnData{}.booleans({1})},
                      {column::action, ColumnData{}.numbers({1})},
                      {column::value_meta, ColumnData{}.numbers({0})},
                      {column::predecessor_group, ColumnData{}.numbers({0})}};
    return change;
}

ForgedChange a_put_on_nothing(const Document& base, unsigned by)
{
    auto change = a_put(base, by);
    change.columns.insert(change.columns.begin(), {{column::object_actor, ColumnData{}.numbers({0})},
                                                   {column::object_counter, ColumnData{}.numbers({9})}});
    return change;
}

ForgedChange a_put_over_nothing(const Document& base, unsigned by)
{
    auto change = a_put(base, by);
    change.columns.back() = {column::predecessor_group, ColumnData{}.numbers({1})};
    change.columns.emplace_back(column::predecessor_actor, ColumnData{}.numbers({0}));
    change.columns.emplace_back(column::predecessor_counter, ColumnData{}.deltas({4}));
    return change;
}

ForgedChange an_edit(const Document& base, std::vector<Edit> edits)
{
    auto device = base.fork().value();
    return ForgedChange::from(edit(device, an_actor(66), std::move(edits)).bytes);
}

} // namespace roadbook::testing
