#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// Someone who works at an account.
Kind contact()
{
    return {
        .name = "contact",
        .label = {"Contact", "联系人"},
        .plural = {"Contacts", "联系人"},
        .fields =
            {
                text("name", {"Name", "姓名"}).required().searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                text("title", {"Job title", "职务"}),
                text("phone", {"Phone", "电话"}).searched().at_most_bytes(phone_bytes_max),
                text("email", {"E-mail", "电子邮箱"}).searched().at_most_bytes(email_bytes_max),
                note("notes", {"Notes", "备注"}),
                text("department", {"Department", "部门"}),
                text("mobile", {"Mobile phone", "手机"}).searched().at_most_bytes(phone_bytes_max),
                text("wechat", {"WeChat", "微信号"}).searched().at_most_bytes(code_bytes_max),
                choice("influence", {"Part in decisions", "决策角色"},
                       {{"user", {"User", "使用者"}},
                        {"influencer", {"Influencer", "影响者"}},
                        {"gatekeeper", {"Gatekeeper", "把关者"}},
                        {"decision_maker", {"Decides", "决策者"}}}),
                choice("language", {"Language", "语言"}, {{"en", {"English", "英文"}}, {"zh", {"Chinese", "中文"}}}),
            },
        .collections = {apart_from("contact", 3)},
        .scopes = {{ScopeRule::How::along, "account"}, {ScopeRule::How::roles, {}, back_office}},
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
