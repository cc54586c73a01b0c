#pragma once
// A record as the product lays it out: containers from a genesis, fields at the root, lines in a map by child id, a
// note as text.
#include "conflict/automerge-cpp/gate.hpp"

namespace roadbook::testing {

[[nodiscard]] ActorId an_actor(unsigned number);
[[nodiscard]] automerge::Edit put(std::vector<std::string> path, automerge::Scalar value);
[[nodiscard]] automerge::Edit put_text(std::vector<std::string> path, std::string value);
[[nodiscard]] automerge::Edit put_map(std::vector<std::string> path);
[[nodiscard]] automerge::Edit set_text(std::vector<std::string> path, std::string text);
[[nodiscard]] automerge::Edit removal(std::vector<std::string> path);

/// Containers lines (map), note (text); kind = visit.
[[nodiscard]] automerge::Change sample_genesis();
/// Only the genesis.
[[nodiscard]] automerge::Document new_record();
/// With 12 fields, some lines and a note, by three authors.
[[nodiscard]] automerge::Document filled_record(int lines = 3);

/// Commits, and throws if that gives no change.
automerge::Change edit(automerge::Document& document, const ActorId& by, std::vector<automerge::Edit> edits);
/// Takes changes in without the gate, as one's own.
void take_in(automerge::Document& document, const std::vector<automerge::Change>& changes);
/// The first value at a path. Throws when there is none.
[[nodiscard]] automerge::Scalar value_at(const automerge::Document& document, const std::vector<std::string>& path);
[[nodiscard]] const automerge::Node* node_at(const automerge::Content& content, const std::vector<std::string>& path);
[[nodiscard]] std::string text_at(const automerge::Document& document, const std::vector<std::string>& path);

/// Same heads and same content. Saved bytes are no measure: they keep the order in which changes came.
[[nodiscard]] bool same(const automerge::Document& a, const automerge::Document& b);

} // namespace roadbook::testing
