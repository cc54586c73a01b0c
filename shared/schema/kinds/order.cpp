#include "shared/schema/kinds/declare.hpp"

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
                text("number", {"Number", "订单号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Taken by", "接单人"}, "person").indexed(),
                // CONFLICT: shipped while another cancels. RESOLUTION: goods that left have left, and the cancel shows.
                choice("status", {"Status", "状态"},
                       {{"open", {"Open", "未处理"}},
                        {"confirmed", {"Confirmed", "已确认"}},
                        {"cancelled", {"Cancelled", "已取消"}},
                        {"shipped", {"Shipped", "已发货"}},
                        {"delivered", {"Delivered", "已送达"}}})
                    .indexed()
                    .policy(Policy::furthest),
                date("ordered_on", {"Ordered on", "下单日期"}).indexed(),
                date("required_on", {"Required on", "要求到货日期"}),
                date("shipped_on", {"Shipped on", "发货日期"}),
                percent("discount", {"Discount on the whole", "整单折扣"}).between(0, whole).policy(Policy::ask),
                money("freight", {"Freight", "运费"}).between(0, money_minor_max).policy(Policy::ask),
                text("ship_via", {"Shipped by", "承运商"}),
                text("ship_name", {"Ship to", "收货单位"}),
                text("ship_street", {"Street", "收货街道"}),
                text("ship_city", {"City", "收货城市"}),
                text("ship_state", {"State or province", "收货省/州"}),
                text("ship_postal_code", {"Postal code", "收货邮编"}).at_most_bytes(code_bytes_max),
                text("ship_country", {"Country", "收货国家"}),
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
