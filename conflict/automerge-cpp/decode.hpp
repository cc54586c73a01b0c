#pragma once
// From the flat answers of the bridge to the values of document.hpp.
#include "conflict/automerge-cpp/document.hpp"
#include "conflict/automerge-cpp/flat.hpp"

namespace roadbook::automerge {

[[nodiscard]] Content decode_content(ByteView answer);
[[nodiscard]] std::vector<Change> decode_changes(ByteView answer);
[[nodiscard]] std::vector<Patch> decode_patches(ByteView answer);
[[nodiscard]] std::vector<Hash> decode_hashes(ByteView answer);

void encode_scalar(const Scalar& value, flat::Writer& out);
void encode_edit(const Edit& edit, flat::Writer& out);

} // namespace roadbook::automerge
