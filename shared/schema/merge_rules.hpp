#pragma once
// What it means when people wrote one field without having seen each other's value: one rule for each pair of a type and a policy that
// there is, in words that a rep would use. A field with a pair that has no rule here does not compile (kind.hpp).
#include <string_view>

namespace roadbook::schema {

struct Label {
    std::string_view en;
    std::string_view zh;
};

enum class Type {
    text,      ///< one line, a register
    note,      ///< long text that several people may write in: Automerge Text
    integer,
    decimal,   ///< thousandths, for quantities: 12.5 is 12500
    percent,   ///< hundredths of a percent: 5 % is 500
    money,     ///< amount and currency in one register, so that they cannot part
    date,      ///< a calendar day, no zone
    time,      ///< UTC milliseconds
    boolean,
    choice,    ///< one of `choices`
    reference, ///< another record, of kind `target`
};

/// How concurrent values of one field become one meaning (conflict/merge reads them so).
enum class Policy {
    latest,   ///< the causal winner; losers stay listed in the history
    ask,      ///< a person chooses; until then the winner shows, the others beside it
    furthest, ///< the choice of highest rank (order of `choices`), flagged when it overrode another
    highest,
    lowest,
    first,    ///< the value whose operation is least
    text,     ///< notes: merged character by character
};

struct MergeRule {
    Type type;
    Policy policy;
    Label conflict;   ///< what happened
    Label resolution; ///< what the record says then, and who has to do something
};

inline constexpr Label told_and_kept{"One of them shows, the same on every device, whatever the order of arrival. The other stays listed beside it until somebody writes the field anew.",
                                           "其中一个显示，所有设备一致，与到达顺序无关。另一个保留在旁边，直到有人重新填写该字段。"};
inline constexpr Label person_chooses{"Nothing is decided: one shows, both are listed with who and when, and a person chooses. A record that needs approval cannot be approved until then.",
                                      "不自动决定：先显示一个，并列出两者、填写人和时间，由人选择。需要审批的记录在此之前不能审批。"};

inline constexpr MergeRule merge_rules[] = {
    {Type::text, Policy::latest, {"Two people wrote a different text into the same line.", "两人在同一栏填写了不同的文字。"}, told_and_kept},
    {Type::integer, Policy::latest, {"Two people entered different numbers.", "两人填写了不同的数字。"}, told_and_kept},
    {Type::decimal, Policy::latest, {"Two people entered different quantities, where little depends on it.", "两人填写了不同的数量，且影响不大。"}, told_and_kept},
    {Type::percent, Policy::latest, {"Two people entered different percentages, where little depends on it.", "两人填写了不同的百分比，且影响不大。"}, told_and_kept},
    {Type::money, Policy::latest, {"Two people entered different amounts, where nobody pays by it.", "两人填写了不同的金额，但不据此付款。"}, told_and_kept},
    {Type::date, Policy::latest, {"Two people named different days.", "两人填写了不同的日期。"}, told_and_kept},
    {Type::time, Policy::latest, {"Two people named different times.", "两人填写了不同的时间。"}, told_and_kept},
    {Type::boolean, Policy::latest, {"One said yes, the other no.", "一人填“是”，另一人填“否”。"}, told_and_kept},
    {Type::choice, Policy::latest, {"Two people chose differently from a list.", "两人在列表中作了不同的选择。"}, told_and_kept},
    {Type::reference, Policy::latest, {"Two people linked different records.", "两人关联了不同的记录。"}, told_and_kept},

    {Type::text, Policy::ask, {"Two people wrote different terms that others rely on, such as a currency.", "两人填写了不同的、他人会依据的内容，例如币种。"}, person_chooses},
    {Type::integer, Policy::ask, {"Two people entered different numbers that count.", "两人填写了不同的、用于计算的数字。"}, person_chooses},
    {Type::decimal, Policy::ask, {"Two people entered different quantities: 12 and 8 pieces.", "两人填写了不同的数量，例如 12 件和 8 件。"}, person_chooses},
    {Type::percent, Policy::ask, {"Two people gave different discounts or tax rates.", "两人给出了不同的折扣或税率。"}, person_chooses},
    {Type::money, Policy::ask, {"Two people entered different prices or amounts.", "两人填写了不同的价格或金额。"}, person_chooses},
    {Type::date, Policy::ask, {"Two people set different days on which something begins, ends or is due.", "两人设置了不同的起止或到期日期。"}, person_chooses},
    {Type::time, Policy::ask, {"Two people agreed different times with the customer.", "两人与客户约定了不同的时间。"}, person_chooses},
    {Type::choice, Policy::ask, {"Two people chose differently where the choice decides what others may do.", "两人作了不同的选择，而该选择决定他人的权限或工作。"}, person_chooses},
    {Type::reference, Policy::ask, {"Two people gave one record to different people or places: two holders, two engineers.", "两人把同一条记录交给了不同的人或区域，例如两位负责人、两位工程师。"}, person_chooses},

    {Type::choice, Policy::furthest,
     {"One moved the record on while another, not knowing it, moved it elsewhere: completed here, cancelled there.", "一人推进了状态，另一人在不知情时改成了别的状态，例如一边完工、一边取消。"},
     {"What was done stays done: the state further on shows. The one that it overrode is shown with it, with who and when, until somebody sets the state anew.",
      "已做的工作不会被撤销：显示更靠后的状态，并同时显示被覆盖的状态、操作人和时间，直到有人重新设置状态。"}},

    {Type::integer, Policy::highest, {"Two people entered different readings.", "两人填写了不同的读数。"}, {"The higher one holds; the other is listed.", "以较大的为准，另一个保留在旁边。"}},
    {Type::date, Policy::highest, {"Two people noted when something was last done.", "两人记录了最近一次的日期。"}, {"The later day holds; the other is listed.", "以较晚的日期为准，另一个保留在旁边。"}},
    {Type::time, Policy::highest, {"Two people noted when something was last counted.", "两人记录了最近一次的时间。"}, {"The later time holds; the other is listed.", "以较晚的时间为准，另一个保留在旁边。"}},
    {Type::integer, Policy::lowest, {"Two people entered different numbers of which the lesser counts.", "两人填写了不同的数字，以较小的为准。"}, {"The lower one holds; the other is listed.", "以较小的为准，另一个保留在旁边。"}},
    {Type::time, Policy::lowest, {"Two people noted when a customer was first answered, or somebody first arrived.", "两人记录了首次响应或首次到达的时间。"}, {"The earlier time holds: that is what the customer saw. The other is listed.", "以较早的时间为准，因为那是客户实际经历的；另一个保留在旁边。"}},

    {Type::integer, Policy::first, {"Two people filled in a number that is given once.", "两人填写了只填一次的数字。"}, {"The one that was entered first stays; the other is listed.", "保留先填写的，另一个保留在旁边。"}},
    {Type::reference, Policy::first, {"Two people are named as the author of one record.", "同一条记录写了两位作者。"}, {"The first one stays; the other is listed.", "保留最先的一位，另一位保留在旁边。"}},

    {Type::note, Policy::text, {"Two people wrote in the same note.", "两人在同一段备注中书写。"}, {"Both texts are there: each one's words stand where he wrote them.", "两人的文字都保留，各在其书写的位置。"}},
};

/// Null: there is no such rule.
[[nodiscard]] constexpr const MergeRule* merge_rule(Type type, Policy policy) noexcept
{
    for (const auto& rule : merge_rules)
        if (rule.type == type && rule.policy == policy) return &rule;
    return nullptr;
}

} // namespace roadbook::schema
