#include "conflict/findings/catalogue.hpp"

#include <array>

namespace roadbook::findings {
namespace {

using merge::Rule;

constexpr std::array rules{
    Rule{"double_booking",
         {"One person is to be in two places at one time.", "同一个人在同一时间被安排在两处。"},
         {"Both appointments stand until somebody moves one; the next free time of a working day is proposed for the later one.", "两个预约都保留，直到有人调整其中一个；系统为较晚的一个建议下一个空闲时段。"}},
    Rule{"double_use",
         {"Two people are to work on one machine at one time.", "两人在同一时间被安排维修同一台设备。"},
         {"Both stand until somebody moves one; a free time is proposed.", "两者都保留，直到有人调整其中一个；系统会建议空闲时段。"}},
    Rule{"duplicate_account",
         {"One customer was entered by two people: the same tax number, telephone, or nearly the same name.", "同一客户由两人各自录入：税号、电话相同，或名称相近。"},
         {"Both stay with all that hangs on them until somebody merges them; the merge keeps both names and can be taken back.", "两条记录及其关联内容都保留，直到有人合并；合并后两个名称都保留，且可撤销。"}},
    Rule{"duplicate_contact",
         {"One contact was entered by two people.", "同一联系人由两人各自录入。"},
         {"Both stay; one of them is to be deleted when nothing of it is missing in the other.", "两条都保留；确认内容无遗漏后可删除其中一条。"}},
    Rule{"overdrawn_stock",
         {"Two engineers took parts from one van apart, more than there were.", "两位工程师各自从同一车辆领料，合计超过库存。"},
         {"Every movement and report stands, and the sum shows what is missing. The van is to be counted again: a task opens, once, and closes when the stock is right.", "所有出入库和报告都有效，合计显示缺口。系统生成一次盘点任务，库存恢复后自动关闭。"}},
    Rule{"oversold",
         {"Orders taken apart sell more of a product than is in stock.", "各自接下的订单合计超过产品库存。"},
         {"All of them stand; one waits, or more is bought.", "所有订单都保留；其中一单等待，或补充采购。"}},
    Rule{"over_credit",
         {"Orders and accepted quotes made apart take more of a customer's credit than there is.", "各自达成的订单和已接受报价合计超过客户的信用额度。"},
         {"All of them stand; who leads the account decides: a higher limit, payment in advance, or one of them waits.", "全部保留；由客户的上级决定：提高额度、预付款或其中一单等待。"}},
    Rule{"receipt_twice",
         {"One receipt is claimed in two expense reports.", "同一张发票在两份报销单中报销。"},
         {"Both claims stand and show it; one of the two owners takes his item out.", "两份报销都保留并标出；由其中一位报销人移除其条目。"}},
    Rule{"two_prices",
         {"Two colleagues quote one product to one customer at two prices.", "两位同事就同一产品向同一客户报出不同价格。"},
         {"Neither quote changes by itself, and what was sent stays as it was sent. The rule says which price list holds from when; the line of a superseded one offers to be priced anew.", "报价单不会自动更改，已发送的内容保持原样。系统说明哪一价格表从何时起有效；依据旧价格表的明细行可重新定价。"}},
    Rule{"lead_twice",
         {"Two people upgraded one lead, and each made an opportunity of it.", "两人各自将同一线索转为商机。"},
         {"Both stand; one of them is to be closed.", "两者都保留；应关闭其中一个。"}},
    Rule{"completed_after_cancel",
         {"A work order was cancelled while its engineer, who had not heard of it, completed it.", "派工单被取消，而工程师在不知情时已完工。"},
         {"The work stays done, with its parts and hours. The invoice is on hold, and the dispatcher has one decision: bill, waive, or goodwill.", "已完成的工作连同备件和工时保留。开票暂缓，由调度员作出一个决定：收费、免收或善意处理。"}},
};

} // namespace

std::span<const merge::Rule> catalogue()
{
    return rules;
}

} // namespace roadbook::findings
