#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A sale that may come about: how far it is, what it is worth, when it closes.
Kind opportunity()
{
    return {
        .name = "opportunity",
        .label = {"Opportunity", "商机"},
        .plural = {"Opportunities", "商机"},
        .fields =
            {
                text("name", {"Name", "商机名称"}).required().searched(),
                reference("account", {"Account", "客户"}, "account").required().indexed(),
                reference("owner", {"Owner", "负责人"}, "person").indexed().policy<Policy::ask>().naming_oneself(leaders),
                reference("contact", {"Contact", "联系人"}, "contact"),
                // CONFLICT: one goes on negotiating while another closes it. RESOLUTION: closed is closed, and a win over a loss is flagged.
                choice("stage", {"Stage", "销售阶段"},
                       {{"prospecting", {"Prospecting", "初步接触"}},
                        {"qualification", {"Qualification", "需求确认"}},
                        {"proposal", {"Proposal", "方案报价"}},
                        {"negotiation", {"Negotiation", "商务谈判"}},
                        {"lost", {"Lost", "输单"}},
                        {"won", {"Won", "赢单"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "qualification", "proposal", "negotiation"}, "prospecting"},
                             {{"", "prospecting", "proposal", "negotiation"}, "qualification"},
                             {{"", "prospecting", "qualification", "negotiation"}, "proposal"},
                             {{"", "prospecting", "qualification", "proposal"}, "negotiation"},
                             {{"prospecting", "qualification", "proposal", "negotiation"}, "lost"},
                             {{"prospecting", "qualification", "proposal", "negotiation"}, "won"},
                             {{"lost", "won"}, "prospecting", leaders},
                             {{"lost", "won"}, "negotiation", leaders},
                             {{"lost"}, "won", leaders},
                             {{"won"}, "lost", leaders}}),
                money("amount", {"Amount", "预计金额"}).between(0, money_minor_max).indexed().policy<Policy::ask>(),
                date("close_on", {"Closes on", "预计成交日期"}).indexed(),
                percent("probability", {"Probability", "赢单概率"}).between(0, whole),
                choice("forecast", {"In the forecast as", "预测类别"},
                       {{"pipeline", {"Pipeline", "储备"}},
                        {"best_case", {"Best case", "乐观"}},
                        {"committed", {"Committed", "承诺"}},
                        {"omitted", {"Left out", "不计入"}}})
                    .indexed(),
                text("source", {"Source", "商机来源"}).indexed(),
                reference("campaign", {"Campaign", "市场活动"}, "campaign"),
                reference("lead", {"From lead", "来源线索"}, "lead").indexed(),
                text("lost_reason", {"Why lost", "输单原因"}).indexed(),
                text("next_step", {"Next step", "下一步"}),
                note("notes", {"Notes", "备注"}).searched(),
            },
        .collections = {
                {.name = "competitors",
                 .label = {"Competitors", "竞争对手"},
                 .item = {"Competitor", "竞争对手"},
                 .gathers = Gathering::set,
                 .key = "competitor",
                 .fields = {reference("competitor", {"Competitor", "竞争对手"}, "competitor").required(), text("note", {"Note", "说明"})}},
                {.name = "tactics",
                 .label = {"Tactics", "推进策略"},
                 .item = {"Tactic", "策略"},
                 .fields = {text("text", {"What to do", "行动"}).required(), boolean("done", {"Done", "已完成"})}},
            },
        .scopes = {{ScopeRule::How::with, "account"}},
        .owner = "owner",
        .state = "stage",
        .locks = {{{"lost", "won"}, leaders, {"notes", "lost_reason", "next_step", "competitors", "tactics"}}},
        .title = "name",
    };
}

} // namespace roadbook::schema::declared
