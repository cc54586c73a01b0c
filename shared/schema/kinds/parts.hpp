#pragma once
// Pieces that several record types have alike: what an approval or a signature says, what categories and priorities there are.
#include "shared/schema/attachment.hpp"
#include "shared/schema/kinds/declare.hpp"

#include <iterator>

namespace roadbook::schema::declared {

/// What was looked at when somebody said yes: the record at these heads, as a digest, without the excluded fields.
[[nodiscard]] inline std::vector<Field> with_seal(std::vector<Field> fields)
{
    constexpr std::size_t digest_bytes_max = 128; // SHA-256 in hexadecimal, and room for a longer one
    fields.push_back(text("heads", {"Version seen", "所依据的版本"}));
    fields.push_back(text("digest", {"Digest", "内容摘要"}).at_most_bytes(digest_bytes_max));
    fields.push_back(integer("digest_version", {"Digest version", "摘要算法版本"}));
    fields.push_back(text("exclusions", {"Fields left out", "未涵盖的字段"}));
    return fields;
}

inline constexpr std::int64_t approval_steps_max = 9;

/// `more`: what an approval of such a record says besides.
[[nodiscard]] inline Collection approvals(Roles writers, int since, std::vector<Field> more = {})
{
    auto fields = with_seal({
        reference("approver", {"Approver", "审批人"}, "person").required().naming_oneself({Role::admin}),
        choice("decision", {"Decision", "审批结果"}, {{"approved", {"Approved", "同意"}}, {"rejected", {"Rejected", "驳回"}}}).required(),
        time("decided_at", {"Decided at", "审批时间"}),
        text("reason", {"Reason", "审批意见"}),
        integer("step", {"Step", "审批环节"}).between(1, approval_steps_max),
        integer("steps_needed", {"Steps needed", "所需环节数"}).between(1, approval_steps_max), // by the limits that its approver had
    });
    fields.insert(fields.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return {.name = "approvals",
            .label = {"Approvals", "审批记录"},
            .item = {"Approval", "审批"},
            .gathers = Gathering::append_only,
            .fields = all_by_others(writers, std::move(fields)),
            .since = since};
}

/// One person says yes; over a limit of the company's a second one, too.
[[nodiscard]] inline Endorsement approved_by(Roles first, std::vector<std::string> leaves_out)
{
    return {.collection = "approvals", .leaves_out = std::move(leaves_out), .steps = {{{"Approval", "审批"}, first}}, .state = "approved"};
}
[[nodiscard]] inline Endorsement approved_by(Roles first, Roles second, std::vector<std::string> leaves_out)
{
    auto made = approved_by(first, std::move(leaves_out));
    made.steps.push_back({{"Second approval", "复审"}, second, true});
    return made;
}

/// Records that look like this one and are others, as somebody has said: what was compared then, and why.
[[nodiscard]] inline Collection apart_from(std::string kind, int since)
{
    constexpr std::size_t digest_bytes_max = 64;
    return {.name = "apart_from",
            .label = {"Not the same as", "并非同一对象"},
            .item = {"Not the same as", "并非同一对象"},
            .fields = {reference("other", {"The other one", "另一条"}, std::move(kind)).required(),
                       text("compared", {"What was compared", "当时比对的内容"}).required().at_most_bytes(digest_bytes_max),
                       text("reason", {"Reason", "原因"})},
            .since = since};
}

[[nodiscard]] inline Collection signatures(int since)
{
    return {.name = "signatures",
            .label = {"Signatures", "签名"},
            .item = {"Signature", "签名"},
            .gathers = Gathering::append_only,
            .fields = with_seal({
                text("signer", {"Signed by", "签字人"}).required(),
                text("title", {"Job title", "职务"}),
                time("signed_at", {"Signed at", "签字时间"}),
                text("image", {"Image", "签名图片"}),
            }),
            .since = since};
}

/// In the order of Role.
[[nodiscard]] inline std::vector<Choice> role_choices()
{
    return {{"rep", {"Sales representative", "销售代表"}},
            {"engineer", {"Field engineer", "现场工程师"}},
            {"dispatcher", {"Dispatcher", "调度员"}},
            {"manager", {"Manager", "经理"}},
            {"finance", {"Finance", "财务"}},
            {"product_manager", {"Product manager", "产品经理"}},
            {"admin", {"Administrator", "管理员"}}};
}

/// Photos, receipts, papers: what they are, and the SHA-256 by which their bytes are stored and sent (shared/schema/attachment.hpp).
[[nodiscard]] inline Collection attachments(int since)
{
    constexpr std::size_t hash_digits = 64;
    return {.name = std::string{attachments_collection},
            .label = {"Attachments", "附件"},
            .item = {"Attachment", "附件"},
            .fields = {text("name", {"Name", "文件名"}).required(), text("media_type", {"Type", "文件类型"}).at_most_bytes(code_bytes_max),
                       integer("size", {"Size (bytes)", "大小（字节）"}).required().between(1, attachment_bytes_max),
                       text("sha256", {"SHA-256", "SHA-256"}).required().at_most_bytes(hash_digits), time("taken_at", {"Taken at", "拍摄时间"}),
                       text("entry", {"For entry", "所属明细"}).at_most_bytes(code_bytes_max)}, // an expense item, say: its id
            .since = since};
}

[[nodiscard]] inline std::vector<Choice> expense_categories()
{
    return {{"hotel", {"Hotel", "住宿"}},
            {"meal", {"Meal", "餐饮"}},
            {"taxi", {"Taxi", "出租车"}},
            {"train", {"Train", "火车"}},
            {"flight", {"Flight", "机票"}},
            {"mileage", {"Mileage", "里程"}},
            {"per_diem", {"Per diem", "出差补贴"}},
            {"entertainment", {"Entertainment", "业务招待"}},
            {"other", {"Other", "其他"}}};
}

[[nodiscard]] inline std::vector<Choice> priorities()
{
    return {{"low", {"Low", "低"}}, {"normal", {"Normal", "普通"}}, {"high", {"High", "高"}}, {"urgent", {"Urgent", "紧急"}}};
}

/// A point on the map; empty where nobody measured it.
[[nodiscard]] inline Declared<Type::integer> latitude(std::string name, Label label)
{
    return integer(std::move(name), label).between(-latitude_e7_max, latitude_e7_max);
}
[[nodiscard]] inline Declared<Type::integer> longitude(std::string name, Label label)
{
    return integer(std::move(name), label).between(-longitude_e7_max, longitude_e7_max);
}

/// What a quote and an order ask for: the price as it was given, and the list that it came from.
[[nodiscard]] inline std::vector<Field> priced_line(std::vector<Field> more = {})
{
    std::vector<Field> fields{
        reference("product", {"Product", "产品"}, "product"),
        text("description", {"Description", "描述"}),
        decimal("quantity", {"Quantity", "数量"}).required().between(0, quantity_max).policy<Policy::ask>(),
        money("unit_price", {"Unit price", "单价"}).required().policy<Policy::ask>(),
        percent("discount", {"Discount", "折扣"}).between(0, whole).policy<Policy::ask>(),
        percent("tax_rate", {"Tax rate", "税率"}).between(0, whole).policy<Policy::ask>(),
        reference("price_list", {"Price list", "价格表"}, "price_list"),
        integer("price_list_version", {"Price list version", "价格表版本"}).between(0, 1'000'000),
    };
    fields.insert(fields.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return fields;
}

} // namespace roadbook::schema::declared
