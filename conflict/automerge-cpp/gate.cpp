#include "conflict/automerge-cpp/gate.hpp"

#include "conflict/automerge-cpp/gate_batch.hpp"

#include <algorithm>

namespace roadbook::automerge {
namespace {

/// The copy broke, or reads broken: that is no verdict about one change.
bool is_breakage(const Error& error)
{
    return error.code == Errc::document_poisoned || error.code == Errc::document_damaged;
}

} // namespace

Batch::Batch(const Document& base, std::span<const ByteView> changes, const ActorCheck& actor_check,
             const Legality& legality, const GateLimits& limits)
    : base_{base}, changes_{changes}, actor_check_{actor_check}, legality_{legality}, limits_{limits},
      parsed_(changes.size()), verdicts_(changes.size())
{
}

Result<Admission> Batch::run()
{
    for (std::size_t i = 0; i < changes_.size(); ++i) ROADBOOK_CHECK(take_in(i));
    Indices candidates;
    for (const auto& [hash, pending] : pending_) candidates.push_back(pending.index);
    std::sort(candidates.begin(), candidates.end());
    accept(std::move(candidates));
    for (const auto& [index, first] : repeats_) verdicts_[index] = verdicts_[first];

    Admission admission;
    admission.verdicts = std::move(verdicts_);
    admission.grown = good_.has_value();
    if (good_) {
        admission.document = std::move(good_->loaded);
        admission.saved = std::move(good_->saved);
    }
    return admission;
}

/// Takes in what can be taken: all at once if it goes, else by halves, so that one bad change among n costs some log n
/// attempts.
void Batch::accept(Indices indices)
{
    for (;;) {
        indices = without_stranded(indices);
        if (indices.empty()) return;
        auto verified = attempt(indices);
        if (verified && *verified) {
            good_ = std::move(*verified);
            return;
        }
        if (verified) continue; // some were found illegal: once more without them
        if (indices.size() == 1) return refuse(indices.front(), verified.error());
        const auto middle = indices.begin() + static_cast<std::ptrdiff_t>(indices.size() / 2);
        accept(Indices(indices.begin(), middle));
        indices.erase(indices.begin(), middle);
    }
}

/// In their order, so that a refusal reaches all that builds on it.
Batch::Indices Batch::without_stranded(const Indices& indices)
{
    Indices left;
    for (const auto index : indices) {
        if (refused_.contains(parsed_[index].summary.hash)) continue;
        if (builds_on_refused(parsed_[index].summary))
            refuse(index, stranded());
        else
            left.push_back(index);
    }
    return left;
}

/// All of `indices` on a copy of what is good so far. Nothing if some of them were found illegal; an error if the copy
/// broke.
Result<std::optional<GateWork::Verified>> Batch::attempt(const Indices& indices)
{
    auto merged = (good_ ? good_->loaded : base_).fork();
    if (!merged) return merged.error();
    std::vector<ByteView> chunks;
    for (const auto index : indices) chunks.push_back(changes_[index]);
    if (!merged->apply(chunks)) return forged("the merge core cannot take it in");
    const auto all_legal = judge(*merged, indices);
    if (!all_legal) return forged("the document could not be read with it");
    if (!*all_legal) return std::nullopt;
    auto verified = GateWork::verify(*merged);
    if (!verified) return forged("the document would never load again");
    ROADBOOK_CHECK(check_limits(*verified));
    return std::optional{std::move(*verified)};
}

/// Are all legal? An error here is a breakage; what a change may not do goes into its verdict.
Result<bool> Batch::judge(const Document& merged, const Indices& indices)
{
    bool all_legal = true;
    for (const auto index : indices) {
        const auto& change = parsed_[index];
        if (judged_.contains(index) || builds_on_refused(change.summary)) continue;
        const auto judged = judge_one(merged, change);
        if (!judged && is_breakage(judged.error())) return judged.error();
        if (judged) {
            judged_.insert(index);
        } else {
            refuse(index, judged.error());
            all_legal = false;
        }
    }
    return all_legal;
}

Result<void> Batch::judge_one(const Document& merged, const Parsed& change) const
{
    ROADBOOK_CHECK(GateWork::check_depth(merged, change));
    return legality_ ? legality_(merged, change.summary) : Result<void>{};
}

Result<void> Batch::check_limits(const GateWork::Verified& verified) const
{
    const auto over = [](std::string_view what) {
        return fail(Errc::too_large, Bilingual{"The record would have too many " + std::string{what} + " with this change. It was not taken; continue in a successor record.",
                                               "加上这次修改，该记录将超出上限，未被接受；请在后续记录中继续"});
    };
    if (verified.saved.size() > limits_.document_bytes_max) return over("bytes");
    if (verified.operations > limits_.document_operations_max) return over("operations");
    if (verified.actors > limits_.document_actors_max) return over("authors");
    return {};
}

Result<Admission> admit(const Document& base, std::span<const ByteView> changes, const ActorCheck& actor_check,
                        const Legality& legality, const GateLimits& limits)
{
    return Batch{base, changes, actor_check, legality, limits}.run();
}

} // namespace roadbook::automerge
