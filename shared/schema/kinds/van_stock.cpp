#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What an engineer's van should carry. What it does carry is the sum of the stock movements.
Kind van_stock()
{
    return {
        .name = "van_stock",
        .label = {"Van stock", "车载库存"},
        .plural = {"Van stock", "车载库存"},
        .fields =
            {
                text("bin", {"Bin", "库位"}).searched().at_most_bytes(code_bytes_max),
                reference("holder", {"Van of", "持有人"}, "person").required().indexed().written_by(dispatchers).set_by_creator(),
                reference("product", {"Part", "备件"}, "product").required().indexed().written_by(dispatchers).set_by_creator(),
                decimal("minimum", {"At least", "最低库存"}).between(0, quantity_max).policy<Policy::ask>().written_by(dispatchers).set_by_creator(),
                decimal("maximum", {"At most", "最高库存"}).between(0, quantity_max).policy<Policy::ask>().written_by(dispatchers).set_by_creator(),
                time("counted_at", {"Counted at", "盘点时间"}).policy<Policy::highest>(),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "bin",
        .creators = {Role::engineer, Role::dispatcher, Role::manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
