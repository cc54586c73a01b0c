#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What the company sells. The list price is a suggestion; a quote line holds the price that was offered.
Kind product()
{
    return {
        .name = "product",
        .label = {"Product", "产品"},
        .plural = {"Products", "产品"},
        .fields = all_written_by(
            {Role::product_manager, Role::admin},
            {
                text("name", {"Name", "名称"}).required().searched(),
                text("code", {"Code", "产品编号"}).searched().indexed().at_most_bytes(code_bytes_max),
                text("category", {"Category", "类别"}).searched().indexed(),
                text("unit", {"Unit", "单位"}),
                money("price", {"List price", "目录价"}).between(0, money_minor_max).indexed().policy(Policy::ask),
                integer("units_in_stock", {"In stock", "库存"}),
                integer("units_on_order", {"On order", "在途"}),
                integer("reorder_level", {"Reorder level", "再订货点"}),
                boolean("discontinued", {"Discontinued", "已停产"}).indexed(),
            }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = {Role::product_manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
