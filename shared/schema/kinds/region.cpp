#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A part of the market that territories are grouped by.
Kind region()
{
    return {
        .name = "region",
        .label = {"Region", "大区"},
        .plural = {"Regions", "大区"},
        .fields = all_written_by(leaders, {text("name", {"Name", "名称"}).required().searched(),
                                           text("code", {"Code", "编号"}).searched().at_most_bytes(code_bytes_max)}),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = leaders,
    };
}

} // namespace roadbook::schema::declared
