// A backup that somebody brings: a tar of ours, another's, or none. Nothing of it is put in place before all of it was checked.
#include "sync-server/admin/backup.hpp"
#include "sync-server/admin/tar.hpp"
#include "tests/fuzz/file_of.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/temp_folder.hpp"

#include <fmt/format.h>

using namespace roadbook;

namespace {

Bytes a_tar(const std::vector<std::pair<std::string, std::string>>& files)
{
    const testing::TempFolder folder;
    server::TarWriter tar{folder / "tar"};
    for (const auto& [name, content] : files) tar.add_text(name, content);
    tar.finish().value();
    std::ifstream in{folder / "tar", std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    return to_bytes(as_bytes(bytes));
}

std::string sum(std::string_view name, std::string_view content)
{
    return fmt::format("{}  {}\n", sha256(as_bytes(content)).hex(), name);
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    const std::string database = server::Hub::file_name, photo = "attachments/ab/" + std::string(62, 'c');
    return {a_tar({{database, "no database"}, {"SHA256SUMS", sum(database, "no database")}}),
            a_tar({{photo, "photo"}, {database, ""}, {"SHA256SUMS", sum(photo, "photo") + sum(database, "")}}),
            a_tar({{"SHA256SUMS", ""}}), a_tar({{"../../etc/passwd", "x"}}), a_tar({{photo, std::string(600, 'p')}})};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = fuzz::view_of(data, size);
    const fuzz::FileOf file{bytes};
    std::size_t total = 0;
    static_cast<void>(server::read_tar(file.path(), [&](const server::TarEntry& entry) -> Result<void> { return entry.read([&](ByteView part) { total += part.size(); }); }));
    fuzz::must(total <= size, "no more is read out of a backup than is in it");
    static const testing::TempFolder folder;
    const auto restored = server::restore_backup(file.path(), folder / "server", {});
    fuzz::must(!restored.has_value(), "bytes that are no backup make no server");
    fuzz::must(!std::filesystem::exists(folder / "server" / std::string{server::Hub::file_name}), "what was refused leaves nothing behind");
    return 0;
}
