#include "shared/schema/kinds/parts.hpp"

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
                text("title", {"Title", "标题"}).required().searched().only_by_owner(nobody),
                text("number", {"Number", "报销单号"}).searched().indexed().at_most_bytes(code_bytes_max).numbered("E-"),
                reference("owner", {"Spent by", "报销人"}, "person").required().indexed().written_by({Role::admin}).set_by_creator().naming_oneself({Role::admin}),
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}},
                        {"submitted", {"Submitted", "已提交"}},
                        {"approved", {"Approved", "已批准"}},
                        {"reimbursed", {"Reimbursed", "已报销"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "submitted", "approved"}, "draft", everyone, Who::owner},
                             {{"submitted"}, "draft", approvers, Who::others},
                             {{"", "draft", "approved"}, "submitted", everyone, Who::owner},
                             {{"submitted"}, "approved", approvers, Who::others},
                             {{"approved"}, "reimbursed", finance_keepers, Who::others},
                             {{"reimbursed"}, "approved", finance_keepers, Who::others}}),
                date("period_start", {"From", "开始日期"}).indexed().only_by_owner(nobody),
                date("period_end", {"To", "结束日期"}).only_by_owner(nobody),
                note("notes", {"Notes", "备注"}),
                text("currency", {"Home currency", "本位币"}).at_most_bytes(currency_bytes_max).only_by_owner(nobody),
                reference("policy", {"Policy", "报销政策"}, "expense_policy").only_by_owner(nobody),
                text("purpose", {"Purpose", "出差事由"}).only_by_owner(nobody),
                reference("payer", {"Paid out by", "付款经办人"}, "person").indexed().written_by(finance_keepers),
            },
        .collections =
            {
                {.name = "items",
                 .label = {"Items", "费用明细"},
                 .item = {"Item", "费用"},
                 .fields = all_by_owner(
                     {
                         date("spent_on", {"Spent on", "发生日期"}).required(),
                         choice("category", {"Category", "类别"}, expense_categories()).required(),
                         text("description", {"Description", "说明"}),
                         money("amount", {"Amount", "金额"}).required().policy<Policy::ask>(),
                         text("place", {"Place", "地点"}),
                         reference("account", {"For account", "关联客户"}, "account"),
                         reference("visit", {"For visit", "关联拜访"}, "visit"),
                         reference("work_order", {"For work order", "关联派工单"}, "work_order"),
                         integer("rate_millionths", {"Rate to home currency (millionths)", "折算汇率（百万分之一）"})
                             .between(1, rate_millionths_max)
                             .policy<Policy::ask>(),
                         text("rate_source", {"Source of the rate", "汇率来源"}),
                         date("rate_date", {"Rate of", "汇率日期"}),
                         text("from_place", {"From", "起点"}),
                         text("to_place", {"To", "终点"}),
                         text("vehicle", {"Vehicle", "车辆类型"}),
                         decimal("distance", {"Distance (km)", "里程（公里）"}).between(0, quantity_max).policy<Policy::ask>(),
                         integer("nights", {"Nights", "住宿晚数"}).between(0, 366).policy<Policy::ask>(),
                         decimal("hours", {"Hours away", "出差时长（小时）"}).between(0, 366 * hours_per_day).policy<Policy::ask>(),
                         text("receipt", {"Receipt", "发票"}),
                         text("reason", {"Reason", "事由"}),
                     })},
                approvals(approvers, 2,
                          {
                              money("total", {"Total approved", "批准总额"}).between(0, money_minor_max),
                              // Of items that a policy pays for, since it may change: id=minor units, in the currency of the total.
                              text("amounts", {"Amounts by the policy", "按制度核定的金额"}),
                          }),
                {.name = "payments",
                 .label = {"Payments", "付款记录"},
                 .item = {"Payment", "付款"},
                 .gathers = Gathering::append_only,
                 .fields = all_by_others(finance_keepers,
                                          {
                                              date("paid_on", {"Paid on", "付款日期"}).required(),
                                              money("amount", {"Amount", "金额"}).required().policy<Policy::ask>(), // less than zero: a credit
                                              text("item", {"For item", "对应费用"}).at_most_bytes(code_bytes_max),
                                              text("approval", {"By approval", "依据审批"}).at_most_bytes(code_bytes_max),
                                              text("reference", {"Bank reference", "付款凭证号"}).at_most_bytes(code_bytes_max),
                                          }),
                 .since = 2},
                attachments(2),
            },
        .scopes = {{ScopeRule::How::person, "owner"}, {ScopeRule::How::roles, {}, finance_keepers}},
        .owner = "owner",
        .state = "status",
        // What was paid for is not rewritten.
        .locks = {{{"reimbursed"}, finance_keepers, {"notes"}}},
        .endorsements = {approved_by(approvers, finance_keepers, {"status", "number", "payer", "approvals", "payments"})},
        .payout = Payout{"items", "payments"},
        .title = "title",
    };
}

} // namespace roadbook::schema::declared
