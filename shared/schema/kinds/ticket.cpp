#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// A customer asks for help: who called, how, by when he must be answered.
Kind ticket()
{
    return {
        .name = "ticket",
        .label = {"Ticket", "服务工单"},
        .plural = {"Tickets", "服务工单"},
        .fields =
            {
                text("number", {"Number", "工单号"}).searched().indexed().at_most_bytes(code_bytes_max),
                text("subject", {"Subject", "主题"}).required().searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("contact", {"Caller", "来电人"}, "contact"),
                choice("channel", {"Channel", "受理渠道"},
                       {{"phone", {"Phone", "电话"}},
                        {"email", {"E-mail", "邮件"}},
                        {"chat", {"Chat", "微信/即时消息"}},
                        {"web", {"Web form", "网站"}},
                        {"visit", {"At a visit", "上门"}},
                        {"other", {"Other", "其他"}}})
                    .indexed(),
                text("department", {"Department", "受理部门"}).indexed(),
                choice("priority", {"Priority", "优先级"}, priorities()).indexed().policy<Policy::furthest>(),
                reference("asset", {"Asset", "设备"}, "asset").indexed(),
                reference("contract", {"Contract", "服务合同"}, "contract"),
                reference("assignee", {"Assigned to", "处理人"}, "person").indexed().policy<Policy::ask>(),
                time("opened_at", {"Opened at", "受理时间"}).indexed().policy<Policy::lowest>(),
                time("respond_by", {"Answer by", "应响应时间"}).indexed(),
                time("resolve_by", {"Solve by", "应解决时间"}).indexed(),
                time("first_response_at", {"First answered at", "首次响应时间"}).policy<Policy::lowest>(),
                time("resolved_at", {"Solved at", "解决时间"}),
                // CONFLICT: withdrawn by the caller while somebody solves it. RESOLUTION: solved is solved, and the withdrawal shows.
                choice("status", {"Status", "状态"},
                       {{"new", {"New", "新建"}},
                        {"in_progress", {"In progress", "处理中"}},
                        {"waiting", {"Waiting for the customer", "等待客户"}},
                        {"cancelled", {"Withdrawn", "已撤销"}},
                        {"resolved", {"Solved", "已解决"}},
                        {"closed", {"Closed", "已关闭"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "in_progress", "waiting", "cancelled"}, "new"},
                             {{"new", "waiting", "resolved"}, "in_progress"},
                             {{"new", "in_progress"}, "waiting"},
                             {{"new", "in_progress", "waiting"}, "cancelled"},
                             {{"new", "in_progress", "waiting"}, "resolved"},
                             {{"resolved", "cancelled"}, "closed", dispatchers},
                             {{"closed"}, "in_progress", dispatchers}}),
                text("resolution", {"Solution", "解决方案"}).searched(),
                note("description", {"Description", "问题描述"}).searched(),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::with, "account"}, {ScopeRule::How::person, "assignee"}, {ScopeRule::How::roles, {}, service_desk}},
        .brings = {{"account", {"cancelled", "resolved", "closed"}}},
        .owner = "assignee",
        .state = "status",
        .locks = {{{"closed"}, dispatchers}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
