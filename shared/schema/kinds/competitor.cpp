#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Who else sells to our customers.
Kind competitor()
{
    return {
        .name = "competitor",
        .label = {"Competitor", "竞争对手"},
        .plural = {"Competitors", "竞争对手"},
        .fields =
            {
                text("name", {"Name", "名称"}).required().searched(),
                text("website", {"Website", "网站"}),
                text("products", {"Their products", "主要产品"}).searched(),
                note("strengths", {"Strengths", "优势"}),
                note("weaknesses", {"Weaknesses", "劣势"}),
                note("notes", {"Notes", "应对要点"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
