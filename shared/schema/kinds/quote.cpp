#include "shared/schema/kinds/parts.hpp"

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
                text("number", {"Number", "报价单号"}).searched().indexed().at_most_bytes(code_bytes_max).numbered("Q-"),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Made by", "报价人"}, "person").indexed().written_by(leaders).set_by_creator().naming_oneself(leaders),
                // CONFLICT: sent again while the customer answers. RESOLUTION: the answer stands, and a yes over a no is flagged.
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"approved", {"Approved", "已批准"}},
                        {"sent", {"Sent", "已发送"}},
                        {"rejected", {"Rejected", "已拒绝"}},
                        {"accepted", {"Accepted", "已接受"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "sent", "approved", "rejected"}, "draft"},
                             {{"", "draft"}, "approved", approvers, Who::others},
                             {{"", "draft", "approved", "rejected"}, "sent"},
                             {{"sent"}, "rejected"},
                             {{"sent"}, "accepted"},
                             {{"accepted"}, "sent", leaders}}),
                date("valid_until", {"Valid until", "有效期至"}).indexed(),
                percent("discount", {"Discount on the whole", "整单折扣"}).between(0, whole).policy<Policy::ask>(),
                note("notes", {"Notes", "备注"}),
                text("currency", {"Currency", "币种"}).at_most_bytes(currency_bytes_max),
                reference("price_list", {"Price list", "价格表"}, "price_list"),
                text("terms", {"Terms", "商务条款"}),
                reference("contact", {"Contact", "联系人"}, "contact"),
                reference("opportunity", {"Opportunity", "商机"}, "opportunity").indexed(),
                date("quoted_on", {"Quoted on", "报价日期"}).indexed(),
            },
        .collections =
            {
                {.name = "lines",
                 .label = {"Lines", "明细"},
                 .item = {"Line", "明细行"},
                 .key = "product",
                 .counted = "quantity",
                 .fields = priced_line()},
                approvals(approvers, 2),
                signatures(2),
                attachments(2),
            },
        .scopes = {{ScopeRule::How::with, "account"}},
        .owner = "owner",
        .state = "status",
        // What a customer has said yes to is not rewritten: a change is a new quote.
        .locks = {{{"accepted"}, leaders, {"status", "notes", "opportunity", "contact", "approvals", "signatures", "attachments"}}},
        .endorsements = {approved_by(approvers, approvers, {"status", "number", "opportunity", "approvals", "signatures"}),
                         {"signatures", {"status", "number", "opportunity", "approvals", "signatures"}}},
        .title = "number",
    };
}

} // namespace roadbook::schema::declared
