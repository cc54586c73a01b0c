#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Whose customers these are. Everyone sees who holds what; the accounts in it are the holder's and his leaders'.
Kind territory()
{
    return {
        .name = "territory",
        .label = {"Territory", "销售区域"},
        .plural = {"Territories", "销售区域"},
        .fields = all_written_by(leaders,
                                 {
                                     text("name", {"Name", "名称"}).required().searched(),
                                     text("code", {"Code", "编号"}).searched().at_most_bytes(code_bytes_max),
                                     reference("region", {"Region", "大区"}, "region").indexed(),
                                     reference("parent", {"Part of", "上级区域"}, "territory").indexed().policy<Policy::ask>(),
                                     reference("holder", {"Holder", "负责人"}, "person").indexed().policy<Policy::ask>(),
                                     // A hand-over agreed ahead: on that day the server makes the next holder the holder.
                                     reference("next_holder", {"Handed over to", "下任负责人"}, "person").policy<Policy::ask>(),
                                     date("next_holder_from", {"Handed over on", "交接日期"}).policy<Policy::ask>(),
                                     // Written with each undo, so that one is told from a hand-over back, and is not itself undone.
                                     time("handover_undone_at", {"Hand-over taken back at", "移交撤回时间"}),
                                     choice("basis", {"Divided by", "划分依据"},
                                            {{"region", {"Region", "地区"}}, {"product", {"Product", "产品"}}, {"trade", {"Trade", "行业"}}}),
                                 }),
        .collections =
            {
                {.name = "covers",
                 .label = {"Covers", "代管"},
                 .item = {"Cover", "代管人"},
                 .fields = all_written_by(leaders,
                                          {
                                              reference("person", {"Covered by", "代管人"}, "person").required(),
                                              date("from", {"From", "开始日期"}).required(),
                                              date("until", {"Until", "结束日期"}),
                                          }),
                 .since = 2},
                {.name = "quotas",
                 .label = {"Quotas", "销售指标"},
                 .item = {"Quota", "销售指标"},
                 .fields = all_written_by(leaders,
                                          {
                                              text("period", {"Period", "期间"}).required().at_most_bytes(period_bytes_max),
                                              money("amount", {"Amount", "金额"}).required().between(0, money_minor_max).policy<Policy::ask>(),
                                          }),
                 .since = 2},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = leaders,
        .is_authority = true,
    };
}

} // namespace roadbook::schema::declared
