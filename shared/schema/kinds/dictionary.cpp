#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A list of words that people choose from: industries, sources, loss reasons. A retired word stays readable where it was used.
Kind dictionary()
{
    return {
        .name = "dictionary",
        .label = {"Dictionary", "数据字典"},
        .plural = {"Dictionaries", "数据字典"},
        .fields =
            all_written_by(leaders, {
                                        text("name", {"Name", "名称"}).required().searched().at_most_bytes(code_bytes_max),
                                        text("label_en", {"English label", "英文名称"}).searched(),
                                        text("label_zh", {"Chinese label", "中文名称"}).searched(),
                                        note("notes", {"Notes", "备注"}),
                                    }),
        .collections = {
                {.name = "entries",
                 .label = {"Entries", "选项"},
                 .item = {"Entry", "选项"},
                 .fields = all_written_by(leaders,
                                          {
                                              text("value", {"Value", "值"}).required().at_most_bytes(code_bytes_max),
                                              text("label_en", {"English label", "英文名称"}),
                                              text("label_zh", {"Chinese label", "中文名称"}),
                                              boolean("retired", {"Retired", "已停用"}),
                                          })},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = leaders,
    };
}

} // namespace roadbook::schema::declared
