#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What a product costs the company from a day on. The margin is nobody's business in the field.
Kind product_cost()
{
    return {
        .name = "product_cost",
        .label = {"Product cost", "产品成本"},
        .plural = {"Product costs", "产品成本"},
        .fields =
            all_written_by(approvers,
                           {
                               text("source", {"Source", "成本来源"}).searched(),
                               reference("product", {"Product", "产品"}, "product").required().indexed(),
                               money("cost", {"Cost", "成本"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                               date("valid_from", {"Valid from", "生效日期"}).required().indexed(),
                           }),
        .collections = {},
        .scopes = {{ScopeRule::How::roles, {}, approvers}},
        .title = "source",
        .creators = approvers,
    };
}

} // namespace roadbook::schema::declared
