#include "shared/rules/fits.hpp"

#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace roadbook::rules {
namespace {

using Parts = std::map<RecordId, const Part*>;

std::optional<Relation> relation_from(const std::string& text)
{
    for (const auto relation : {Relation::requires_, Relation::excludes, Relation::fits_only})
        if (text == name(relation)) return relation;
    return std::nullopt;
}

/// Does a chosen part match what a rule names? With a product named, only that one does.
bool matches(const FitRule& rule, const Part& other)
{
    return rule.product ? other.id == *rule.product : other.category == rule.category;
}

std::string reason_text(const std::string& reason, const char* open, const char* close)
{
    return reason.empty() ? "" : open + reason + close;
}

Words with_reason(Words words, const std::string& reason)
{
    words.en += reason_text(reason, " (", ")");
    words.zh += reason_text(reason, "（", "）");
    return words;
}

/// The checks of one part against all others that were chosen.
class PartCheck {
public:
    PartCheck(const Part& part, const Parts& chosen, std::vector<Misfit>& misfits) : part_{part}, misfits_{misfits}
    {
        for (const auto& [id, other] : chosen)
            if (id != part.id) others_.push_back(other);
    }

    void run()
    {
        for (const auto& rule : part_.fits) {
            if (rule.relation == Relation::requires_) check_required(rule);
            if (rule.relation == Relation::excludes) check_excluded(rule);
        }
        check_hosts();
        check_narrowed();
    }

private:
    [[nodiscard]] bool is_met(const FitRule& rule) const
    {
        return std::any_of(others_.begin(), others_.end(), [&](const Part* other) { return matches(rule, *other); });
    }

    /// "Printer P1", "a part of category printers"
    [[nodiscard]] Words named(const FitRule& rule) const
    {
        if (!rule.product) return {fmt::format("a part of category {}", rule.category), fmt::format("“{}”类的产品", rule.category)};
        const auto known = std::find_if(others_.begin(), others_.end(), [&](const Part* other) { return other->id == *rule.product; });
        auto name = known != others_.end() ? (*known)->name : rule.product_name;
        if (name.empty()) name = rule.product->text();
        return {name, name};
    }

    void add(Relation relation, std::optional<RecordId> other, Words why, const std::string& reason)
    {
        misfits_.push_back({part_.id, relation, other, with_reason(std::move(why), reason)});
    }

    void check_required(const FitRule& rule)
    {
        if (is_met(rule)) return;
        const auto what = named(rule);
        add(rule.relation, rule.product,
            {fmt::format("{} requires {}, which is not chosen", part_.name, what.en), fmt::format("{} 需要搭配 {}，但尚未选择", part_.name, what.zh)},
            rule.reason);
    }

    void check_excluded(const FitRule& rule)
    {
        for (const auto* other : others_)
            if (matches(rule, *other))
                add(rule.relation, other->id,
                    {fmt::format("{} does not go together with {}", part_.name, other->name),
                     fmt::format("{} 不能与 {} 同时使用", part_.name, other->name)},
                    rule.reason);
    }

    /// The rules that name what the part fits into: one of them is enough.
    void check_hosts()
    {
        Words hosts;
        std::set<std::string> reasons;
        std::map<std::string, std::string> names; // both languages, each once, in one order whatever the rules' order
        for (const auto& rule : part_.fits) {
            if (rule.relation != Relation::fits_only || (rule.product && !rule.category.empty())) continue;
            if (is_met(rule)) return;
            const auto what = named(rule);
            names[what.en] = what.zh;
            if (!rule.reason.empty()) reasons.insert(rule.reason);
        }
        if (names.empty()) return;
        for (const auto& [en, zh] : names) {
            hosts.en += (hosts.en.empty() ? "" : " or ") + en;
            hosts.zh += (hosts.zh.empty() ? "" : " 或 ") + zh;
        }
        std::string reason;
        for (const auto& one : reasons) reason += (reason.empty() ? "" : "; ") + one;
        add(Relation::fits_only, std::nullopt,
            {fmt::format("{} fits only with {}, which is not chosen", part_.name, hosts.en),
             fmt::format("{} 只适用于 {}，但尚未选择", part_.name, hosts.zh)},
            reason);
    }

    /// The rules that narrow a category: what else of it was chosen does not fit.
    void check_narrowed()
    {
        std::map<std::string, std::set<RecordId>> allowed;
        std::map<std::string, std::set<std::string>> reasons;
        for (const auto& rule : part_.fits) {
            if (rule.relation != Relation::fits_only || !rule.product || rule.category.empty()) continue;
            allowed[rule.category].insert(*rule.product);
            if (!rule.reason.empty()) reasons[rule.category].insert(rule.reason);
        }
        for (const auto* other : others_) {
            const auto of_category = allowed.find(other->category);
            if (of_category == allowed.end() || of_category->second.contains(other->id)) continue;
            std::string reason;
            for (const auto& one : reasons[other->category]) reason += (reason.empty() ? "" : "; ") + one;
            add(Relation::fits_only, other->id,
                {fmt::format("{} does not fit with {}: of category {} only others fit", part_.name, other->name, other->category),
                 fmt::format("{} 与 {} 不匹配：“{}”类中只有其他产品适用", part_.name, other->name, other->category)},
                reason);
        }
    }

    const Part& part_;
    std::vector<Misfit>& misfits_;
    std::vector<const Part*> others_;
};

} // namespace

std::string_view name(Relation relation) noexcept
{
    switch (relation) {
    case Relation::requires_: return "requires";
    case Relation::excludes: return "excludes";
    case Relation::fits_only: break;
    }
    return "fits_only";
}

Part part_from(const schema::Record& product)
{
    Part part{product.id, schema::text_of(product, "name"), schema::text_of(product, "category"), {}};
    for (const auto* child : children_of(product, "fits")) {
        const auto relation = relation_from(text_in(child->fields, "relation"));
        FitRule rule{relation.value_or(Relation::requires_), value_in<RecordId>(child->fields, "product"), {}, text_in(child->fields, "category"),
                     text_in(child->fields, "reason")};
        const bool names_others = rule.product ? *rule.product != product.id : !rule.category.empty();
        if (relation && names_others) part.fits.push_back(std::move(rule));
    }
    return part;
}

std::vector<Misfit> misfits_of(std::span<const Part> parts)
{
    Parts chosen;
    for (const auto& part : parts) chosen.try_emplace(part.id, &part);
    std::vector<Misfit> misfits;
    for (const auto& [id, part] : chosen) PartCheck(*part, chosen, misfits).run();
    std::sort(misfits.begin(), misfits.end(), [](const auto& a, const auto& b) {
        return std::tie(a.part, a.relation, a.why.en, a.other) < std::tie(b.part, b.relation, b.why.en, b.other);
    });
    misfits.erase(std::unique(misfits.begin(), misfits.end()), misfits.end()); // one rule written twice is told once
    return misfits;
}

} // namespace roadbook::rules
