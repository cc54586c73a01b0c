#pragma once
// The demo books: a company in China and America that is made up from a seed, with a year of its work. Same seed and size, same records:
// ids, dates and all, so that the year ends on a fixed day.
#include "sync-server/admin/record_import.hpp"

#include <filesystem>
#include <functional>

namespace roadbook::server {

struct DemoSize {
    static constexpr int accounts_min = 100; ///< fewer leave a rep with too little to show
    static constexpr int accounts_max = 100'000;
    int accounts = 2'000;
    std::uint64_t seed = 1;
};

/// Six territories of two patches each; twelve reps hold the patches, so each works his own accounts. What a record refers to comes before
/// it. People can work only so much in a year: with many accounts, some are never visited. Holds no more than one record and the year's
/// appointments in memory.
void make_demo_books(const DemoSize& size, const std::function<void(schema::Record)>& take);

/// Writes what is not there yet, in chunks that are each committed; cut off in between, the next run goes on. What people changed since
/// stays as it is. `progress`: records done, of how many.
/// Errors: bad_argument when the store holds any record that is not of these very books (live data, another size or seed), before
/// anything is written; that of a record which the server refuses.
[[nodiscard]] Result<ImportReport> import_demo(Hub& hub, const DemoSize& size, const std::function<void(std::size_t, std::size_t)>& progress);

/// Says in the data folder that it holds demo books.
void mark_as_demo(const std::filesystem::path& data);
/// Errors: bad_argument when it does: nothing else is imported there.
[[nodiscard]] Result<void> check_no_demo(const std::filesystem::path& data);

} // namespace roadbook::server
