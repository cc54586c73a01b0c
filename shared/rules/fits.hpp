#pragma once
// Do the chosen products fit with each other? Says of each part that does not, why, with the reason that the product's own
// record gives. Pure; the order of the parts decides nothing.
//
// requires   each such rule must be met: its product, or some part of its category, is among the others.
// excludes   its product, or any part of its category, must not be among the others.
// fits_only  the part fits only with what its rules name. A rule with a product and a category narrows that category: of it
//            only the named products may be chosen. Of the other fits_only rules (a product or a category alone) at least
//            one must be met: a cartridge that fits only two printers needs one of them.
#include "shared/rules/finding.hpp"
#include "shared/schema/record.hpp"

#include <span>
#include <vector>

namespace roadbook::rules {

enum class Relation { requires_, excludes, fits_only };
[[nodiscard]] std::string_view name(Relation relation) noexcept;

struct FitRule {
    Relation relation = Relation::requires_;
    std::optional<RecordId> product;
    std::string product_name; ///< for the words; empty: the id is shown
    std::string category;
    std::string reason; ///< as written on the product, in whatever language
};

/// One product of a configuration.
struct Part {
    RecordId id;
    std::string name;
    std::string category;
    std::vector<FitRule> fits;
};
/// A product's record. Rules that name nothing, or the product itself, say nothing and are left out.
[[nodiscard]] Part part_from(const schema::Record& product);

struct Misfit {
    RecordId part;
    Relation relation = Relation::requires_;
    std::optional<RecordId> other; ///< the chosen part it clashes with; or the product that is missing
    Words why;
    bool operator==(const Misfit&) const = default;
};

/// Empty: all fit. By part, relation, words. A product chosen twice counts once, and no part is a match for itself.
[[nodiscard]] std::vector<Misfit> misfits_of(std::span<const Part> parts);

} // namespace roadbook::rules
