#pragma once
// Automerge for C++20: one Document a record. The crate `automerge` through `cxx`, with nothing of either in sight.
#include "shared/base/bytes.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace roadbook::automerge {

/// A value of a type that this binding does not read (float, counter, timestamp ... of a foreign writer). It is kept in the
/// document and passed on; here it only has its textual form, for people.
struct Foreign {
    std::string text;
    bool operator==(const Foreign&) const = default;
};

using Scalar = std::variant<std::monostate, bool, std::int64_t, std::string, Bytes, Foreign>;

/// One value of a register and the operation that wrote it.
struct Written {
    Scalar value;
    std::uint64_t counter = 0; ///< operation number
    std::uint32_t actor = 0;   ///< index in Content::actors
    bool operator==(const Written&) const = default;
};

/// What stands at one key. A register keeps ALL concurrent values, the causal winner first, then by falling (counter, actor).
/// Where an object and something else were put under one key apart, the winner decides the kind: behind a value, an object is
/// listed as Foreign{"map"}, {"text"} or {"list"}; behind an object, `values` has what it hides. What was put into a hidden object
/// is not read. Lists (kind other) are not read either: the product makes none.
struct Node {
    enum class Kind { reg, map, text, other };
    Kind kind = Kind::reg;
    std::vector<Written> values;                        ///< reg: all; else what this object hides, mostly nothing
    std::vector<std::pair<std::string, Node>> children; ///< map: sorted by key
    std::string text;                                   ///< text: UTF-8

    Node() noexcept; // in the .cpp: clang could not see a pair with a Node in it end before the Node does
    [[nodiscard]] const Node* find(std::string_view key) const noexcept;
};

/// The whole of a document, read in one call: plain values, nothing shared with the document.
struct Content {
    std::vector<ActorId> actors;
    Node root;
};

/// A change as it travels and is stored. `bytes` is one uncompressed change chunk; `hash` is its identity.
struct Change {
    Hash hash;
    ActorId actor;
    std::uint64_t seq = 0;      ///< 1, 2, 3 ... of this actor in this document
    std::uint64_t start_op = 0;
    std::uint64_t max_op = 0;   ///< start_op + number of operations - 1
    std::vector<Hash> deps;
    std::int64_t time = 0;      ///< always 0 in ours
    std::string message;        ///< always empty in ours
    Bytes bytes;
};

/// One step of an edit. `path` leads from the root to the key.
struct Edit {
    struct Put { Scalar value; };          ///< sets a register; supersedes every value seen; never over a container
    struct PutMap {};                      ///< makes a map under a key that nobody else can make (a child id); none if it is there
    struct SetText { std::string text; };  ///< the smallest splice that turns the text at `path` into this one
    /// Writes "no" or nothing here, after other steps of the same commit have changed something in the same map and where no "yes" stands; else it does
    /// nothing. So a "yes" that somebody writes apart meets it in the register, and both are seen.
    struct Touch {};
    struct Remove {};                      ///< for tests and foreign tools; the product marks, it does not remove
    std::vector<std::string> path;
    std::variant<Put, PutMap, SetText, Touch, Remove> step;
};

/// A difference between two states, for screens that update in place.
struct Patch {
    enum class Kind { put, removed, text_changed, conflict };
    std::vector<std::string> path;
    Kind kind = Kind::put;
};

/// A container that a genesis change makes at the root.
struct Container {
    enum class Kind { map, text };
    std::string key;
    Kind kind = Kind::map;
};

/// One Automerge document.
///
/// Ownership: a value; moving is cheap, copying is fork(). Thread: one at a time; different documents are independent.
/// Errors:    bytes that Automerge cannot read are bad_change or document_damaged. A panic inside it is document_poisoned: the
///            document then refuses every further call with the same code and has to be loaded afresh. Hashes handed in that are
///            not in the document are missing_parents. Foreign authors of other than 16 bytes are document_damaged when met.
class Document {
public:
    Document();
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    /// Only for bytes that this machine or its server saved: a hostile document can inflate a thousandfold.
    [[nodiscard]] static Result<Document> load(ByteView saved);
    /// Are these bytes still what save() gave? Looks at frame and checksum only, a hundredth of what load() costs.
    [[nodiscard]] static bool is_intact(ByteView saved);
    /// All history, columns not deflated: 5 times faster than save_compressed() and far smaller once many are zstd-packed. The same
    /// changes in another order of arrival are saved as other bytes: compare heads(), not these.
    [[nodiscard]] Result<Bytes> save() const;
    [[nodiscard]] Result<Bytes> save_compressed() const;
    [[nodiscard]] Result<Document> fork() const;
    /// The document as it was at `heads`.
    [[nodiscard]] Result<Document> fork_at(std::span<const Hash> heads) const;

    /// Applies change chunks in causal order. Known ones are skipped. Errors: bad_change; missing_parents when a dependency is
    /// not here, out_of_order when an author's number is (nothing of the batch is kept then). Only for bytes that went through the
    /// gate, here or earlier.
    [[nodiscard]] Result<void> apply(std::span<const ByteView> changes);

    [[nodiscard]] Result<std::vector<Hash>> heads() const; ///< sorted
    [[nodiscard]] Result<bool> has(const Hash& change) const;
    /// In causal order; everything when `heads` is empty.
    [[nodiscard]] Result<std::vector<Change>> changes_since(std::span<const Hash> heads) const;
    [[nodiscard]] Result<std::optional<Change>> change(const Hash& hash) const;
    [[nodiscard]] Result<std::uint64_t> last_seq(const ActorId& actor) const; ///< 0: none yet
    [[nodiscard]] Result<std::uint64_t> operations() const;                   ///< greatest operation counter

    /// Errors: too_large when maps are nested more than 8 deep below the root.
    [[nodiscard]] Result<Content> read() const;
    [[nodiscard]] Result<Content> read_at(std::span<const Hash> heads) const;
    /// The change that made this operation: who and when follow from its attribution.
    [[nodiscard]] Result<std::optional<Hash>> change_of(const ActorId& actor, std::uint64_t counter) const;
    [[nodiscard]] Result<std::vector<Patch>> patches(std::span<const Hash> before, std::span<const Hash> after) const;

    /// Makes one change of all edits, in one transaction: on an error nothing is changed. Nothing if the edits change nothing.
    /// Errors: bad_argument when a path leads nowhere, a container stands in the way, or a text is not UTF-8.
    [[nodiscard]] Result<std::optional<Change>> commit(const ActorId& actor, std::span<const Edit> edits);

    /// The next link of a genesis chain on top of `earlier` (all links so far): the same bytes on every machine for the same
    /// arguments. `marks` are root scalars, such as {"kind", "visit"}.
    [[nodiscard]] static Result<Change> genesis(const ActorId& reserved, std::span<const ByteView> earlier,
                                                std::span<const Container> containers,
                                                std::span<const std::pair<std::string, Scalar>> marks);

private:
    friend struct GateWork; ///< what the gate needs in one crossing each: gate_work.hpp
    struct Handle;
    explicit Document(std::unique_ptr<Handle> handle) noexcept;
    std::unique_ptr<Handle> handle_;
};

} // namespace roadbook::automerge
