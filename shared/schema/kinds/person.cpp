#include "shared/schema/kinds/parts.hpp"

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
                choice("role", {"Role", "角色"}, role_choices())
                    .required()
                    .policy<Policy::ask>(),
                reference("reports_to", {"Reports to", "汇报对象"}, "person").policy<Policy::ask>(),
                text("email", {"E-mail", "电子邮箱"}).searched().at_most_bytes(email_bytes_max),
                text("phone", {"Phone", "电话"}).searched().at_most_bytes(phone_bytes_max),
                date("hired_on", {"Hired on", "入职日期"}),
                reference("team", {"Team", "团队"}, "team").indexed(),
                text("time_zone", {"Time zone", "时区"}).at_most_bytes(code_bytes_max),
                text("base", {"Starts from", "常驻地"}),
                boolean("may_export", {"May export in bulk", "可批量导出"}),
            }),
        .collections =
            {
                {.name = "skills",
                 .label = {"Skills", "技能"},
                 .item = {"Skill", "技能"},
                 .gathers = Gathering::set,
                 .key = "skill",
                 .fields = all_written_by(leaders, {text("skill", {"Skill", "技能"}).required(),
                                                    integer("level", {"Level (1 to 5)", "等级（1-5）"}).between(1, skill_level_max)}),
                 .since = 2},
                {.name = "certificates",
                 .label = {"Certificates", "资质证书"},
                 .item = {"Certificate", "证书"},
                 .fields = all_written_by(leaders,
                                          {
                                              text("name", {"Name", "证书名称"}).required(),
                                              text("number", {"Number", "证书编号"}).at_most_bytes(code_bytes_max),
                                              date("valid_from", {"Valid from", "生效日期"}),
                                              date("valid_until", {"Valid until", "有效期至"}).policy<Policy::ask>(),
                                          }),
                 .since = 2},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .title = "name",
        .creators = {Role::admin},
        .is_authority = true,
    };
}

} // namespace roadbook::schema::declared
