#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A call at an account's site: planned, made, and what came of it.
Kind visit()
{
    return {
        .name = "visit",
        .label = {"Visit", "拜访"},
        .plural = {"Visits", "拜访"},
        .fields =
            {
                text("subject", {"Subject", "主题"}).required().searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Visited by", "拜访人"}, "person").indexed(),
                time("planned_at", {"Planned at", "计划时间"}).indexed(),
                time("checked_in_at", {"Checked in at", "签到时间"}),
                time("checked_out_at", {"Checked out at", "签退时间"}),
                // CONFLICT: one checks in or out while another cancels. RESOLUTION: what was done stays done, and the cancel shows.
                choice("status", {"Status", "状态"},
                       {{"planned", {"Planned", "已计划"}},
                        {"cancelled", {"Cancelled", "已取消"}},
                        {"in_progress", {"In progress", "进行中"}},
                        {"done", {"Done", "已完成"}}})
                    .indexed()
                    .policy(Policy::furthest),
                text("outcome", {"Outcome", "拜访结果"}).searched(),
                text("next_step", {"Next step", "下一步"}),
                note("notes", {"Notes", "备注"}).searched(),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::with, "account"}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
