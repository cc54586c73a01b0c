#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// People who work together under one lead.
Kind team()
{
    return {
        .name = "team",
        .label = {"Team", "团队"},
        .plural = {"Teams", "团队"},
        .fields =
            all_written_by(leaders, {
                                        text("name", {"Name", "名称"}).required().searched(),
                                        text("code", {"Code", "编号"}).searched().at_most_bytes(code_bytes_max),
                                        reference("lead", {"Team lead", "团队主管"}, "person").indexed().policy<Policy::ask>(),
                                        reference("parent", {"Part of", "上级团队"}, "team").policy<Policy::ask>(),
                                        reference("region", {"Region", "大区"}, "region").indexed(),
                                        note("notes", {"Notes", "备注"}),
                                    }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = leaders,
    };
}

} // namespace roadbook::schema::declared
