#include "shared/rules/price_list.hpp"

#include "shared/rules/fields.hpp"

#include <fmt/format.h>

namespace roadbook::rules {

std::string PriceList::title() const
{
    return fmt::format("{} v{}", code, version);
}

PriceList price_list_from(const schema::Record& record)
{
    const auto& fields = record.fields;
    PriceList list;
    list.id = record.id;
    list.code = text_in(fields, "code").empty() ? text_in(fields, "name") : text_in(fields, "code");
    list.version = integer_in(fields, "version");
    list.currency = text_in(fields, "currency");
    list.valid_from = text_in(fields, "valid_from");
    list.valid_until = text_in(fields, "valid_until");
    list.customer_group = text_in(fields, "customer_group");
    list.account = value_in<RecordId>(fields, "account");
    list.priority = integer_in(fields, "priority");
    list.deleted = record.deleted_at.has_value();
    for (const auto* entry : children_of(record, "entries")) {
        const auto product = value_in<RecordId>(entry->fields, "product");
        auto price = value_in<Money>(entry->fields, "unit_price");
        if (product && price)
            list.entries.push_back({*product, integer_in(entry->fields, "minimum_quantity"), std::move(*price),
                                    value_in<Money>(entry->fields, "floor_price")});
    }
    return list;
}

} // namespace roadbook::rules
