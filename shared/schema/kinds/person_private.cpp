#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What a colleague costs and how he is judged. Never seen by him or his peers: only by its keeper, a manager or one of finance.
Kind person_private()
{
    return {
        .name = "person_private",
        .label = {"Personnel file", "人事档案"},
        .plural = {"Personnel files", "人事档案"},
        .fields =
            all_written_by(approvers, {
                                          text("number", {"Personnel number", "工号"}).searched().at_most_bytes(code_bytes_max),
                                          reference("person", {"Person", "人员"}, "person").required().indexed(),
                                          money("daily_cost", {"Cost per day", "日成本"}).between(0, money_minor_max).policy<Policy::ask>(),
                                          note("appraisal", {"Appraisal", "绩效评价"}),
                                      }),
        .collections = {},
        .scopes = {{ScopeRule::How::office, "person"}, {ScopeRule::How::roles, {}, finance_keepers}},
        .title = "number",
        .creators = approvers,
    };
}

} // namespace roadbook::schema::declared
