#pragma once
// One seeded data set for all workloads: 2,000 accounts of 12 fields, 4,000 visits, 1,000 quotes of 5 lines, 1,000 expense reports of
// 6 items = 8,000 records in Chinese and English, with 20,000 changes of history by some 20 devices.
#include "sync-server/session/hub.hpp"

#include <filesystem>

namespace roadbook::benchmark {

struct DataSet {
    RecordId admin;
    RecordId rep;
    std::vector<RecordId> accounts;
    std::int64_t records = 0; ///< in the rep's territory and his own scope
    std::int64_t changes = 0;
};

/// Writes a server's folder with `records` (8,000 for the whole set; fewer keep the mix). Takes some seconds.
[[nodiscard]] DataSet make_server(const std::filesystem::path& folder, int records);

} // namespace roadbook::benchmark
