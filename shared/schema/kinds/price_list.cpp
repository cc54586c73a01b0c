#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What products cost whom, in one currency and for some time. A version that was sent is followed by another, not rewritten.
Kind price_list()
{
    return {
        .name = "price_list",
        .label = {"Price list", "价格表"},
        .plural = {"Price lists", "价格表"},
        .fields =
            all_written_by(price_keepers, {
                                              text("name", {"Name", "名称"}).required().searched(),
                                              text("code", {"Code", "价格表编号"}).searched().indexed().at_most_bytes(code_bytes_max),
                                              text("currency", {"Currency", "币种"}).required().at_most_bytes(currency_bytes_max).policy<Policy::ask>(),
                                              integer("version", {"Version", "版本"}).between(0, 1'000'000).indexed().policy<Policy::ask>(),
                                              date("valid_from", {"Valid from", "生效日期"}).indexed().policy<Policy::ask>(),
                                              date("valid_until", {"Valid until", "失效日期"}).indexed().policy<Policy::ask>(),
                                              text("customer_group", {"For customer group", "适用客户群"}).indexed(),
                                              reference("account", {"For account", "适用客户"}, "account").indexed().policy<Policy::ask>(),
                                              integer("priority", {"Priority", "优先级"}).between(-1'000, 1'000),
                                              note("notes", {"Notes", "备注"}),
                                          }),
        .collections = {
                {.name = "entries",
                 .label = {"Prices", "价格"},
                 .item = {"Price", "价格"},
                 .fields = all_written_by(
                     price_keepers,
                     {
                         reference("product", {"Product", "产品"}, "product").required(),
                         decimal("minimum_quantity", {"From quantity", "起订量"}).between(0, quantity_max).policy<Policy::ask>(),
                         money("unit_price", {"Unit price", "单价"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                         money("floor_price", {"Floor price", "底价"}).between(0, money_minor_max).policy<Policy::ask>(),
                     })},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = price_keepers,
    };
}

} // namespace roadbook::schema::declared
