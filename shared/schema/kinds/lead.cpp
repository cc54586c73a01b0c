#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Somebody who may become a customer. Upgraded, it names the account, contact and opportunity that it became.
Kind lead()
{
    return {
        .name = "lead",
        .label = {"Lead", "销售线索"},
        .plural = {"Leads", "销售线索"},
        .fields =
            {
                text("name", {"Name", "线索名称"}).required().searched(),
                text("company", {"Company", "公司"}).searched(),
                text("contact_name", {"Contact", "联系人"}).searched(),
                reference("territory", {"Territory", "销售区域"}, "territory").required().indexed().policy<Policy::ask>().written_by(leaders).set_by_creator(),
                reference("owner", {"Owner", "负责人"}, "person").indexed().policy<Policy::ask>(),
                text("source", {"Source", "线索来源"}).indexed(),
                reference("campaign", {"Campaign", "市场活动"}, "campaign").indexed(),
                text("phone", {"Phone", "电话"}).searched().at_most_bytes(phone_bytes_max),
                text("email", {"E-mail", "电子邮箱"}).searched().at_most_bytes(email_bytes_max),
                text("city", {"City", "城市"}).searched(),
                text("industry", {"Industry", "行业"}).indexed(),
                time("received_at", {"Received at", "获取时间"}).indexed().policy<Policy::lowest>(),
                time("respond_by", {"Answer by", "应响应时间"}).indexed(),
                time("first_response_at", {"First answered at", "首次响应时间"}).policy<Policy::lowest>(),
                // CONFLICT: given up by one, upgraded by another. RESOLUTION: it is a customer now, and who gave up is shown.
                choice("status", {"Status", "状态"},
                       {{"new", {"New", "新线索"}},
                        {"contacted", {"Contacted", "已联系"}},
                        {"qualified", {"Qualified", "已确认"}},
                        {"disqualified", {"Given up", "已放弃"}},
                        {"converted", {"Upgraded", "已转化"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "disqualified"}, "new"},
                             {{"", "new", "disqualified"}, "contacted"},
                             {{"new", "contacted"}, "qualified"},
                             {{"new", "contacted", "qualified"}, "disqualified"},
                             {{"new", "contacted", "qualified"}, "converted"}}),
                text("lost_reason", {"Why given up", "放弃原因"}),
                money("expected_amount", {"Expected amount", "预计金额"}).between(0, money_minor_max).policy<Policy::ask>(),
                reference("converted_account", {"Became account", "转为客户"}, "account"),
                reference("converted_contact", {"Became contact", "转为联系人"}, "contact"),
                reference("converted_opportunity", {"Became opportunity", "转为商机"}, "opportunity"),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::territory, "territory"}, {ScopeRule::How::person, "owner"}},
        .owner = "owner",
        .state = "status",
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
