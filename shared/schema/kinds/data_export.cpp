#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Somebody took records out of a device as a file, or tried to. Written before the file is, offline, too; it goes to the server like any edit
/// and stands in its audit log. Nobody changes it afterwards; his leaders see it.
Kind data_export()
{
    return {
        .name = "data_export",
        .label = {"Export", "数据导出"},
        .plural = {"Exports", "数据导出"},
        .fields = all_set_once(nobody,
                               {
                                   text("record_type", {"Record type", "记录类型"}).required().searched().at_most_bytes(code_bytes_max),
                                   reference("owner", {"By", "导出人"}, "person").required().indexed().naming_oneself({Role::admin}),
                                   choice("format", {"Format", "格式"}, {{"csv", {"CSV", "CSV"}}, {"vcard", {"vCard", "vCard"}}, {"ical", {"iCalendar", "iCalendar"}}}),
                                   integer("records", {"Records", "记录数"}).required().between(0, quantity_max),
                                   time("exported_at", {"When", "时间"}).required().indexed(),
                                   choice("outcome", {"Outcome", "结果"}, {{"refused", {"Refused", "已拒绝"}}, {"allowed", {"Allowed", "已允许"}}}).required(),
                               }),
        .collections = {},
        .scopes = {{ScopeRule::How::person, "owner"}},
        .owner = "owner",
        .state = "outcome",
        .locks = {{{"refused", "allowed"}, nobody}}, // nor deletes it
        .title = "record_type",
    };
}

} // namespace roadbook::schema::declared
