#include "tests/simulation/stories/replica_views.hpp"

#include "tests/simulation/described.hpp"

namespace roadbook::simulation::stories {

View view_of(server::Hub& hub)
{
    View view;
    for (const auto& kind : schema::kinds())
        for (const auto& id : hub.records_of(kind.name)) view[id.text()] = describe(hub.merged(id).value(), true);
    return view;
}

View view_of(replica::Replica& replica)
{
    View view;
    for (const auto& kind : schema::kinds())
        for (const auto& record : replica.list({std::string{kind.name}, {}, "id", false, 100'000, 0}).value())
            view[record.id.text()] = describe(replica.show(record.id).value().merged, true);
    return view;
}

View in_any_order(const View& view)
{
    View plain;
    for (const auto& [id, text] : view)
        if (!is_notice(text)) plain[id] = without_numbers(text);
    return plain;
}

} // namespace roadbook::simulation::stories
