#include "shared/schema/kinds/parts.hpp"

namespace roadbook::schema::declared {

/// When the company works: for deadlines that count working hours.
Kind working_calendar()
{
    const auto minute = [](const char* name, Label label) { return integer(name, label).between(0, minutes_per_day).policy<Policy::ask>(); };
    return {
        .name = "working_calendar",
        .label = {"Working calendar", "工作日历"},
        .plural = {"Working calendars", "工作日历"},
        .fields = all_written_by(dispatchers,
                                 {
                                     text("name", {"Name", "名称"}).required().searched(),
                                     text("zone", {"Time zone", "时区"}).required().at_most_bytes(code_bytes_max).policy<Policy::ask>(),
                                     note("notes", {"Notes", "备注"}),
                                 }),
        .collections =
            {
                {.name = "hours",
                 .label = {"Working hours", "工作时间"},
                 .item = {"Hours of a weekday", "某日工作时间"},
                 .fields = all_written_by(dispatchers,
                                          {
                                              choice("weekday", {"Weekday", "星期"},
                                                     {{"monday", {"Monday", "星期一"}},
                                                      {"tuesday", {"Tuesday", "星期二"}},
                                                      {"wednesday", {"Wednesday", "星期三"}},
                                                      {"thursday", {"Thursday", "星期四"}},
                                                      {"friday", {"Friday", "星期五"}},
                                                      {"saturday", {"Saturday", "星期六"}},
                                                      {"sunday", {"Sunday", "星期日"}}})
                                                  .required()
                                                  .policy<Policy::ask>(),
                                              minute("from_minute", {"From (minutes after midnight)", "开始（零点起分钟）"}).required(),
                                              minute("to_minute", {"Until (minutes after midnight)", "结束（零点起分钟）"}).required(),
                                          })},
                // Without hours the day is off; several entries of one day are its several hours.
                {.name = "exceptions",
                 .label = {"Days that differ", "特殊日期"},
                 .item = {"Day that differs", "特殊日期"},
                 .fields = all_written_by(dispatchers,
                                          {
                                              date("day", {"Day", "日期"}).required().policy<Policy::ask>(),
                                              text("name", {"Holiday", "节假日"}),
                                              minute("from_minute", {"From (minutes after midnight)", "开始（零点起分钟）"}),
                                              minute("to_minute", {"Until (minutes after midnight)", "结束（零点起分钟）"}),
                                          })},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = dispatchers,
    };
}

} // namespace roadbook::schema::declared
