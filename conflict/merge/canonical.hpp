#pragma once
// A record as one row of bytes: the same for the same content, on every machine and in every version of the app, and another for any other. What
// approvals and signatures are given over.
//
// It is made from the document, not from the schema: an older app, which does not know every field, comes to the same bytes. Values count, not
// who wrote them: a field that was written again with what it said is the same content.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

#include <optional>
#include <set>

namespace roadbook::merge {

/// Of the rules below. A new rule is a new number; old approvals are checked by the rules that they were made with.
inline constexpr std::int64_t digest_version = 1;

/// Fields, collections, and "collection/field".
using LeftOut = std::set<std::string, std::less<>>;

/// Every value of every register, the one that shows first; texts; entries by key; unknown fields and entries like all others. Left out are
/// `left_out`; attachments of an entry that is left out itself, such as the image of a signature; and what says nothing: an empty value,
/// an empty text, a collection without entries, `removed` while it is false.
[[nodiscard]] Bytes canonical(const automerge::Content& content, const LeftOut& left_out);
/// SHA-256 of it, in hexadecimal.
[[nodiscard]] std::string digest_of(const automerge::Content& content, const LeftOut& left_out);

/// One place where two contents differ.
struct Moved {
    std::string path; ///< "discount", "lines/0190.../quantity"; of a whole entry that is new, its fields
    std::vector<automerge::Scalar> then; ///< the one that showed first; several stood beside each other. None: it said nothing, or is an entry as such
    std::vector<automerge::Scalar> now;
    struct Writer {
        ActorId actor;
        std::uint64_t counter = 0;
        bool operator==(const Writer&) const = default;
    };
    std::optional<Writer> by; ///< the operation that wrote what shows now: Document::change_of leads to who and when. None for a text
    bool operator==(const Moved&) const = default;
};
/// What moved between them, but for what is left out; by path. Nothing exactly when their canonical bytes are the same.
[[nodiscard]] std::vector<Moved> differences(const automerge::Content& then, const automerge::Content& now, const LeftOut& left_out);

/// Values of a field as text for people, "240.00 CNY | 260.00 CNY".
[[nodiscard]] std::string words_of(const schema::Kind& kind, std::string_view path, std::span<const automerge::Scalar> values);

/// What an entry keeps of `left_out`, and back: names joined by spaces.
[[nodiscard]] std::string to_text(const LeftOut& left_out);
[[nodiscard]] LeftOut left_out_from(std::string_view text);

} // namespace roadbook::merge
