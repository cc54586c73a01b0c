#pragma once
// The pages of an encrypted database in clear, whatever SQLite thinks of them: free ones, too.
#include "shared/base/bytes.hpp"

#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace roadbook::testing {

[[nodiscard]] inline std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// As SQLCipher 4 lays them out: AES-256-CBC; the last 80 bytes of a page are its initialisation vector and its authentication code.
inline constexpr std::size_t page_size = 4096;
inline constexpr std::size_t page_reserve = 80;
inline constexpr std::size_t salt_size = 16; ///< in clear, at the beginning of page 1

[[nodiscard]] inline std::string decrypted_page(std::string_view page, const Bytes& key, bool first)
{
    const auto start = first ? salt_size : 0;
    const auto cipher = page.substr(start, page_size - page_reserve - start);
    const auto vector = page.substr(page_size - page_reserve, salt_size);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    const auto* bytes = [](auto from) { return reinterpret_cast<const unsigned char*>(from); }(cipher.data());
    std::string clear(cipher.size() + salt_size, '\0');
    int done = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                           reinterpret_cast<const unsigned char*>(vector.data())) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(clear.data()), &done, bytes, static_cast<int>(cipher.size())) != 1)
        throw std::runtime_error{"a page cannot be decrypted"};
    clear.resize(static_cast<std::size_t>(done));
    return clear;
}

[[nodiscard]] inline std::string decrypted_pages(std::string_view file, const Bytes& key)
{
    std::string all;
    for (std::size_t at = 0; at + page_size <= file.size(); at += page_size) all += decrypted_page(file.substr(at, page_size), key, at == 0);
    return all;
}

/// Frames that are there after a checkpoint are read, too: what counts is what lies on the disk.
[[nodiscard]] inline std::string decrypted_log(std::string_view file, const Bytes& key)
{
    constexpr std::size_t log_header = 32;
    constexpr std::size_t frame_header = 24;
    std::string all;
    for (std::size_t at = log_header; at + frame_header + page_size <= file.size(); at += frame_header + page_size) {
        const auto number = file.substr(at, 4);
        const bool first = number == std::string_view{"\0\0\0\1", 4};
        all += decrypted_page(file.substr(at + frame_header, page_size), key, first);
    }
    return all;
}

/// All bytes of a database and its log, in clear: of a keyed one decrypted page by page.
[[nodiscard]] inline std::string clear_bytes(const std::filesystem::path& database, const Bytes& key)
{
    const auto pages = read_file(database), log = read_file(database.string() + "-wal");
    return key.empty() ? pages + log : decrypted_pages(pages, key) + decrypted_log(log, key);
}

} // namespace roadbook::testing
