#pragma once
// What the gate asks of a document, each in one crossing to Rust.
#include "conflict/automerge-cpp/chunk.hpp"

namespace roadbook::automerge {

struct GateWork {
    /// What a document knows that decides about a change.
    struct Facts {
        bool known = false;
        std::uint64_t last_seq = 0; ///< of the change's actor
        Hash last_change;
        std::vector<std::optional<std::uint64_t>>
            parents; ///< greatest operation of each dependency, nothing if it is not here
    };
    [[nodiscard]] static Result<Facts> facts(const Document& document, const Summary& change);

    /// Errors: too_large when an object that `change` made lies more than 8 maps deep, seen or hidden.
    [[nodiscard]] static Result<void> check_depth(const Document& document, const Parsed& change);

    struct Verified {
        Document loaded;
        std::uint64_t actors = 0;
        std::uint64_t operations = 0;
        Bytes saved;
    };
    /// Saved, loaded and compared: heads, content, the bytes of a second save.
    [[nodiscard]] static Result<Verified> verify(const Document& document);
};

} // namespace roadbook::automerge
