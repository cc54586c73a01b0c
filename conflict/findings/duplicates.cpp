// CONFLICT: two people enter one customer, or one contact, apart. RESOLUTION: both records stay with all that hangs on them, until somebody merges
// them; an account keeps its number, visits and quotes, and the merge can be undone.
#include "conflict/findings/apart.hpp"
#include "conflict/findings/names.hpp"
#include "conflict/findings/rule.hpp"
#include "shared/storage/search_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace roadbook::findings {
namespace {

using schema::Record;

constexpr char separator = '\x1f'; // between the parts of what is compared

bool is_candidate(const Record& record)
{
    return (record.kind == "account" && schema::is_empty(record["merged_into"])) || record.kind == "contact";
}

/// An account's parent: a branch has its company's tax number and telephone. A contact's account.
Mark mark_in(std::string group, const Record& record, std::string compared)
{
    Mark mark{std::move(group), record.kind, std::move(compared), 0, 0, schema::reference_of(record, record.kind == "account" ? "parent" : "account"), {}};
    mark.compared = compared_in(record);
    for (const auto& apart : aparts_of(record)) mark.apart += fmt::format("{} {}\n", apart.other.text(), apart.compared);
    return mark;
}

// CONFLICT: two records look like one. RESOLUTION: once somebody has said that they are two, they are two, until what was compared changes.
bool are_apart(const Member& a, const Member& b)
{
    const auto& older = a.record < b.record ? a : b;
    const auto& younger = a.record < b.record ? b : a;
    const auto compared = older.mark.compared + younger.mark.compared;
    const auto says = [&](const Member& one, const Member& other) {
        return !one.mark.apart.empty() && one.mark.apart.find(fmt::format("{} {}\n", other.record.text(), compared)) != std::string::npos;
    };
    return says(older, younger) || says(younger, older);
}

void mark_tax(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind != "account" || !is_candidate(record)) return;
    if (const auto number = plain_tax_number(schema::text_of(record, "tax_number")); !number.empty()) marks.push_back(mark_in(key({"tax", number}), record, {}));
}

std::string last_digits(const std::string& phone)
{
    constexpr std::size_t compared = 7;
    return phone.substr(phone.size() - compared);
}

/// A switchboard is shared by all contacts of a company: a contact is known by a mobile phone.
void mark_phones(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (!is_candidate(record)) return;
    for (const auto& phone : phones_of(schema::text_of(record, record.kind == "account" ? "phone" : "mobile")))
        marks.push_back(mark_in(key({"phone", record.kind, last_digits(phone)}), record, phone));
}

void mark_mail(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind != "contact") return;
    const auto mail = storage::title_key(schema::text_of(record, "email"));
    auto word = mail;
    std::replace(word.begin(), word.end(), '/', ' ');
    if (!mail.empty()) marks.push_back(mark_in(key({"mail", word}), record, storage::fold(schema::text_of(record, "name"))));
}

/// name, city, tax number: what else may tell two of one name apart.
std::string compared_text(const Record& record)
{
    return fmt::format("{}{}{}{}{}", schema::text_of(record, "name"), separator, storage::title_key(schema::text_of(record, "city")), separator,
                       plain_tax_number(schema::text_of(record, "tax_number")));
}

void mark_names(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (!is_candidate(record)) return;
    const auto name = schema::text_of(record, "name");
    const bool is_account = record.kind == "account";
    const auto account = schema::reference_of(record, "account");
    if (!is_account && !account) return;
    for (auto block : blocks_of(is_account ? company_core(name) : person_core(name))) {
        std::replace(block.begin(), block.end(), '/', ' ');
        marks.push_back(mark_in(key({"name", is_account ? "account" : account->text(), block}), record, compared_text(record)));
    }
}

template <class Same>
std::vector<Found> pairs(const Group& group, Same same)
{
    return found_pairs(
        group, [](const Member& a) { return "duplicate_" + a.mark.tag; },
        [&](const Member& a, const Member& b) {
            const bool is_account = a.mark.tag == "account";
            const bool is_family = is_account && (a.mark.ref == b.record || b.mark.ref == a.record || (a.mark.ref && a.mark.ref == b.mark.ref));
            return a.mark.tag == b.mark.tag && !is_family && same(a.mark, b.mark) && !are_apart(a, b);
        });
}

std::vector<Found> judge_tax(const Group& group, const Rate&)
{
    return pairs(group, [](const Mark&, const Mark&) { return true; });
}

std::vector<Found> judge_phones(const Group& group, const Rate&)
{
    return pairs(group, [](const Mark& a, const Mark& b) { return is_same_phone(a.unit, b.unit); });
}

std::vector<Found> judge_mail(const Group& group, const Rate&)
{
    return pairs(group, [](const Mark&, const Mark&) { return true; });
}

std::vector<std::string_view> parts_of(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// What one member is compared by, worked out once and not for each pair.
struct Compared {
    Core core;
    std::string city, tax_number;
};

bool differ(const std::string& a, const std::string& b)
{
    return !a.empty() && !b.empty() && a != b;
}

/// Another city, or another tax number, says that they are two.
std::vector<Found> judge_names(const Group& group, const Rate&)
{
    if (group.is_crowded()) return {};
    std::map<const Mark*, Compared> compared;
    for (const auto& member : group.members) {
        const auto parts = parts_of(member.mark.unit);
        compared[&member.mark] = {member.mark.tag == "account" ? company_core(parts[0]) : person_core(parts[0]), std::string{parts[1]}, std::string{parts[2]}};
    }
    return pairs(group, [&](const Mark& a, const Mark& b) {
        const auto& one = compared.at(&a);
        const auto& other = compared.at(&b);
        return !differ(one.city, other.city) && !differ(one.tax_number, other.tax_number) && is_similar(one.core, other.core);
    });
}

Words evidence(std::span<const Group> groups)
{
    static const std::pair<std::string_view, Words> all[] = {
        {"tax/", {"tax number", "税号"}}, {"phone/", {"telephone", "电话"}}, {"mail/", {"e-mail address", "电子邮箱"}}, {"name/", {"name", "名称"}}};
    Words words;
    for (const auto& [prefix, one] : all)
        if (std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return group.key.starts_with(prefix); })) {
            words.en += (words.en.empty() ? "" : " and ") + one.en;
            words.zh += (words.zh.empty() ? "" : "、") + one.zh;
        }
    return words;
}

/// Those who look after them: the holders of their territories.
void add_holders(Finding& finding, const Source& source)
{
    for (const auto& id : finding.records) {
        const auto account = source.record(id, "account");
        const auto territory = account ? schema::reference_of(*account, "territory") : std::nullopt;
        const auto record = territory ? source.record(*territory, "territory") : std::nullopt;
        if (const auto holder = record ? schema::reference_of(*record, "holder") : std::nullopt) finding.people.push_back(*holder);
    }
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const bool is_account = finding.rule == "duplicate_account";
    const auto* kind = is_account ? "account" : "contact";
    const auto keep = finding.records.front(); // the older one: more hangs on it
    const auto other = finding.records.back();
    const auto a = here.source.title(keep, kind);
    const auto b = here.source.title(other, kind);
    const auto why = evidence(groups);
    finding.words = {fmt::format("\"{}\" and \"{}\" look like one {}: same {}", a, b, is_account ? "customer" : "person", why.en),
                     fmt::format("“{}”与“{}”可能是同一{}：{}相同或相似", a, b, is_account ? "客户" : "联系人", why.zh)};
    if (!is_account) {
        finding.way_out = {"copy what only one of them says into the other, and delete one", "将其中一条独有的信息并入另一条，然后删除一条"};
        return;
    }
    add_holders(finding, here.source);
    finding.way_out = {fmt::format("merge \"{}\" into \"{}\": all visits, quotes and contacts stay, and it can be undone", b, a),
                       fmt::format("将“{}”并入“{}”：拜访、报价与联系人全部保留，并可撤销", b, a)};
    finding.proposals.push_back({"merge_accounts", keep, "merged_into", other});
}

} // namespace

constinit const Rule duplicates_by_tax{"tax/", mark_tax, judge_tax, explain};
constinit const Rule duplicates_by_phone{"phone/", mark_phones, judge_phones, explain};
constinit const Rule duplicates_by_mail{"mail/", mark_mail, judge_mail, explain};
constinit const Rule duplicates_by_name{"name/", mark_names, judge_names, explain};

} // namespace roadbook::findings
