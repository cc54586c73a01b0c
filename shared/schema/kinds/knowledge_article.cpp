#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// What was learned about a fault or a product, for the next one who meets it.
Kind knowledge_article()
{
    return {
        .name = "knowledge_article",
        .label = {"Knowledge article", "知识库文章"},
        .plural = {"Knowledge articles", "知识库文章"},
        .fields =
            {
                text("title", {"Title", "标题"}).required().searched(),
                text("number", {"Number", "文章编号"}).searched().indexed().at_most_bytes(code_bytes_max),
                reference("product", {"Product", "产品"}, "product").indexed(),
                text("category", {"Category", "类别"}).searched().indexed(),
                text("symptom", {"Symptom", "故障现象"}).searched(),
                choice("language", {"Language", "语言"}, {{"en", {"English", "英文"}}, {"zh", {"Chinese", "中文"}}}).indexed(),
                reference("author", {"Written by", "作者"}, "person").indexed().policy<Policy::first>(),
                // CONFLICT: published while a colleague withdraws it. RESOLUTION: what is withdrawn is shown to nobody by mistake.
                choice("status", {"Status", "状态"},
                       {{"draft", {"Draft", "草稿"}}, {"published", {"Published", "已发布"}}, {"withdrawn", {"Withdrawn", "已撤回"}}})
                    .indexed()
                    .policy<Policy::furthest>()
                    .moving({{{"", "withdrawn"}, "draft"},
                             {{"", "draft"}, "published", editors},
                             {{"draft", "published"}, "withdrawn", editors},
                             {{"withdrawn"}, "published", editors}}),
                date("reviewed_on", {"Reviewed on", "复核日期"}).indexed().policy<Policy::highest>(),
                note("body", {"Text", "正文"}).searched(),
            },
        .collections = {
                {.name = "related",
                 .label = {"See also", "相关文章"},
                 .item = {"Article", "相关文章"},
                 .gathers = Gathering::set,
                 .key = "article",
                 .fields = {reference("article", {"Article", "文章"}, "knowledge_article").required()}},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .owner = "author",
        .state = "status",
        .title = "title",
        .creators = {Role::engineer, Role::dispatcher, Role::manager, Role::product_manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
