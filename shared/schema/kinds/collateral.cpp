#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A brochure, a data sheet or a price sheet to show and hand over.
Kind collateral()
{
    return {
        .name = "collateral",
        .label = {"Collateral", "销售资料"},
        .plural = {"Collateral", "销售资料"},
        .fields =
            all_written_by(price_keepers, {
                                              text("name", {"Name", "名称"}).required().searched(),
                                              text("code", {"Code", "资料编号"}).searched().at_most_bytes(code_bytes_max),
                                              choice("form", {"Form", "资料类型"},
                                                     {{"brochure", {"Brochure", "宣传册"}},
                                                      {"data_sheet", {"Data sheet", "技术参数表"}},
                                                      {"presentation", {"Presentation", "演示文稿"}},
                                                      {"case_study", {"Case study", "客户案例"}},
                                                      {"video", {"Video", "视频"}},
                                                      {"other", {"Other", "其他"}}})
                                                  .indexed(),
                                              choice("language", {"Language", "语言"}, {{"en", {"English", "英文"}}, {"zh", {"Chinese", "中文"}}})
                                                  .indexed(),
                                              reference("product", {"Product", "产品"}, "product").indexed(),
                                              text("category", {"Product category", "产品类别"}).indexed(),
                                              text("version", {"Version", "版本"}).at_most_bytes(code_bytes_max),
                                              date("valid_until", {"Valid until", "有效期至"}).indexed(),
                                              text("file", {"File", "文件"}),
                                              note("summary", {"Summary", "摘要"}).searched(),
                                          }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = price_keepers,
    };
}

} // namespace roadbook::schema::declared
