#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What share of the sales is paid, from which part of the quota on.
Kind commission_plan()
{
    return {
        .name = "commission_plan",
        .label = {"Commission plan", "提成方案"},
        .plural = {"Commission plans", "提成方案"},
        .fields =
            all_written_by(finance_keepers, {
                                                text("name", {"Name", "名称"}).required().searched(),
                                                date("valid_from", {"Valid from", "生效日期"}).indexed().policy<Policy::ask>(),
                                                date("valid_until", {"Valid until", "失效日期"}).indexed().policy<Policy::ask>(),
                                                note("notes", {"Notes", "备注"}),
                                            }),
        .collections = {
                {.name = "tiers",
                 .label = {"Tiers", "提成档位"},
                 .item = {"Tier", "档位"},
                 .fields = all_written_by(
                     finance_keepers,
                     {
                         percent("from_percent", {"From this part of the quota", "达成率起点"}).required().between(0, 100 * whole).policy<Policy::ask>(),
                         percent("rate", {"Commission", "提成比例"}).required().between(0, whole).policy<Policy::ask>(),
                     })},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = finance_keepers,
    };
}

} // namespace roadbook::schema::declared
