#include "shared/rules/export_right.hpp"

#include <fmt/format.h>

namespace roadbook::rules {

Result<void> may_export(const Exporting& exporting)
{
    if (exporting.role == schema::Role::admin || exporting.has_right) return {};
    if (exporting.by_role_alone > 0)
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("{} of these records {} neither yours nor of your people: to export them needs the right 'May export in bulk', which an administrator gives; "
                                          "nothing was written, and the attempt is recorded", exporting.by_role_alone, exporting.by_role_alone == 1 ? "is" : "are"),
                              fmt::format("其中 {} 条记录不属于您或您的下属：导出需要管理员授予“可批量导出”权限；未写出任何内容，此次尝试已记录", exporting.by_role_alone)},
                    "may_export");
    if (exporting.before + exporting.records > export_records_max)
        return fail(Errc::not_allowed,
                    Bilingual{fmt::format("this would be {} records within {} hours, and {} may be exported without the right 'May export in bulk', which an administrator gives; "
                                          "nothing was written, and the attempt is recorded", exporting.before + exporting.records, export_window.count(), export_records_max),
                              fmt::format("{} 小时内将导出 {} 条记录，超过无“可批量导出”权限时的上限 {} 条；该权限由管理员授予。未写出任何内容，此次尝试已记录", export_window.count(),
                                          exporting.before + exporting.records, export_records_max)},
                    "may_export");
    return {};
}

} // namespace roadbook::rules
