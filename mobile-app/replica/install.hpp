#pragma once
#include "shared/base/bytes.hpp"

#include <filesystem>

namespace roadbook::replica {

/// Differs for a copy of the file: a cloned or restored device must not give out the numbers of the one that it was copied from. Empty
/// for a file that is not there.
[[nodiscard]] Bytes install_of(const std::filesystem::path& file);

} // namespace roadbook::replica
