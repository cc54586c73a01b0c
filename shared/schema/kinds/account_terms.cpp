#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// What was agreed with a customer about credit, payment and the limits of discounts, for those who decide on it.
Kind account_terms()
{
    return {
        .name = "account_terms",
        .label = {"Account terms", "客户商务条款"},
        .plural = {"Account terms", "客户商务条款"},
        .fields =
            all_written_by(approvers, {
                                          text("name", {"Name", "条款名称"}).searched(),
                                          reference("account", {"Account", "客户"}, "account").required().indexed(),
                                          money("credit_limit", {"Credit limit", "信用额度"}).between(0, money_minor_max).policy<Policy::ask>(),
                                          integer("payment_days", {"Days to pay", "账期（天）"}).between(0, 3'650).policy<Policy::ask>(),
                                          percent("early_discount", {"Discount for early payment", "提前付款折扣"}).between(0, whole).policy<Policy::ask>(),
                                          percent("discount_limit", {"Discount limit", "折扣上限"}).between(0, whole).policy<Policy::ask>(),
                                          note("notes", {"Notes", "备注"}),
                                      }),
        .collections = {},
        .scopes = {{ScopeRule::How::office, "account"}, {ScopeRule::How::roles, {}, finance_keepers}},
        .title = "name",
        .creators = approvers,
    };
}

} // namespace roadbook::schema::declared
