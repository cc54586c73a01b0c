#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// Work at a customer's site: what is to be done, by whom and until when, and what was done.
Kind work_order()
{
    return {
        .name = "work_order",
        .label = {"Work order", "派工单"},
        .plural = {"Work orders", "派工单"},
        .fields =
            {
                text("number", {"Number", "派工单号"}).searched().indexed().at_most_bytes(code_bytes_max).numbered("W-"),
                text("subject", {"Subject", "主题"}).required().searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("contact", {"Contact", "联系人"}, "contact"),
                reference("ticket", {"Ticket", "服务工单"}, "ticket").indexed(),
                reference("contract", {"Contract", "服务合同"}, "contract"),
                reference("asset", {"Asset", "设备"}, "asset").indexed(),
                reference("dispatcher", {"Dispatched by", "调度员"}, "person").indexed().policy<Policy::ask>().written_by(dispatchers),
                // CONFLICT: two dispatchers send two engineers. RESOLUTION: a person says who goes; until then the winner is sent.
                reference("assignee", {"Engineer", "工程师"}, "person").indexed().policy<Policy::ask>().written_by(dispatchers),
                choice("priority", {"Priority", "优先级"}, priorities()).indexed().policy<Policy::furthest>().written_by(dispatchers),
                // CONFLICT: cancelled while the engineer is on his way, or at work. RESOLUTION: the cancel calls back who only travels; work
                // that was begun is begun, work that was done stays done, and the cancel shows.
                choice("status", {"Status", "状态"},
                       {{"new", {"New", "新建"}},
                        {"offered", {"Offered", "已派发"}},
                        {"accepted", {"Accepted", "已接单"}},
                        {"travelling", {"On the way", "前往中"}},
                        {"cancelled", {"Cancelled", "已取消"}},
                        {"in_progress", {"In progress", "服务中"}},
                        {"completed", {"Completed", "已完工"}},
                        {"closed", {"Closed", "已关闭"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "cancelled"}, "new", dispatchers},
                             {{""}, "new"},
                             {{"", "new", "accepted", "cancelled"}, "offered", dispatchers},
                             {{"offered", "accepted"}, "new", dispatchers},
                             {{"offered", "accepted"}, "new", {Role::engineer}, Who::owner}, // he cannot go
                             {{"offered"}, "accepted", {Role::engineer}, Who::owner},
                             {{"offered"}, "accepted", dispatchers},
                             {{"offered", "accepted"}, "travelling", {Role::engineer}, Who::owner},
                             {{"offered", "accepted"}, "travelling", dispatchers},
                             {{"offered", "accepted", "travelling", "completed"}, "in_progress", {Role::engineer}, Who::owner},
                             {{"offered", "accepted", "travelling", "completed"}, "in_progress", dispatchers},
                             {{"accepted", "travelling", "in_progress"}, "completed", {Role::engineer}, Who::owner},
                             {{"accepted", "travelling", "in_progress"}, "completed", dispatchers},
                             {{"new", "offered", "accepted", "travelling", "in_progress"}, "cancelled", dispatchers},
                             {{"completed", "cancelled"}, "closed", closers},
                             {{"closed"}, "completed", closers}}),
                time("appointment_start", {"Appointment from", "预约开始时间"}).indexed().policy<Policy::ask>().written_by(dispatchers),
                time("appointment_end", {"Appointment to", "预约结束时间"}).policy<Policy::ask>().written_by(dispatchers),
                time("due_at", {"Due at", "最晚完成时间"}).indexed().policy<Policy::ask>().written_by(dispatchers),
                time("respond_by", {"Answer by", "应响应时间"}).indexed().written_by(dispatchers),
                time("arrived_at", {"Arrived at", "到达时间"}).policy<Policy::lowest>().only_by_owner(dispatchers),
                time("completed_at", {"Completed at", "完工时间"}).only_by_owner(dispatchers),
                text("place", {"Place", "服务地点"}).searched(),
                latitude("latitude_e7", {"Latitude (1e-7 degrees)", "纬度（1e-7 度）"}),
                longitude("longitude_e7", {"Longitude (1e-7 degrees)", "经度（1e-7 度）"}),
                text("cancel_reason", {"Why cancelled", "取消原因"}).written_by(dispatchers),
                // Of work that was done though it had been cancelled: the server holds the invoice until a dispatcher has decided.
                choice("billing", {"Billing", "开票处理"},
                       {{"on_hold", {"On hold", "暂不开票"}},
                        {"bill", {"Bill it", "照常收费"}},
                        {"waive", {"Waive it", "免收费用"}},
                        {"goodwill", {"Goodwill", "善意处理"}}})
                    .indexed()
                    .policy<Policy::ask>()
                    .written_by(closers),
                integer("satisfaction", {"Satisfaction (1 to 5)", "满意度（1-5 分）"}).between(1, 5),
                note("description", {"What is to be done", "服务内容"}).searched(),
                note("report", {"Report", "服务报告"}).searched().only_by_owner(dispatchers),
            },
        .collections = {
                {.name = "required_skills",
                 .label = {"Required skills", "所需技能"},
                 .item = {"Skill", "技能"},
                 .gathers = Gathering::set,
                 .key = "name",
                 .fields = all_written_by(dispatchers, {text("name", {"Skill", "技能"}).required(),
                                                        integer("level", {"At least level", "最低等级"}).between(1, skill_level_max)})},
                {.name = "required_parts",
                 .label = {"Required parts", "所需备件"},
                 .item = {"Part", "备件"},
                 .key = "product",
                 .counted = "quantity",
                 .fields = {reference("product", {"Part", "备件"}, "product").required(),
                            decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy<Policy::ask>()}},
                {.name = "checklist",
                 .label = {"Checklist", "检查清单"},
                 .item = {"Entry", "检查项"},
                 .fields = {text("text", {"What to check", "检查内容"}).required(), boolean("done", {"Done", "已完成"}),
                            text("finding", {"Finding", "检查结果"})}},
                {.name = "parts_used",
                 .label = {"Parts used", "使用备件"},
                 .item = {"Part used", "使用备件"},
                 .gathers = Gathering::sum,
                 .counted = "quantity",
                 .fields = all_by_owner({reference("product", {"Part", "备件"}, "product").required(),
                                         decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy<Policy::ask>(),
                                         text("serial", {"Serial number", "序列号"}).at_most_bytes(code_bytes_max),
                                         reference("van_stock", {"From van stock", "车载库存"}, "van_stock")},
                                        dispatchers)},
                {.name = "labour",
                 .label = {"Labour", "工时"},
                 .item = {"Labour", "工时"},
                 .gathers = Gathering::sum,
                 .counted = "minutes",
                 .fields = {reference("person", {"Person", "人员"}, "person").required(),
                            integer("minutes", {"Minutes", "分钟"}).required().between(0, minutes_per_day).policy<Policy::ask>(),
                            date("on", {"Day", "日期"}), boolean("travel", {"Travel", "路途"}), text("description", {"Description", "说明"})}},
                signatures(0),
                attachments(2),
            },
        .scopes = {{ScopeRule::How::with, "account"},
                   {ScopeRule::How::person, "assignee"},
                   {ScopeRule::How::person, "dispatcher"},
                   {ScopeRule::How::roles, {}, service_desk}},
        .brings = {{"account", {"cancelled", "closed"}}},
        .owner = "assignee",
        .state = "status",
        .locks = {{{"closed"}, closers}},
        // A customer signs for the work, not for how the office plans and closes it.
        .endorsements = {{"signatures",
                          {"status", "number", "dispatcher", "priority", "due_at", "respond_by", "completed_at", "cancel_reason", "satisfaction", "signatures"}}},
        .agenda = Agenda{"assignee", {"appointment_start", "due_at"}, "appointment_end", {}, {"cancelled", "completed", "closed"}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
