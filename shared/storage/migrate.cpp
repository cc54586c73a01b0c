#include "shared/storage/database.hpp"

#include <fmt/format.h>

namespace roadbook::storage {
namespace {

int version_of(Database& database)
{
    auto row = database.statement("PRAGMA user_version");
    row.step();
    return static_cast<int>(row.integer(0));
}

void apply(Database& database, const Migration& step)
{
    Transaction transaction{database};
    if (version_of(database) >= step.version) return; // another process was faster
    database.execute(step.sql);
    database.execute(fmt::format("PRAGMA user_version = {}", step.version));
    transaction.commit();
}

} // namespace

Result<void> migrate(Database& database, std::span<const Migration> steps)
{
    const int last = steps.empty() ? 0 : steps.back().version;
    const int version = version_of(database);
    if (version > last)
        return fail(Errc::newer_file, fmt::format("the database was written by a newer version of Roadbook (format {}, this one knows {}): "
                                                  "it was not touched. Install the newer version",
                                                  version, last));
    for (const auto& step : steps)
        if (step.version > version) apply(database, step);
    return {};
}

} // namespace roadbook::storage
