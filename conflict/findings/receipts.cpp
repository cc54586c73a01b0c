// CONFLICT: one receipt is claimed in two expense reports: twice by one person, or by two who shared a taxi. RESOLUTION: both claims stand and are
// not approved unseen; one of the two owners takes his item out.
#include "conflict/findings/rule.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::findings {
namespace {

using schema::Record;

constexpr std::size_t number_letters_min = 6;    // "12" stands on many receipts
constexpr std::size_t number_letters_certain = 8; // shorter ones must come to the same amount, too

std::optional<Money> amount_of_item(const Record& report, std::string_view item)
{
    for (const auto* child : rules::children_of(report, "items"))
        if (child->id.text() == item) return rules::value_in<Money>(child->fields, "amount");
    return std::nullopt;
}

void mark_files(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind != "expense_report") return;
    for (const auto* file : rules::children_of(record, "attachments")) {
        const auto hash = rules::text_in(file->fields, "sha256");
        if (hash.empty() || hash.find('/') != std::string::npos) continue;
        const auto amount = amount_of_item(record, rules::text_in(file->fields, "entry")).value_or(Money{});
        marks.push_back({key({"receipt_file", hash}), rules::text_in(file->fields, "name"), amount.currency, amount.minor, 0, {}, schema::reference_of(record, "owner")});
    }
}

/// Letters and digits alone, in capitals: "no. 0331-9921 b" is written in many ways.
std::string plain(std::string_view number)
{
    std::string text;
    for (const char letter : number) {
        if (letter >= 'a' && letter <= 'z') text += static_cast<char>(letter - 'a' + 'A');
        else if ((letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')) text += letter;
    }
    return text;
}

void mark_numbers(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind != "expense_report") return;
    for (const auto* item : rules::children_of(record, "items")) {
        const auto number = plain(rules::text_in(item->fields, "receipt"));
        const bool has_digit = std::any_of(number.begin(), number.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
        if (number.size() < number_letters_min || !has_digit) continue;
        const auto amount = rules::value_in<Money>(item->fields, "amount").value_or(Money{});
        marks.push_back({key({"receipt_number", number}), rules::text_in(item->fields, "receipt"), amount.currency, amount.minor, 0, {}, schema::reference_of(record, "owner")});
    }
}

std::vector<Found> pairs(const Group& group, bool of_one_amount)
{
    return found_pairs(
        group, [](const Member&) { return std::string{"receipt_twice"}; },
        [&](const Member& a, const Member& b) { return !of_one_amount || (a.mark.unit == b.mark.unit && a.mark.low == b.mark.low); });
}

std::vector<Found> judge_files(const Group& group, const Rate&)
{
    return pairs(group, false);
}

std::vector<Found> judge_numbers(const Group& group, const Rate&)
{
    return pairs(group, group.word(1).size() < number_letters_certain);
}

/// The smaller of the two claims, added up over all receipts that the two reports share: a photo and a number of one amount are one receipt.
std::optional<Money> claimed_twice(const Finding& finding, std::span<const Group> groups)
{
    std::set<std::pair<std::string, std::int64_t>> amounts;
    for (const auto& group : groups) {
        std::optional<Mark> least;
        for (const auto& member : group.members)
            if (std::find(finding.records.begin(), finding.records.end(), member.record) != finding.records.end() && !member.mark.unit.empty() &&
                (!least || (member.mark.unit == least->unit && member.mark.low < least->low)))
                least = member.mark;
        if (least) amounts.emplace(least->unit, least->low);
    }
    if (amounts.empty()) return std::nullopt;
    Money sum{0, amounts.begin()->first};
    for (const auto& [currency, minor] : amounts)
        if (currency == sum.currency) sum.minor = checked_add(sum.minor, minor).value_or(sum.minor);
    return sum;
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    finding.money = claimed_twice(finding, groups);
    std::set<std::string> receipts;
    for (const auto& group : groups)
        for (const auto& member : group.members)
            if (member.record == finding.records.front()) receipts.insert(member.mark.tag);
    std::string names;
    for (const auto& receipt : receipts) names += (names.empty() ? "" : ", ") + receipt;
    const auto one = here.source.title(finding.records.front(), "expense_report");
    const auto other = here.source.title(finding.records.back(), "expense_report");
    const auto amount = finding.money ? " (" + finding.money->text() + ")" : std::string{};
    finding.words = {fmt::format("one receipt, {}{}, is claimed twice: in \"{}\" and in \"{}\"", names, amount, one, other),
                     fmt::format("同一张票据 {}{} 被报销两次：“{}”与“{}”", names, amount, one, other)};
    finding.way_out = {"take the item out of one of the two reports before either is approved", "在审批之前从其中一份报销单中移除该项费用"};
}

} // namespace

constinit const Rule receipt_file_twice{"receipt_file/", mark_files, judge_files, explain};
constinit const Rule receipt_number_twice{"receipt_number/", mark_numbers, judge_numbers, explain};

} // namespace roadbook::findings
