#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Something that its owner has to do.
Kind task()
{
    return {
        .name = "task",
        .label = {"Task", "任务"},
        .plural = {"Tasks", "任务"},
        .fields =
            {
                text("subject", {"Subject", "主题"}).required().searched(),
                reference("owner", {"Owner", "负责人"}, "person").required().indexed(),
                date("due_on", {"Due on", "截止日期"}).indexed(),
                boolean("done", {"Done", "已完成"}).indexed(),
                reference("account", {"Account", "客户"}, "account").indexed(),
                note("notes", {"Notes", "备注"}),
            },
        .collections = {},
        .scopes = {{ScopeRule::How::person, "owner"}},
        .title = "subject",
    };
}

} // namespace roadbook::schema::declared
