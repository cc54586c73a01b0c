#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What one unit of a currency was worth in another on a day, in millionths.
Kind exchange_rate()
{
    return {
        .name = "exchange_rate",
        .label = {"Exchange rate", "汇率"},
        .plural = {"Exchange rates", "汇率"},
        .fields =
            all_written_by(finance_keepers,
                           {
                               text("from_currency", {"From", "原币"}).required().searched().indexed().at_most_bytes(currency_bytes_max),
                               text("to_currency", {"To", "目标币"}).required().indexed().at_most_bytes(currency_bytes_max),
                               date("rated_on", {"On", "汇率日期"}).required().indexed(),
                               integer("rate_millionths", {"Rate (millionths)", "汇率（百万分之一）"})
                                   .required()
                                   .between(1, rate_millionths_max)
                                   .policy<Policy::ask>(),
                               text("source", {"Source", "来源"}).searched(),
                           }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "from_currency",
        .creators = finance_keepers,
    };
}

} // namespace roadbook::schema::declared
