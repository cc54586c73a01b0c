#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What service an account is entitled to, until when, and what happens then.
Kind contract()
{
    return {
        .name = "contract",
        .label = {"Contract", "服务合同"},
        .plural = {"Contracts", "服务合同"},
        .fields =
            {
                text("number", {"Number", "合同编号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                text("name", {"Name", "合同名称"}).searched(),
                reference("owner", {"Owner", "负责人"}, "person").indexed(),
                date("starts_on", {"Starts on", "开始日期"}).required().indexed().policy<Policy::ask>(),
                date("ends_on", {"Ends on", "结束日期"}).indexed().policy<Policy::ask>(),
                choice("renewal", {"Renewal", "续约方式"},
                       {{"none", {"Ends", "到期终止"}},
                        {"manual", {"On request", "协商续约"}},
                        {"automatic", {"Automatic", "自动续约"}}})
                    .indexed()
                    .policy<Policy::ask>(),
                integer("notice_days", {"Days of notice", "解约通知天数"}).between(0, 3'650),
                money("annual_fee", {"Fee per year", "年费"}).between(0, money_minor_max).policy<Policy::ask>(),
                // CONFLICT: renewed while it is ended. RESOLUTION: the end stands, and the renewal shows.
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"active", {"Active", "生效中"}},
                        {"expired", {"Expired", "已到期"}},
                        {"terminated", {"Ended early", "已终止"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{""}, "draft"},
                             {{"", "draft", "expired"}, "active", leaders},
                             {{"active"}, "expired", leaders},
                             {{"draft", "active"}, "terminated", leaders}}),
                reference("renewed_by", {"Renewed by", "续签合同"}, "contract"),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {
                {.name = "entitlements",
                 .label = {"Entitlements", "服务承诺"},
                 .item = {"Entitlement", "服务承诺"},
                 .fields = {
                                              text("name", {"Name", "名称"}).required(),
                                              choice("priority", {"Priority", "优先级"}, priorities()),
                                              integer("response_minutes", {"Answer within (minutes)", "响应时限（分钟）"})
                                                  .between(0, minutes_max)
                                                  .policy<Policy::ask>(),
                                              integer("resolution_minutes", {"Solved within (minutes)", "解决时限（分钟）"})
                                                  .between(0, minutes_max)
                                                  .policy<Policy::ask>(),
                                              choice("calendar", {"The clock runs", "计时方式"},
                                                     {{"always", {"Day and night", "全天候"}},
                                                      {"working_hours", {"In working hours", "工作时间"}}}),
                                          }},
                signatures(0),
            },
        .scopes = {{ScopeRule::How::with, "account"}, {ScopeRule::How::roles, {}, back_office}},
        .owner = "owner",
        .state = "status",
        .locks = {{{"active", "expired", "terminated"}, leaders, {"notes", "signatures"}}},
        .endorsements = {{"signatures", {"status", "number", "renewed_by", "notes", "signatures"}}},
        .title = "number",
        .creators = {Role::rep, Role::manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
