#include "shared/schema/kinds/parts.hpp"

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
                reference("owner", {"Visited by", "拜访人"}, "person").indexed().naming_oneself(dispatchers),
                time("planned_at", {"Planned at", "计划时间"}).indexed(),
                time("checked_in_at", {"Checked in at", "签到时间"}).only_by_owner(nobody),
                time("checked_out_at", {"Checked out at", "签退时间"}).only_by_owner(nobody),
                // CONFLICT: one checks in or out while another cancels. RESOLUTION: what was done stays done, and the cancel shows.
                choice("status", {"Status", "状态"},
                       {{"planned", {"Planned", "已计划"}},
                        {"cancelled", {"Cancelled", "已取消"}},
                        {"in_progress", {"In progress", "进行中"}},
                        {"done", {"Done", "已完成"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "cancelled"}, "planned"},
                             {{"planned", "in_progress"}, "cancelled"},
                             {{"", "planned", "done"}, "in_progress", everyone, Who::owner},
                             {{"", "planned", "in_progress"}, "done", everyone, Who::owner}}),
                text("outcome", {"Outcome", "拜访结果"}).searched(),
                text("next_step", {"Next step", "下一步"}),
                note("notes", {"Notes", "备注"}).searched(),
                reference("contact", {"Contact", "联系人"}, "contact"),
                reference("opportunity", {"Opportunity", "商机"}, "opportunity").indexed(),
                text("purpose", {"Purpose", "拜访目的"}),
                time("planned_until", {"Planned until", "计划结束时间"}),
                text("check_in_place", {"Checked in where", "签到地点"}).only_by_owner(nobody),
                latitude("check_in_latitude_e7", {"Check-in latitude (1e-7 degrees)", "签到纬度（1e-7 度）"}).only_by_owner(nobody),
                longitude("check_in_longitude_e7", {"Check-in longitude (1e-7 degrees)", "签到经度（1e-7 度）"}).only_by_owner(nobody),
                time("checked_in_server_at", {"Checked in at (server's clock)", "签到时间（服务器时钟）"}).only_by_owner(nobody),
                text("check_out_place", {"Checked out where", "签退地点"}).only_by_owner(nobody),
                latitude("check_out_latitude_e7", {"Check-out latitude (1e-7 degrees)", "签退纬度（1e-7 度）"}).only_by_owner(nobody),
                longitude("check_out_longitude_e7", {"Check-out longitude (1e-7 degrees)", "签退经度（1e-7 度）"}).only_by_owner(nobody),
                time("checked_out_server_at", {"Checked out at (server's clock)", "签退时间（服务器时钟）"}).only_by_owner(nobody),
                text("promise", {"Promised", "承诺事项"}),
                date("promised_for", {"Promised for", "承诺日期"}),
                date("next_step_on", {"Next step on", "下一步日期"}),
            },
        .collections = {attachments(2)},
        .scopes = {{ScopeRule::How::with, "account"}},
        .owner = "owner",
        .state = "status",
        .agenda = Agenda{"owner", {"planned_at"}, "planned_until", {}, {"cancelled", "done"}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
