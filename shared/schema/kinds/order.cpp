#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What an account has bought, and where it goes.
Kind order()
{
    return {
        .name = "order",
        .label = {"Order", "订单"},
        .plural = {"Orders", "订单"},
        .fields =
            {
                text("number", {"Number", "订单号"}).searched().indexed().at_most_bytes(code_bytes_max).numbered("O-"),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Taken by", "接单人"}, "person").indexed().written_by(leaders).set_by_creator().naming_oneself(leaders),
                // CONFLICT: shipped while another cancels. RESOLUTION: goods that left have left, and the cancel shows.
                choice("status", {"Status", "状态"},
                       {{"open", {"Open", "未处理"}},
                        {"confirmed", {"Confirmed", "已确认"}},
                        {"cancelled", {"Cancelled", "已取消"}},
                        {"shipped", {"Shipped", "已发货"}},
                        {"delivered", {"Delivered", "已送达"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "cancelled"}, "open"},
                             {{"open"}, "confirmed", order_desk},
                             {{"open"}, "cancelled"},
                             {{"confirmed"}, "cancelled", order_desk},
                             {{"open", "confirmed"}, "shipped", order_desk},
                             {{"open", "confirmed", "shipped"}, "delivered", order_desk},
                             {{"shipped"}, "confirmed", order_desk}}),
                date("ordered_on", {"Ordered on", "下单日期"}).indexed(),
                date("required_on", {"Required on", "要求到货日期"}),
                date("shipped_on", {"Shipped on", "发货日期"}),
                percent("discount", {"Discount on the whole", "整单折扣"}).between(0, whole).policy<Policy::ask>(),
                money("freight", {"Freight", "运费"}).between(0, money_minor_max).policy<Policy::ask>(),
                text("ship_via", {"Shipped by", "承运商"}),
                text("ship_name", {"Ship to", "收货单位"}),
                text("ship_street", {"Street", "收货街道"}),
                text("ship_city", {"City", "收货城市"}),
                text("ship_state", {"State or province", "收货省/州"}),
                text("ship_postal_code", {"Postal code", "收货邮编"}).at_most_bytes(code_bytes_max),
                text("ship_country", {"Country", "收货国家"}),
                note("notes", {"Notes", "备注"}),
                text("currency", {"Currency", "币种"}).at_most_bytes(currency_bytes_max),
                reference("quote", {"From quote", "来源报价单"}, "quote").indexed(),
                reference("price_list", {"Price list", "价格表"}, "price_list"),
                text("customer_reference", {"Customer's order number", "客户订单号"}).searched().at_most_bytes(code_bytes_max),
                text("terms", {"Terms", "商务条款"}),
                date("delivered_on", {"Delivered on", "送达日期"}),
            },
        .collections =
            {
                {.name = "lines",
                 .label = {"Lines", "明细"},
                 .item = {"Line", "明细行"},
                 .key = "product",
                 .counted = "quantity",
                 .fields = priced_line({
                     decimal("delivered", {"Delivered", "已交付数量"}).between(0, quantity_max).policy<Policy::ask>().written_by(order_desk),
                 })},
            },
        .scopes = {{ScopeRule::How::with, "account"}, {ScopeRule::How::roles, {}, back_office}},
        .owner = "owner",
        .state = "status",
        .locks = {{{"shipped", "delivered"}, order_desk, {"notes"}}},
        .title = "number",
    };
}

} // namespace roadbook::schema::declared
