#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What a customer sends back, against the lines of an order.
Kind sales_return()
{
    return {
        .name = "sales_return",
        .label = {"Return", "退货单"},
        .plural = {"Returns", "退货单"},
        .fields =
            {
                text("number", {"Number", "退货单号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("order", {"Order", "订单"}, "order").required().indexed(),
                reference("owner", {"Taken by", "经办人"}, "person").indexed().written_by(leaders).set_by_creator().naming_oneself(leaders),
                date("returned_on", {"Returned on", "退货日期"}).indexed(),
                // CONFLICT: refused by one, taken in by another. RESOLUTION: goods that came back are back, and the refusal shows.
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"requested", {"Asked for", "已申请"}},
                        {"approved", {"Agreed to", "已同意"}},
                        {"rejected", {"Refused", "已驳回"}},
                        {"received", {"Goods are back", "已收货"}},
                        {"credited", {"Credited", "已退款"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "requested", "rejected"}, "draft"},
                             {{"", "draft", "rejected"}, "requested"},
                             {{"draft", "requested"}, "approved", approvers, Who::others},
                             {{"draft", "requested"}, "rejected", approvers, Who::others},
                             {{"approved"}, "received", order_desk},
                             {{"received"}, "credited", finance_keepers, Who::others}}),
                money("credit", {"Credit", "退款金额"}).between(0, money_minor_max).policy<Policy::ask>().written_by(approvers),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {
                {.name = "lines",
                 .label = {"Lines", "明细"},
                 .item = {"Line", "明细行"},
                 .key = "product",
                 .counted = "quantity",
                 .fields =
                     {
                         reference("product", {"Product", "产品"}, "product").required(),
                         text("order_line", {"Line of the order", "订单行"}).at_most_bytes(code_bytes_max),
                         decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy<Policy::ask>(),
                         text("reason", {"Reason", "退货原因"}),
                         text("serial", {"Serial number", "序列号"}).at_most_bytes(code_bytes_max),
                     }},
                approvals(approvers, 0),
            },
        .scopes = {{ScopeRule::How::with, "account"}, {ScopeRule::How::roles, {}, back_office}},
        .owner = "owner",
        .state = "status",
        .locks = {{{"credited"}, finance_keepers, {"notes"}}},
        .endorsements = {approved_by(approvers, {"status", "number", "approvals"})},
        .title = "number",
    };
}

} // namespace roadbook::schema::declared
