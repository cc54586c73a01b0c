#include "shared/schema/kinds/declare.hpp"

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
                    .policy(Policy::ask)
                    .written_by(leaders),
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
                    .policy(Policy::ask)
                    .written_by({Role::manager, Role::finance, Role::admin}),
                choice("tier", {"Tier", "客户等级"},
                       {{"a", {"A", "A 级"}}, {"b", {"B", "B 级"}}, {"c", {"C", "C 级"}}})
                    .indexed(),
                text("industry", {"Industry", "行业"}).indexed(),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::territory, "territory"}},
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
