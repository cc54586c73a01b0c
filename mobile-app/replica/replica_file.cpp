#include "mobile-app/replica/replica_file.hpp"

#include "mobile-app/replica/files.hpp"
#include "mobile-app/replica/install.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/encrypt.hpp"

#include <array>
#include <fstream>

namespace roadbook::replica {
namespace {

constexpr std::string_view plain_magic{"SQLite format 3\0", 16};
constexpr auto select_lease_table = "SELECT 1 FROM sqlite_schema WHERE name = 'number_lease'";
constexpr auto adopt_leases = "UPDATE number_lease SET install = :mine WHERE install = :before";

enum class Content { nothing, plain, encrypted };
Content content_of(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::array<char, plain_magic.size()> start{};
    file.read(start.data(), start.size());
    if (file.gcount() == 0) return Content::nothing;
    return std::string_view{start.data(), static_cast<std::size_t>(file.gcount())} == plain_magic ? Content::plain : Content::encrypted;
}

/// Leases are for this file, not for a copy of it: this copy takes its place.
void move_leases(const std::filesystem::path& from, const std::filesystem::path& to, ByteView key)
{
    auto db = storage::Database::open({.path = to, .key = to_bytes(key)}).value();
    if (!db.statement(select_lease_table).step()) return;
    const auto mine = install_of(to);
    const auto before = install_of(from);
    db.statement(adopt_leases).bind(":mine", ByteView{mine}).bind(":before", ByteView{before}).run();
}

} // namespace

bool is_encrypted_file(const std::filesystem::path& file)
{
    return content_of(file) == Content::encrypted;
}

Result<void> take_over_plain_file(const std::filesystem::path& folder, ByteView key)
{
    const auto file = folder / replica_file_name;
    const auto made = folder / replica_file_taken_over;
    for (const auto* end : {"-wal", "-shm", ""}) ROADBOOK_CHECK(overwrite_and_remove(made.string() + end)); // of a take-over that was killed
    if (content_of(file) != Content::plain) return {};
    ROADBOOK_CHECK(storage::encrypt_copy(file, made, key));
    move_leases(file, made, key);
    ROADBOOK_CHECK(put_in_place(made, file));
    for (const auto* end : {"-wal", "-shm"}) ROADBOOK_CHECK(overwrite_and_remove(file.string() + end));
    return {};
}

} // namespace roadbook::replica
