#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// How much off the list price a role may give before somebody must approve it.
Kind discount_limit()
{
    return {
        .name = "discount_limit",
        .label = {"Discount limit", "折扣上限"},
        .plural = {"Discount limits", "折扣上限"},
        .fields = all_written_by(price_keepers,
                                 {
                                     text("name", {"Name", "名称"}).required().searched(),
                                     choice("role", {"Role", "角色"}, role_choices()).required().policy<Policy::ask>(),
                                     percent("limit", {"Greatest discount", "最大折扣"}).required().between(0, whole).policy<Policy::ask>(),
                                     reference("price_list", {"Only for the price list", "仅限价目表"}, "price_list").policy<Policy::ask>(),
                                     text("currency", {"Only in the currency", "仅限币种"}).at_most_bytes(currency_bytes_max).policy<Policy::ask>(),
                                 }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = price_keepers,
    };
}

} // namespace roadbook::schema::declared
