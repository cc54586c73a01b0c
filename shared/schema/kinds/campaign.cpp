#include "shared/schema/kinds/declare.hpp"

namespace roadbook::schema::declared {

/// Something done for many customers at once: a fair, a mailing, an offer.
Kind campaign()
{
    return {
        .name = "campaign",
        .label = {"Campaign", "市场活动"},
        .plural = {"Campaigns", "市场活动"},
        .fields =
            all_written_by({Role::product_manager, Role::manager, Role::admin},
                           {
                               text("name", {"Name", "活动名称"}).required().searched(),
                               text("code", {"Code", "活动编号"}).searched().at_most_bytes(code_bytes_max),
                               reference("owner", {"Owner", "负责人"}, "person").indexed(),
                               choice("channel", {"Channel", "活动形式"},
                                      {{"fair", {"Trade fair", "展会"}},
                                       {"seminar", {"Seminar", "研讨会"}},
                                       {"mailing", {"Mailing", "邮件营销"}},
                                       {"calls", {"Calls", "电话营销"}},
                                       {"online", {"Online", "线上推广"}},
                                       {"other", {"Other", "其他"}}})
                                   .indexed(),
                               // CONFLICT: called off while it starts. RESOLUTION: what ran has run, and the cancel shows.
                               choice("status", {"Status", "状态"},
                                      {{"planned", {"Planned", "已计划"}},
                                       {"cancelled", {"Cancelled", "已取消"}},
                                       {"running", {"Running", "进行中"}},
                                       {"completed", {"Completed", "已结束"}}})
                                   .indexed()
                                   .policy<Policy::furthest>()
                                   .moving({{{"", "cancelled"}, "planned"},
                                            {{"planned", "running"}, "cancelled"},
                                            {{"planned", "completed"}, "running"},
                                            {{"running"}, "completed"}}),
                               date("starts_on", {"Starts on", "开始日期"}).indexed(),
                               date("ends_on", {"Ends on", "结束日期"}),
                               money("budget", {"Budget", "预算"}).between(0, money_minor_max).policy<Policy::ask>(),
                               note("notes", {"Notes", "备注"}),
                           }),
        .collections = {
                {.name = "members",
                 .label = {"Members", "活动对象"},
                 .item = {"Member", "活动对象"},
                 .fields =
                     {
                         reference("account", {"Account", "客户"}, "account"),
                         reference("contact", {"Contact", "联系人"}, "contact"),
                         // CONFLICT: booked as invited and as having come. RESOLUTION: who came has come.
                         choice("response", {"Response", "反馈"},
                                {{"planned", {"To be invited", "待邀请"}},
                                 {"invited", {"Invited", "已邀请"}},
                                 {"declined", {"Declined", "已谢绝"}},
                                 {"interested", {"Interested", "有意向"}},
                                 {"attended", {"Came", "已参加"}}})
                             .policy<Policy::furthest>(),
                     }},
            },
        .scopes = {{ScopeRule::How::company, {}}},
        .owner = "owner",
        .state = "status",
        .title = "name",
        .creators = {Role::product_manager, Role::manager, Role::admin},
    };
}

} // namespace roadbook::schema::declared
