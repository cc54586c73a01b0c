#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What somebody expected to sell in a period, as he saw it then. It is not rewritten: the next one follows.
Kind forecast_snapshot()
{
    return {
        .name = "forecast_snapshot",
        .label = {"Forecast snapshot", "预测快照"},
        .plural = {"Forecast snapshots", "预测快照"},
        .fields =
            all_set_once(leaders, {
                                        text("period", {"Period", "期间"}).required().searched().indexed().at_most_bytes(period_bytes_max),
                                        reference("owner", {"Of", "预测人"}, "person").required().indexed(),
                                        time("taken_at", {"Taken at", "快照时间"}).required().indexed(),
                                        money("committed", {"Committed", "承诺"}).policy<Policy::ask>(),
                                        money("best_case", {"Best case", "乐观"}).policy<Policy::ask>(),
                                        money("pipeline", {"Pipeline", "储备"}).policy<Policy::ask>(),
                                        note("notes", {"Notes", "备注"}),
                                    }),
        .collections = {},
        .scopes = {{ScopeRule::How::person, "owner"}},
        .title = "period",
    };
}

} // namespace roadbook::schema::declared
