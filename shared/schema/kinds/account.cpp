#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// A customer, or one who may become one. Its territory decides who sees it and all that hangs on it.
Kind account()
{
    return {
        .name = "account",
        .label = {"Account", "客户"},
        .plural = {"Accounts", "客户"},
        .fields =
            {
                text("name", {"Name", "名称"}).required().searched(),
                text("code", {"Code", "客户编号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("territory", {"Territory", "销售区域"}, "territory")
                    .required()
                    .indexed()
                    .policy<Policy::ask>()
                    .written_by(leaders)
                    .set_by_creator(),
                text("street", {"Street", "街道"}).searched(),
                text("city", {"City", "城市"}).searched().indexed(),
                text("state", {"State or province", "省/州"}),
                text("postal_code", {"Postal code", "邮政编码"}).at_most_bytes(code_bytes_max),
                text("country", {"Country", "国家"}).indexed(),
                text("phone", {"Phone", "电话"}).searched().at_most_bytes(phone_bytes_max),
                text("fax", {"Fax", "传真"}).at_most_bytes(phone_bytes_max),
                text("website", {"Website", "网站"}),
                text("tax_number", {"Tax number", "税号"}).searched().at_most_bytes(code_bytes_max),
                money("credit_limit", {"Credit limit", "信用额度"})
                    .between(0, money_minor_max)
                    .policy<Policy::ask>()
                    .written_by({Role::manager, Role::finance, Role::admin}),
                choice("tier", {"Tier", "客户等级"},
                       {{"a", {"A", "A 级"}}, {"b", {"B", "B 级"}}, {"c", {"C", "C 级"}}})
                    .indexed(),
                text("industry", {"Industry", "行业"}).indexed(),
                note("notes", {"Notes", "备注"}),
                choice("status", {"Status", "客户状态"},
                       {{"prospect", {"Prospect", "潜在客户"}},
                        {"active", {"Active", "活跃客户"}},
                        {"dormant", {"Dormant", "休眠客户"}},
                        {"closed", {"Closed", "已流失"}}})
                    .indexed(),
                text("customer_group", {"Customer group", "客户群"}).indexed(),
                text("currency", {"Currency", "结算币种"}).at_most_bytes(currency_bytes_max),
                reference("parent", {"Part of", "上级客户"}, "account").indexed().policy<Policy::ask>(),
                reference("decision_maker", {"Decision maker", "决策人"}, "contact"),
                choice("health", {"Health", "客户健康度"},
                       {{"good", {"Good", "良好"}}, {"watch", {"To be watched", "需关注"}}, {"at_risk", {"At risk", "有风险"}}})
                    .indexed(),
                text("source", {"Source", "客户来源"}),
                text("email", {"E-mail", "电子邮箱"}).searched().at_most_bytes(email_bytes_max),
                // The account that this one turned out to be: what hangs on this one is shown with that one.
                reference("merged_into", {"Merged into", "已并入"}, "account").indexed().policy<Policy::ask>(),
                latitude("latitude_e7", {"Latitude (1e-7 degrees)", "纬度（1e-7 度）"}),
                longitude("longitude_e7", {"Longitude (1e-7 degrees)", "经度（1e-7 度）"}),
            },
        .collections =
            {
                {.name = "traits",
                 .label = {"Own fields", "自定义字段"},
                 .item = {"Own field", "自定义字段"},
                 .gathers = Gathering::set,
                 .key = "name",
                 .fields = {text("name", {"Name", "名称"}).required(), text("value", {"Value", "值"})},
                 .since = 2},
                apart_from("account", 3),
            },
        .scopes = {{ScopeRule::How::territory, "territory"}, {ScopeRule::How::roles, {}, back_office}},
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
