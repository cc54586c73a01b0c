#include "sync-server/admin/tar.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <memory>

namespace roadbook::server {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t piece = 1 << 20;
constexpr std::uint64_t octal_max = 0'777'7777'7777; // what the 11 digits of a header hold; more is written in binary, as GNU tar does

struct Header { // ustar, as POSIX lays it out
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155],
        rest[12];
};
static_assert(sizeof(Header) == block);

void put(char* field, std::size_t width, std::string_view text)
{
    std::memcpy(field, text.data(), std::min(width, text.size()));
}

unsigned checksum_of(const Header& header)
{
    auto copy = header;
    std::memset(copy.checksum, ' ', sizeof copy.checksum);
    unsigned sum = 0;
    for (const auto* byte = reinterpret_cast<const unsigned char*>(&copy); byte != reinterpret_cast<const unsigned char*>(&copy + 1); ++byte) sum += *byte;
    return sum;
}

std::uint64_t size_of(const Header& header)
{
    std::uint64_t size = 0;
    if ((static_cast<unsigned char>(header.size[0]) & 0x80) != 0) {
        for (std::size_t i = 4; i < sizeof header.size; ++i) size = (size << 8) | static_cast<unsigned char>(header.size[i]);
        return size;
    }
    for (const char digit : header.size)
        if (digit >= '0' && digit <= '7') size = size * 8 + static_cast<std::uint64_t>(digit - '0');
    return size;
}

Error unreadable(const std::filesystem::path& file, std::string_view why)
{
    return fail(Errc::file_unreadable, fmt::format("{} is no backup, or not all of one ({}): nothing was changed", file.string(), why));
}

class Digest {
public:
    Digest() : context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    void add(const char* bytes, std::size_t size) { EVP_DigestUpdate(context_.get(), bytes, size); }
    Hash finish()
    {
        Hash hash;
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(hash.bytes.data()), nullptr);
        return hash;
    }

private:
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

} // namespace

void TarWriter::add_header(const std::string& name, std::uint64_t size)
{
    assert(name.size() < sizeof(Header::name));
    Header header{};
    put(header.name, sizeof header.name, name);
    put(header.mode, sizeof header.mode, "0000600");
    put(header.uid, sizeof header.uid, "0000000");
    put(header.gid, sizeof header.gid, "0000000");
    put(header.mtime, sizeof header.mtime, "00000000000");
    header.type = '0';
    put(header.magic, sizeof header.magic, std::string_view{"ustar\0", 6});
    put(header.version, sizeof header.version, "00");
    if (size <= octal_max) {
        put(header.size, sizeof header.size, fmt::format("{:011o}", size));
    } else {
        header.size[0] = static_cast<char>(0x80);
        for (std::size_t i = 0; i < 8; ++i) header.size[11 - i] = static_cast<char>((size >> (8 * i)) & 0xff);
    }
    put(header.checksum, sizeof header.checksum, fmt::format("{:06o}", checksum_of(header)) + '\0' + ' ');
    out_.write(reinterpret_cast<const char*>(&header), sizeof header);
}

void TarWriter::pad(std::uint64_t size)
{
    const std::array<char, block> zeros{};
    if (const auto over = size % block; over != 0) out_.write(zeros.data(), static_cast<std::streamsize>(block - over));
}

Result<Hash> TarWriter::add_file(const std::string& name, const std::filesystem::path& source)
{
    std::error_code ec;
    const auto size = std::filesystem::file_size(source, ec);
    std::ifstream in{source, std::ios::binary};
    const auto unread = [&] { return fail(Errc::file_unreadable, fmt::format("{} cannot be read: the backup was not made", source.string())); };
    if (ec || !in) return unread();
    add_header(name, size);
    Digest digest;
    std::vector<char> buffer(piece);
    for (std::uint64_t left = size; left > 0;) {
        in.read(buffer.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, buffer.size())));
        const auto got = static_cast<std::size_t>(in.gcount());
        if (got == 0) return unread();
        digest.add(buffer.data(), got);
        out_.write(buffer.data(), static_cast<std::streamsize>(got));
        left -= got;
    }
    pad(size);
    return digest.finish();
}

void TarWriter::add_text(const std::string& name, std::string_view text)
{
    add_header(name, text.size());
    out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    pad(text.size());
}

Result<void> TarWriter::finish()
{
    const std::array<char, 2 * block> end{};
    out_.write(end.data(), end.size());
    out_.close();
    if (out_) return {};
    return fail(errno == ENOSPC ? Errc::storage_full : Errc::file_unreadable, fmt::format("{} cannot be written ({}): the backup was not made", path_.string(), std::strerror(errno)));
}

Result<void> read_tar(const std::filesystem::path& file, const std::function<Result<void>(const TarEntry&)>& take)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(Errc::file_unreadable, fmt::format("{} cannot be read", file.string()));
    for (;;) {
        Header header{};
        in.read(reinterpret_cast<char*>(&header), sizeof header);
        if (in.gcount() != static_cast<std::streamsize>(sizeof header)) return unreadable(file, "its end is missing");
        if (header.name[0] == '\0') return {}; // a block of zeros
        if (std::strtoul(header.checksum, nullptr, 8) != checksum_of(header)) return unreadable(file, "a damaged header");
        const auto size = size_of(header);
        const TarEntry entry{std::string{header.name, ::strnlen(header.name, sizeof header.name)}, size, [&](const std::function<void(ByteView)>& give) -> Result<void> {
                                 std::vector<char> buffer(piece);
                                 for (std::uint64_t left = size; left > 0;) {
                                     in.read(buffer.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, buffer.size())));
                                     const auto got = static_cast<std::size_t>(in.gcount());
                                     if (got == 0) return unreadable(file, "its end is missing");
                                     give(as_bytes({buffer.data(), got}));
                                     left -= got;
                                 }
                                 in.ignore(static_cast<std::streamsize>((block - size % block) % block));
                                 return {};
                             }};
        ROADBOOK_CHECK(take(entry));
    }
}

} // namespace roadbook::server
