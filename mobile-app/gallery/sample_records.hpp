#pragma once
// A small territory, always the same: what the gallery draws and the tests of screens work with. Names are Northwind's, the demo
// data of the product, and some of Chinese customers.
#include "shared/base/clock.hpp"
#include "shared/schema/record.hpp"

#include <string_view>
#include <vector>

namespace roadbook::gallery {

/// Monday, 23 November 2026, 09:20 UTC: the moment at which all pictures are taken.
[[nodiscard]] Time sample_now();
/// The id of a sample record by the name it has in sample_records.cpp, such as "alfreds" or "visit-demo".
[[nodiscard]] RecordId sample_id(std::string_view name);
[[nodiscard]] std::vector<schema::Record> sample_records();

} // namespace roadbook::gallery
