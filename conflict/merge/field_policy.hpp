#pragma once
// Which of several values written apart shows. The words of each rule stand in shared/schema/merge_rules.hpp.
#include "conflict/merge/merged_record.hpp"

namespace roadbook::merge {

/// An index of `candidates`, which come causal winner first; equal ones keep that order, so every replica agrees. Pure: the same
/// for the same set, whatever the order of arrival.
[[nodiscard]] std::size_t shown(const schema::Field& field, std::span<const Candidate> candidates);

} // namespace roadbook::merge
