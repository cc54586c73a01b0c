#include "sync-server/store/attachments.hpp"

#include "shared/storage/durable_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace roadbook::store {
namespace {

namespace fs = std::filesystem;

constexpr auto insert_reference = "INSERT INTO attachment_reference (document, hash, size) VALUES (:document, :hash, :size) ON CONFLICT DO NOTHING";
constexpr auto select_reference = "SELECT size FROM attachment_reference WHERE document = :document AND hash = :hash";
constexpr auto select_written = "SELECT 1 FROM change c JOIN author a ON a.num = c.author WHERE c.document = :document AND a.device = :device LIMIT 1";
constexpr auto select_stored = R"sql(
    SELECT 1 FROM attachment_reference r JOIN attachment a ON a.hash = r.hash WHERE r.document = :document AND r.hash = :hash AND r.confirmed)sql";
constexpr auto select_sent = "SELECT 1 FROM attachment_sender s JOIN attachment a ON a.hash = s.hash WHERE s.hash = :hash AND s.device = :device";
constexpr auto confirm_reference = "UPDATE attachment_reference SET confirmed = 1 WHERE document = :document AND hash = :hash AND NOT confirmed";
constexpr auto insert_sender = "INSERT INTO attachment_sender (hash, device) VALUES (:hash, :device) ON CONFLICT DO NOTHING";
constexpr auto insert_stored = "INSERT INTO attachment (hash, size, stored_at) VALUES (:hash, :size, :at) ON CONFLICT DO NOTHING";
constexpr std::size_t whole_bytes_max = 64 << 20; // far above the limit of one file

constexpr auto part_suffix = ".part";

template <class Visit>
void each_part(const fs::path& folder, Visit visit)
{
    std::error_code ec;
    for (auto entry = fs::recursive_directory_iterator{folder, ec}; !ec && entry != fs::recursive_directory_iterator{}; entry.increment(ec))
        if (entry->path().extension() == part_suffix) visit(entry->path());
}

Error unwritten(const fs::path& path)
{
    return fail(errno == ENOSPC ? Errc::storage_full : Errc::file_unreadable, fmt::format("{} cannot be written ({})", path.string(), std::strerror(errno)));
}

} // namespace

void Attachments::refer(std::int64_t document, const Hash& hash, std::int64_t size, const DeviceId& by)
{
    db_.statement(insert_reference).bind(":document", document).bind(":hash", hash).bind(":size", size).run();
    if (db_.changes() > 0) confirm(document, hash, by);
}

std::optional<std::int64_t> Attachments::referred(std::int64_t document, const Hash& hash)
{
    auto rows = db_.statement(select_reference);
    rows.bind(":document", document).bind(":hash", hash);
    return rows.step() ? std::optional{rows.integer(0)} : std::nullopt;
}

bool Attachments::has_written(std::int64_t document, const DeviceId& device)
{
    auto rows = db_.statement(select_written);
    rows.bind(":document", document).bind(":device", device);
    return rows.step();
}

bool Attachments::is_stored(std::int64_t document, const Hash& hash)
{
    auto rows = db_.statement(select_stored);
    rows.bind(":document", document).bind(":hash", hash);
    return rows.step();
}

bool Attachments::confirm(std::int64_t document, const Hash& hash, const DeviceId& sender)
{
    {
        auto rows = db_.statement(select_sent);
        rows.bind(":hash", hash).bind(":device", sender);
        if (!rows.step()) return false;
    }
    db_.statement(confirm_reference).bind(":document", document).bind(":hash", hash).run();
    return true;
}

void Attachments::note_stored(const Hash& hash, std::int64_t size, const DeviceId& sender, Time at)
{
    db_.statement(insert_stored).bind(":hash", hash).bind(":size", size).bind(":at", at).run();
    db_.statement(insert_sender).bind(":hash", hash).bind(":device", sender).run();
}

fs::path Attachments::path_of(const Hash& hash) const
{
    const auto name = hash.hex();
    return folder_ / "attachments" / name.substr(0, 2) / name.substr(2);
}

fs::path Attachments::part_of(const Hash& hash, const DeviceId& device) const
{
    auto path = path_of(hash);
    path += "." + to_hex(device.view()) + part_suffix;
    return path;
}

std::int64_t Attachments::unfinished_bytes() const
{
    std::int64_t sum = 0;
    each_part(folder_ / "attachments", [&](const fs::path& path) {
        std::error_code gone;
        if (const auto size = fs::file_size(path, gone); !gone) sum += static_cast<std::int64_t>(size);
    });
    return sum;
}

void Attachments::drop_unfinished(Time untouched_since) const
{
    const auto age = std::chrono::system_clock::now() - untouched_since; // of the file system's clock we know only how far back it is
    const auto oldest = fs::file_time_type::clock::now() - std::chrono::duration_cast<fs::file_time_type::duration>(age);
    each_part(folder_ / "attachments", [&](const fs::path& path) {
        std::error_code ec;
        if (const auto touched = fs::last_write_time(path, ec); !ec && touched < oldest) fs::remove(path, ec);
    });
}

std::int64_t Attachments::received(const Hash& hash, const DeviceId& device) const
{
    std::error_code ec;
    const auto size = fs::file_size(part_of(hash, device), ec);
    return ec ? 0 : static_cast<std::int64_t>(size);
}

Result<void> Attachments::append(const Hash& hash, const DeviceId& device, ByteView part) const
{
    const auto path = part_of(hash, device);
    std::error_code ec;
    fs::create_directories(path.parent_path(), ec);
    std::ofstream out{path, std::ios::binary | std::ios::app};
    out.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
    out.close();
    if (!out) return unwritten(path);
    return {};
}

Result<bool> Attachments::finish(const Hash& hash, const DeviceId& device) const
{
    const auto path = part_of(hash, device);
    const auto bytes = storage::read_file(path, whole_bytes_max);
    if (!bytes) return bytes.error();
    if (sha256(*bytes) != hash) { // torn by a power failure, or a device that does not know its own file
        std::error_code ec;
        fs::remove(path, ec);
        return false;
    }
    std::error_code ec;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, ec);
    ROADBOOK_CHECK(storage::sync_file(path));
    ROADBOOK_CHECK(storage::put_in_place(path, path_of(hash)));
    ROADBOOK_CHECK(storage::sync_folder(folder_ / "attachments")); // the folder of two digits may be new
    ROADBOOK_CHECK(storage::sync_folder(folder_));
    return true;
}

Result<Bytes> Attachments::read(const Hash& hash, std::int64_t offset, std::size_t bytes_max) const
{
    const auto path = path_of(hash);
    std::ifstream in{path, std::ios::binary};
    in.seekg(offset);
    Bytes bytes(bytes_max);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (in.bad() || (!in && !in.eof())) return fail(Errc::file_unreadable, fmt::format("{} cannot be read: bring it back from a backup", path.string()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

} // namespace roadbook::store
