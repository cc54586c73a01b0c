#include "conflict/merge/catalogue.hpp"

#include <algorithm>
#include <array>

namespace roadbook::merge {
namespace {

constexpr Rule removed_and_edited{
    "removed_and_edited",
    {"One took an entry out, another edited it, neither knowing of the other.", "一人移除了条目，另一人同时修改了它，双方互不知情。"},
    {"It stays, with the edit, and both are shown; a person decides whether it stays or goes.", "条目连同修改一起保留，并显示双方的操作；由人决定保留或移除。"}};

constexpr Rule deleted_and_edited{
    "deleted_and_edited",
    {"One deleted the record, another edited it, neither knowing of the other.", "一人删除了记录，另一人同时修改了它，双方互不知情。"},
    {"It stays, with the edit, and a person decides. A deletion by somebody who had seen every edit holds.", "记录连同修改一起保留，由人决定。若删除者已看到所有修改，则删除有效。"}};

constexpr std::array rules{
    Rule{"entries_added",
         {"Two people added lines, items or entries to one record.", "两人在同一记录中各自添加了明细。"},
         {"All of them are there, in one order that is the same everywhere.", "全部保留，且在所有设备上顺序一致。"}},
    removed_and_edited,
    Rule{"entries_moved",
         {"Two people moved entries of one list.", "两人调整了同一列表的顺序。"},
         {"No entry is there twice or gone: each stands at the place that it was given last; entries given one place are ordered by their age.",
          "条目不会重复或丢失：各条目位于最后指定的位置；位置相同时按创建先后排列。"}},
    Rule{"added_twice",
         {"Two people put the same product on one list.", "两人在同一列表中添加了同一产品。"},
         {"Both lines are there and count. They are offered to be joined to one, or kept apart, until somebody who has seen both decides.",
          "两行都保留并计入合计。系统建议合并或分别保留，直到看到两行的人作出决定。"}},
    Rule{"same_in_a_set",
         {"Two people added the same skill, tag or competitor.", "两人添加了相同的技能、标签或竞争对手。"},
         {"It is there once. Where they said different things of it, the rule of that field holds.", "只保留一条；若内容不同，则按该字段的规则处理。"}},
    Rule{"each_counts",
         {"Two people booked time or parts on one job.", "两人在同一派工单上登记了工时或备件。"},
         {"Each entry counts, and the sum is that of all entries.", "每一条都计入，合计为所有条目之和。"}},
    Rule{"never_rewritten",
         {"Somebody would change an approval, a signature or a payment that another relies on.", "有人要修改他人所依据的审批、签名或付款记录。"},
         {"Such an entry is never rewritten or taken out. Another one is added that puts it right, and both are read.", "此类条目不可修改或移除，只能另加一条更正，两者都可查看。"}},
    deleted_and_edited,
    Rule{"approved_and_edited",
         {"One approved or signed the record while another edited it, neither knowing of the other.", "一人审批或签名的同时，另一人修改了记录，双方互不知情。"},
         {"The yes covers exactly what was seen. It shows as “approved then, changed since”, with both contents and what moved, and counts no more until somebody approves what is there now.",
          "审批只涵盖当时所见的内容，之后显示为“当时已批准，此后有更改”，并列出两份内容和变动之处；在有人审批现有内容之前不再有效。"}},
    Rule{"approved_in_conflict",
         {"Somebody would approve a record in which two people's values wait for a choice.", "有人要审批一条仍有待选择冲突的记录。"},
         {"It is refused, on the device and on the server, until the conflict is settled.", "在冲突处理之前，设备和服务器都会拒绝。"}},
    Rule{"paid_twice",
         {"Two people paid the same item by the same approval.", "两人依据同一审批重复支付了同一笔费用。"},
         {"The first payment counts; the other shows as paid again, so that the money comes back. Nothing is paid beyond what was approved.", "第一笔付款有效；另一笔显示为重复付款，以便追回。付款不超过已批准的内容。"}},
    Rule{"two_creations",
         {"Two people entered a new customer, visit or quote at the same time.", "两人同时新建了客户、拜访或报价单。"},
         {"Each is a record of its own. What looks like the same customer is shown as a pair to decide upon.", "各自成为独立记录；疑似同一客户的会成对显示，由人决定。"}},
    Rule{"written_by_a_newer_app",
         {"One device has a newer version of the app and wrote what the other does not know.", "一台设备使用较新版本，写入了另一台不认识的内容。"},
         {"It is kept and passed on, never dropped, and shown as text.", "内容被保留并继续传递，不会丢弃，并以文本形式显示。"}},
};

} // namespace

std::span<const Rule> record_rules()
{
    return rules;
}

Explanation explain(const schema::Kind& kind, std::string_view path, schema::Policy policy, Clash clash)
{
    if (clash == Clash::removed) return {removed_and_edited.conflict, removed_and_edited.resolution};
    if (clash == Clash::deleted) return {deleted_and_edited.conflict, deleted_and_edited.resolution};
    const auto slash = path.find('/');
    const auto* collection = slash == std::string_view::npos ? nullptr : kind.collection(path.substr(0, slash));
    const auto* field = collection != nullptr ? collection->field(path.substr(path.rfind('/') + 1)) : kind.field(path);
    const auto* rule = schema::merge_rule(field != nullptr ? field->type : schema::Type::text, policy);
    if (rule == nullptr) rule = schema::merge_rule(schema::Type::text, schema::Policy::latest);
    return {rule->conflict, rule->resolution};
}

} // namespace roadbook::merge
