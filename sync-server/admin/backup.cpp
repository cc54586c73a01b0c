#include "sync-server/admin/backup.hpp"

#include "shared/storage/copy_database.hpp"
#include "shared/storage/durable_file.hpp"
#include "shared/storage/folder_lock.hpp"
#include "sync-server/admin/import_memory.hpp"
#include "sync-server/admin/tar.hpp"
#include "sync-server/session/restore.hpp"
#include "sync-server/store/store.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <map>

namespace roadbook::server {
namespace {

namespace fs = std::filesystem;

constexpr auto sums_name = "SHA256SUMS"; // as sha256sum writes and checks it
constexpr std::size_t sums_bytes_max = 1 << 30;
constexpr std::size_t key_file_bytes_max = 4'096;

/// Taken away again, whatever happens.
struct Scratch {
    fs::path path;
    explicit Scratch(fs::path named) : path{std::move(named)} { remove(); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { remove(); }
    void remove() const noexcept
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

fs::path beside(const fs::path& file, std::string_view what)
{
    auto path = file;
    path += what;
    return path;
}

/// Before anything is in it: whatever the umask, only its owner reads the records.
void make_private(const fs::path& file)
{
    std::error_code ignored;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
}

std::vector<std::string> attachment_names(const fs::path& data)
{
    std::vector<std::string> names;
    std::error_code ec;
    for (auto one = fs::recursive_directory_iterator{data / "attachments", ec}; !ec && one != fs::recursive_directory_iterator{}; one.increment(ec))
        if (one->is_regular_file(ec) && one->path().filename().extension().empty()) names.push_back(fs::relative(one->path(), data, ec).generic_string());
    std::sort(names.begin(), names.end());
    return names;
}

/// "attachments/ab/cdef...", 64 hexadecimal digits in all: nothing that leads out of the folder.
bool is_attachment(std::string_view name)
{
    constexpr std::string_view folder = "attachments/";
    if (!name.starts_with(folder) || name.size() != folder.size() + 65 || name[folder.size() + 2] != '/') return false;
    auto digits = std::string{name.substr(folder.size())};
    digits.erase(2, 1);
    return from_hex(digits).has_value();
}

bool is_known(std::string_view name)
{
    return name == Hub::file_name || name == ImportMemory::file_name || is_attachment(name);
}

/// Writes one file of the backup, and gives its hash.
Result<Hash> extract(const TarEntry& entry, const fs::path& to)
{
    std::error_code ec;
    fs::create_directories(to.parent_path(), ec);
    std::ofstream out{to, std::ios::binary | std::ios::trunc};
    make_private(to);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
    ROADBOOK_CHECK(entry.read([&](ByteView bytes) {
        EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }));
    out.close();
    if (!out) return fail(Errc::storage_full, fmt::format("{} cannot be written: nothing was changed; free some space and try again", to.string()));
    ROADBOOK_CHECK(storage::sync_file(to));
    Hash hash;
    EVP_DigestFinal_ex(digest.get(), reinterpret_cast<unsigned char*>(hash.bytes.data()), nullptr);
    return hash;
}

/// All files of the backup, each with the hash that its own list names.
Result<std::vector<std::string>> extract_all(const fs::path& file, const fs::path& folder)
{
    std::map<std::string, Hash> found;
    std::string sums;
    ROADBOOK_CHECK(read_tar(file, [&](const TarEntry& entry) -> Result<void> {
        if (entry.name == sums_name && entry.size <= sums_bytes_max) return entry.read([&](ByteView bytes) { sums += as_text(bytes); });
        if (!is_known(entry.name)) return fail(Errc::file_unreadable, fmt::format("{} holds '{}', which is no part of a backup: nothing was changed", file.string(), entry.name));
        const auto hash = extract(entry, folder / entry.name);
        if (!hash) return hash.error();
        found[entry.name] = *hash;
        return {};
    }));
    std::string right;
    std::vector<std::string> names;
    for (const auto& [name, hash] : found) {
        right += fmt::format("{}  {}\n", hash.hex(), name);
        names.push_back(name);
    }
    if (right != sums || !found.contains(Hub::file_name))
        return fail(Errc::storage_damaged, fmt::format("{} is damaged: its files are not those that it lists. Nothing was changed; take another backup", file.string()));
    return names;
}

Result<void> put_all(const fs::path& from, const fs::path& data, const std::vector<std::string>& names)
{
    std::error_code ec;
    for (const auto& name : names) {
        if (name == Hub::file_name) continue;
        fs::create_directories((data / name).parent_path(), ec);
        ROADBOOK_CHECK(storage::put_in_place(from / name, data / name));
    }
    return storage::put_in_place(from / Hub::file_name, data / Hub::file_name); // last: from here on there is a server
}

} // namespace

Result<BackupReport> make_backup(const fs::path& data, const fs::path& file)
{
    if (!fs::exists(data / Hub::file_name)) return fail(Errc::not_found, fmt::format("{} holds no server: check the path", data.string()));
    const Scratch whole{beside(file, ".part")}, server{beside(file, ".server.part")}, imports{beside(file, ".imports.part")};
    std::map<std::string, fs::path> parts;
    // Imports first: what they remember is written after the records, so it is never ahead of them. Attachments last: they are there before a record names them.
    if (fs::exists(data / ImportMemory::file_name)) {
        ROADBOOK_CHECK(storage::copy_database(data / ImportMemory::file_name, imports.path));
        parts[ImportMemory::file_name] = imports.path;
    }
    ROADBOOK_CHECK(storage::copy_database(data / Hub::file_name, server.path));
    parts[Hub::file_name] = server.path;
    BackupReport report;
    for (const auto& name : attachment_names(data)) {
        if (!is_attachment(name)) continue; // half a file that is coming in just now
        parts[name] = data / name;
        ++report.files;
    }
    TarWriter tar{whole.path};
    make_private(whole.path);
    std::string sums;
    for (const auto& [name, path] : parts) {
        const auto hash = tar.add_file(name, path);
        if (!hash) return hash.error();
        sums += fmt::format("{}  {}\n", hash->hex(), name);
    }
    tar.add_text(sums_name, sums);
    ROADBOOK_CHECK(tar.finish());
    ROADBOOK_CHECK(storage::sync_file(whole.path));
    std::error_code ec;
    report.bytes = fs::file_size(whole.path, ec);
    auto copy = store::Store::open({.path = server.path});
    if (!copy) return copy.error();
    report.head = store::AuditLog{copy->db()}.head();
    ROADBOOK_CHECK(storage::put_in_place(whole.path, file));
    return report;
}

Result<RestoreReport> restore_backup(const fs::path& file, const fs::path& data, const fs::path& keys)
{
    if (fs::exists(data / Hub::file_name))
        return fail(Errc::bad_argument, fmt::format("{} holds a server already: name an empty folder, or move that one away; nothing was changed", data.string()), "data");
    std::error_code ec;
    fs::create_directories(data, ec);
    if (ec) return fail(Errc::file_unreadable, fmt::format("the data folder {} cannot be made: {}", data.string(), ec.message()));
    fs::permissions(data, fs::perms::owner_all, ec);
    const auto lock = storage::FolderLock::acquire(data);
    if (!lock) return lock.error();
    const Scratch scratch{data / "restore.part"};
    const auto names = extract_all(file, scratch.path);
    if (!names) return names.error();
    ROADBOOK_CHECK(storage::check_database(scratch.path / Hub::file_name));
    const auto key_file = keys.empty() ? data / seal_key_file : keys;
    const bool has_key = !keys.empty() || fs::exists(key_file);
    if (has_key) ROADBOOK_CHECK(check_seal_key(key_file, scratch.path));
    const auto last_received = make_restored(scratch.path, system_clock(), system_random());
    if (!last_received) return last_received.error();
    RestoreReport report{*last_received, has_key};
    if (!keys.empty()) {
        const auto key = storage::read_file(keys, key_file_bytes_max);
        if (!key) return key.error();
        ROADBOOK_CHECK(storage::write_durably(data / seal_key_file, *key));
    }
    ROADBOOK_CHECK(put_all(scratch.path, data, *names));
    return report;
}

} // namespace roadbook::server
