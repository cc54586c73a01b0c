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
                money("price", {"List price", "目录价"}).between(0, money_minor_max).indexed().policy<Policy::ask>(),
                integer("units_in_stock", {"In stock", "库存"}),
                integer("units_on_order", {"On order", "在途"}),
                integer("reorder_level", {"Reorder level", "再订货点"}),
                boolean("discontinued", {"Discontinued", "已停产"}).indexed(),
                text("tax_class", {"Tax class", "税类"}).at_most_bytes(code_bytes_max),
                time("stock_as_of", {"Stock as of", "库存截至时间"}).policy<Policy::highest>(),
                text("barcode", {"Bar code", "条形码"}).searched().at_most_bytes(code_bytes_max),
                integer("warranty_months", {"Warranty (months)", "保修期（月）"}).between(0, 600),
                note("description", {"Description", "产品说明"}).searched().added_in(2),
            }),
        .collections =
            {
                {.name = "parts",
                 .label = {"Parts", "组成部件"},
                 .item = {"Part", "部件"},
                 .key = "product",
                 .fields = all_written_by(price_keepers,
                                          {
                                              reference("product", {"Part", "部件"}, "product").required(),
                                              decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy<Policy::ask>(),
                                          }),
                 .since = 2},
                {.name = "fits",
                 .label = {"Fits with", "配置规则"},
                 .item = {"Rule", "配置规则"},
                 .fields = all_written_by(price_keepers,
                                          {
                                              choice("relation", {"Relation", "关系"},
                                                     {{"requires", {"Needs", "必须搭配"}},
                                                      {"excludes", {"Does not go with", "不可搭配"}},
                                                      {"fits_only", {"Fits only", "仅适配"}}})
                                                  .required(),
                                              reference("product", {"Product", "产品"}, "product"),
                                              text("category", {"Category", "类别"}),
                                              text("reason", {"Reason", "原因"}),
                                          }),
                 .since = 2},
                {.name = "units",
                 .label = {"Units", "计量单位"},
                 .item = {"Unit", "单位"},
                 .gathers = Gathering::set,
                 .key = "unit",
                 .fields = all_written_by(price_keepers,
                                          {
                                              text("unit", {"Unit", "单位"}).required(),
                                              decimal("factor", {"Holds so many", "换算系数"}).required().between(1, quantity_max).policy<Policy::ask>(),
                                          }),
                 .since = 2},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = {Role::product_manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
