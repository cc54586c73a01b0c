#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What was heard, promised or decided at an account: its timeline beside visits and orders.
Kind account_note()
{
    return {
        .name = "account_note",
        .label = {"Account note", "客户动态"},
        .plural = {"Account notes", "客户动态"},
        .fields =
            {
                text("subject", {"Subject", "主题"}).searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                time("at", {"At", "时间"}).indexed(),
                reference("author", {"Written by", "记录人"}, "person").indexed().policy<Policy::first>(),
                reference("contact", {"Contact", "联系人"}, "contact"),
                choice("channel", {"Channel", "渠道"},
                       {{"note", {"Note", "备忘"}},
                        {"call", {"Call", "电话"}},
                        {"mail", {"E-mail", "邮件"}},
                        {"chat", {"Chat", "微信/即时消息"}},
                        {"meeting", {"Meeting", "会面"}}})
                    .indexed(),
                note("text", {"Text", "内容"}).searched(),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::with, "account"}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
