#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// How quotes, orders, work orders and expense reports are numbered: QT-2026-00017.
Kind numbering_rule()
{
    return {
        .name = "numbering_rule",
        .label = {"Numbering rule", "编号规则"},
        .plural = {"Numbering rules", "编号规则"},
        .fields =
            all_written_by({Role::admin},
                           {
                               text("record_type", {"Record type", "记录类型"}).required().searched().indexed().at_most_bytes(code_bytes_max),
                               text("prefix", {"Prefix", "前缀"}).at_most_bytes(code_bytes_max),
                               choice("period", {"Starts anew", "重新编号周期"},
                                      {{"none", {"Never", "不重置"}},
                                       {"year", {"Every year", "每年"}},
                                       {"month", {"Every month", "每月"}},
                                       {"day", {"Every day", "每天"}}})
                                   .required()
                                   .policy<Policy::ask>(),
                               integer("width", {"Digits", "流水号位数"}).required().between(1, 12),
                               integer("block", {"Numbers leased at once", "每次预留数量"}).required().between(1, 100'000),
                           }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "record_type",
        .creators = {Role::admin},
    };
}

} // namespace roadbook::schema::declared
