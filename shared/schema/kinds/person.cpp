#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// A colleague. Role and reporting line decide who may see and write what, so only an admin writes them.
Kind person()
{
    return {
        .name = "person",
        .label = {"Person", "人员"},
        .plural = {"People", "人员"},
        .fields = all_written_by(
            {Role::admin},
            {
                text("name", {"Name", "姓名"}).required().searched(),
                text("title", {"Job title", "职务"}),
                choice("role", {"Role", "角色"},
                       {{"rep", {"Sales representative", "销售代表"}},
                        {"engineer", {"Field engineer", "现场工程师"}},
                        {"dispatcher", {"Dispatcher", "调度员"}},
                        {"manager", {"Manager", "经理"}},
                        {"finance", {"Finance", "财务"}},
                        {"product_manager", {"Product manager", "产品经理"}},
                        {"admin", {"Administrator", "管理员"}}})
                    .required()
                    .policy(Policy::ask),
                reference("reports_to", {"Reports to", "汇报对象"}, "person").policy(Policy::ask),
                text("email", {"E-mail", "电子邮箱"}).searched().at_most_bytes(email_bytes_max),
                text("phone", {"Phone", "电话"}).searched().at_most_bytes(phone_bytes_max),
                date("hired_on", {"Hired on", "入职日期"}),
            }),
        .collections = {},
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = {Role::admin},
        .is_authority = true,
    };
}

} // namespace roadbook::schema::declared
