#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What a trip cost the one who made it. Totals are computed per currency, never stored.
Kind expense_report()
{
    return {
        .name = "expense_report",
        .label = {"Expense report", "报销单"},
        .plural = {"Expense reports", "报销单"},
        .fields =
            {
                text("title", {"Title", "标题"}).required().searched(),
                text("number", {"Number", "报销单号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("owner", {"Spent by", "报销人"}, "person").required().indexed(),
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"submitted", {"Submitted", "已提交"}},
                        {"approved", {"Approved", "已批准"}},
                        {"reimbursed", {"Reimbursed", "已报销"}}})
                    .indexed()
                    .policy(Policy::furthest),
                date("period_start", {"From", "开始日期"}).indexed(),
                date("period_end", {"To", "结束日期"}),
                note("notes", {"Notes", "备注"}),
            },
        .collections =
            {
                {.name = "items",
                 .label = {"Items", "费用明细"},
                 .item = {"Item", "费用"},
                 .fields =
                     {
                         date("spent_on", {"Spent on", "发生日期"}).required(),
                         choice("category", {"Category", "类别"},
                                {{"hotel", {"Hotel", "住宿"}},
                                 {"meal", {"Meal", "餐饮"}},
                                 {"taxi", {"Taxi", "出租车"}},
                                 {"train", {"Train", "火车"}},
                                 {"flight", {"Flight", "机票"}},
                                 {"mileage", {"Mileage", "里程"}},
                                 {"per_diem", {"Per diem", "出差补贴"}},
                                 {"entertainment", {"Entertainment", "业务招待"}},
                                 {"other", {"Other", "其他"}}})
                             .required(),
                         text("description", {"Description", "说明"}),
                         money("amount", {"Amount", "金额"}).required().policy(Policy::ask),
                         text("place", {"Place", "地点"}),
                         reference("account", {"For account", "关联客户"}, "account"),
                     }},
            },
        .scopes = {{ScopeRule::How::person, "owner"}},
        .title = "title",
    };
}

} // namespace roadbook::schema::declared
