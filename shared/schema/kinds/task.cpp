#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// Something that its owner has to do.
Kind task()
{
    return {
        .name = "task",
        .label = {"Task", "任务"},
        .plural = {"Tasks", "任务"},
        .fields =
            {
                text("subject", {"Subject", "主题"}).required().searched(),
                reference("owner", {"Owner", "负责人"}, "person").required().indexed(),
                date("due_on", {"Due on", "截止日期"}).indexed(),
                boolean("done", {"Done", "已完成"}).indexed(),
                reference("account", {"Account", "客户"}, "account").indexed(),
                note("notes", {"Notes", "备注"}),
                choice("activity", {"Activity", "活动类型"},
                       {{"to_do", {"To do", "待办"}}, {"call", {"Call", "电话"}}, {"mail", {"E-mail", "邮件"}}, {"meeting", {"Meeting", "会议"}}})
                    .indexed(),
                choice("priority", {"Priority", "优先级"}, priorities()).indexed(),
                time("remind_at", {"Remind at", "提醒时间"}).indexed(),
                time("completed_at", {"Completed at", "完成时间"}),
                reference("contact", {"Contact", "联系人"}, "contact"),
                reference("opportunity", {"Opportunity", "商机"}, "opportunity").indexed(),
                reference("visit", {"Agreed at visit", "来源拜访"}, "visit"),
                // What the server has found, and wants its owner to know or to do.
                text("finding", {"Because of finding", "起因"}).indexed().written_by({Role::admin}),
                text("closed_because", {"Closed because", "关闭原因"}).written_by({Role::admin}),
                // CONFLICT: seen on one device while the server withdraws it. RESOLUTION: withdrawn is withdrawn; nobody is told twice.
                choice("notice", {"Notice", "通知状态"}, {{"new", {"New", "未读"}}, {"seen", {"Seen", "已读"}}, {"withdrawn", {"Withdrawn", "已撤回"}}})
                    .indexed()
                    .policy<Policy::furthest>(),
                reference("work_order", {"Work order", "派工单"}, "work_order"),
                reference("product", {"Product", "产品"}, "product"),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::person, "owner"}},
        .agenda = Agenda{"owner", {"due_on"}, {}, "done"},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
