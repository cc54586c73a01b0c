#pragma once
// One batch on its way through the gate. Changes are named by their index in the order given.
#include "conflict/automerge-cpp/gate_work.hpp"

#include <unordered_map>
#include <unordered_set>

namespace roadbook::automerge {

class Batch {
public:
    Batch(const Document& base, std::span<const ByteView> changes, const ActorCheck& actor_check,
          const Legality& legality, const GateLimits& limits);

    [[nodiscard]] Result<Admission> run();

private:
    using Indices = std::vector<std::size_t>;

    // gate_place.cpp: what can be said before Automerge sees a byte. An error of these is one of `base`.
    Result<void> take_in(std::size_t index);
    [[nodiscard]] Result<void> check_place(const Summary& change, const GateWork::Facts& facts) const;
    [[nodiscard]] Result<std::uint64_t> greatest_parent(const Summary& change, const GateWork::Facts& facts) const;
    [[nodiscard]] bool is_repeat(std::size_t index);

    // gate.cpp: on a copy
    void accept(Indices indices);
    [[nodiscard]] Indices without_stranded(const Indices& indices);
    [[nodiscard]] Result<std::optional<GateWork::Verified>> attempt(const Indices& indices);
    [[nodiscard]] Result<bool> judge(const Document& merged, const Indices& indices);
    [[nodiscard]] Result<void> judge_one(const Document& merged, const Parsed& change) const;
    [[nodiscard]] Result<void> check_limits(const GateWork::Verified& verified) const;

    void refuse(std::size_t index, Error why);
    [[nodiscard]] bool builds_on_refused(const Summary& change) const;

    struct Pending {
        std::size_t index = 0;
        std::uint64_t max_op = 0;
    };
    struct Latest {
        std::uint64_t seq = 0;
        Hash change;
    };

    const Document& base_;
    std::span<const ByteView> changes_;
    const ActorCheck& actor_check_;
    const Legality& legality_;
    const GateLimits& limits_;

    std::vector<Parsed> parsed_;
    std::vector<Result<Summary>> verdicts_;
    std::unordered_map<Hash, Pending> pending_;  ///< in their place, not yet tried
    std::unordered_map<ActorId, Latest> latest_; ///< of the pending ones
    std::unordered_map<Hash, std::size_t> refused_;
    std::vector<std::pair<std::size_t, std::size_t>> repeats_; ///< a change that came before in this batch, and where
    std::unordered_set<std::size_t> judged_; ///< found legal; that rests on the causal past alone, so it stays
    std::optional<GateWork::Verified> good_; ///< the document with all that was taken so far
};

[[nodiscard]] Error forged(std::string_view what);
[[nodiscard]] Error stranded();

} // namespace roadbook::automerge
