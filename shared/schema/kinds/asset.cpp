#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// A machine or a product that stands at a customer's site.
Kind asset()
{
    return {
        .name = "asset",
        .label = {"Asset", "已装机设备"},
        .plural = {"Assets", "已装机设备"},
        .fields =
            {
                text("serial", {"Serial number", "序列号"}).required().searched().indexed().at_most_bytes(code_bytes_max),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("product", {"Product", "产品"}, "product").indexed(),
                text("name", {"Called", "设备名称"}).searched(),
                date("installed_on", {"Installed on", "安装日期"}).indexed(),
                date("warranty_until", {"Warranty until", "保修期至"}).indexed().policy<Policy::ask>(),
                reference("order", {"Bought with", "来源订单"}, "order"),
                reference("contract", {"Contract", "服务合同"}, "contract").indexed(),
                text("place", {"Place", "安装位置"}).searched(),
                latitude("latitude_e7", {"Latitude (1e-7 degrees)", "纬度（1e-7 度）"}),
                longitude("longitude_e7", {"Longitude (1e-7 degrees)", "经度（1e-7 度）"}),
                // CONFLICT: taken into repair while a colleague retires it. RESOLUTION: what is retired stays so, and the repair shows.
                choice("status", {"Status", "状态"},
                       {{"installed", {"In use", "使用中"}},
                        {"in_repair", {"In repair", "维修中"}},
                        {"returned", {"Returned", "已退回"}},
                        {"retired", {"Retired", "已报废"}}})
                    .indexed()
                    .policy<Policy::furthest>(),
                date("last_serviced_on", {"Last serviced on", "上次保养日期"}).policy<Policy::highest>(),
                date("next_service_on", {"Next service on", "下次保养日期"}).indexed(),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::along, "account"}, {ScopeRule::How::roles, {}, back_office}},
        .title = "serial",
    };
}

} // namespace roadbook::schema::declared
