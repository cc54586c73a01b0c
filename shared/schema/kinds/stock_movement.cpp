#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Parts that came or went: stock is the sum of these. A wrong one is answered by another, so only leaders change it.
Kind stock_movement()
{
    return {
        .name = "stock_movement",
        .label = {"Stock movement", "库存变动"},
        .plural = {"Stock movements", "库存变动"},
        .fields =
            all_set_once(leaders,
                           {
                               text("reference", {"Document", "单据号"}).searched().at_most_bytes(code_bytes_max),
                               reference("product", {"Part", "备件"}, "product").required().indexed(),
                               reference("van", {"Van of", "车辆持有人"}, "person").indexed(),
                               decimal("quantity", {"Quantity (out is negative)", "数量（出库为负）"})
                                   .required()
                                   .between(-quantity_max, quantity_max)
                                   .policy<Policy::ask>(),
                               choice("reason", {"Reason", "变动原因"},
                                      {{"receipt", {"Received", "入库"}},
                                       {"transfer", {"Moved", "调拨"}},
                                       {"used", {"Used", "领用"}},
                                       {"returned", {"Brought back", "退库"}},
                                       {"counted", {"Counted", "盘点调整"}},
                                       {"scrapped", {"Scrapped", "报废"}}})
                                   .required()
                                   .indexed(),
                               reference("work_order", {"Work order", "派工单"}, "work_order").indexed(),
                               time("moved_at", {"Moved at", "变动时间"}).required().indexed(),
                               reference("moved_by", {"Moved by", "经手人"}, "person").indexed(),
                               text("serial", {"Serial number", "序列号"}).searched().at_most_bytes(code_bytes_max),
                               note("notes", {"Notes", "备注"}),
                           }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "reference",
        .creators = {Role::engineer, Role::dispatcher, Role::manager, Role::product_manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
