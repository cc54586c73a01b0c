#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// An offer to an account. Totals are computed from lines and discounts, never stored.
Kind quote()
{
    return {
        .name = "quote",
        .label = {"Quote", "报价单"},
        .plural = {"Quotes", "报价单"},
        .fields =
            {
                text("number", {"Number", "报价单号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Made by", "报价人"}, "person").indexed(),
                // CONFLICT: sent again while the customer answers. RESOLUTION: the answer stands, and a yes over a no is flagged.
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"approved", {"Approved", "已批准"}},
                        {"sent", {"Sent", "已发送"}},
                        {"rejected", {"Rejected", "已拒绝"}},
                        {"accepted", {"Accepted", "已接受"}}})
                    .indexed()
                    .policy(Policy::furthest),
                date("valid_until", {"Valid until", "有效期至"}).indexed(),
                percent("discount", {"Discount on the whole", "整单折扣"}).between(0, whole).policy(Policy::ask),
                note("notes", {"Notes", "备注"}),
            },
        .collections =
            {
                {.name = "lines",
                 .label = {"Lines", "明细"},
                 .item = {"Line", "明细行"},
                 .fields =
                     {
                         reference("product", {"Product", "产品"}, "product"),
                         text("description", {"Description", "描述"}),
                         decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy(Policy::ask),
                         money("unit_price", {"Unit price", "单价"}).required().policy(Policy::ask),
                         percent("discount", {"Discount", "折扣"}).between(0, whole).policy(Policy::ask),
                     }},
            },
        .scopes = {{ScopeRule::How::with, "account"}},
        .title = "number",
    };
}

} // namespace roadbook::schema::declared
