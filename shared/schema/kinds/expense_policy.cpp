#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What may be spent on a trip, and what a kilometre or a day away pays.
Kind expense_policy()
{
    return {
        .name = "expense_policy",
        .label = {"Expense policy", "报销政策"},
        .plural = {"Expense policies", "报销政策"},
        .fields =
            all_written_by(finance_keepers,
                           {
                               text("name", {"Name", "名称"}).required().searched(),
                               text("currency", {"Currency", "本位币"}).required().at_most_bytes(currency_bytes_max).policy<Policy::ask>(),
                               date("valid_from", {"Valid from", "生效日期"}).indexed().policy<Policy::ask>(),
                               date("valid_until", {"Valid until", "失效日期"}).indexed().policy<Policy::ask>(),
                               money("receipt_from", {"Receipt needed from", "须附发票的起始金额"}).between(0, money_minor_max).policy<Policy::ask>(),
                               note("notes", {"Notes", "备注"}),
                           }),
        .collections = {
                {.name = "limits",
                 .label = {"Limits", "费用标准"},
                 .item = {"Limit", "费用标准"},
                 .fields = all_written_by(finance_keepers,
                                          {
                                              choice("category", {"Category", "类别"}, expense_categories()).required(),
                                              text("place", {"Place", "地点"}),
                                              money("amount", {"Amount", "金额"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                                              choice("per", {"Per", "计算单位"},
                                                     {{"item", {"Item", "每笔"}}, {"night", {"Night", "每晚"}}, {"day", {"Day", "每天"}}})
                                                  .required(),
                                          })},
                {.name = "mileage",
                 .label = {"Mileage", "里程补贴"},
                 .item = {"Vehicle", "车辆类型"},
                 .fields = all_written_by(finance_keepers,
                                          {
                                              text("vehicle", {"Vehicle", "车辆类型"}),
                                              money("per_km", {"Per kilometre", "每公里"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                                          })},
                {.name = "per_diems",
                 .label = {"Per diems", "出差补贴标准"},
                 .item = {"Per diem", "出差补贴"},
                 .fields = all_written_by(
                     finance_keepers,
                     {
                         text("place", {"Place", "地点"}),
                         money("full_day", {"Full day", "全天"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                         money("half_day", {"Part of a day", "半天"}).between(0, money_minor_max).policy<Policy::ask>(),
                         decimal("half_day_hours", {"Part of a day from (hours)", "半天起算（小时）"}).between(0, hours_per_day),
                     })},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = finance_keepers,
    };
}

} // namespace roadbook::schema::declared
