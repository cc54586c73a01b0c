#include "shared/storage/encrypt.hpp"

#include "shared/storage/database.hpp"
#include "shared/storage/fault.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

namespace roadbook::storage {

Result<void> encrypt_copy(const std::filesystem::path& from, const std::filesystem::path& to, ByteView key)
{
    auto plain = Database::open({.path = from});
    if (!plain) return plain.error();
    try {
        if (!plain->empty_wal()) return fail(Errc::storage_busy, fmt::format("another program reads {}: end it, and start this one again", from.string()));
        auto key_text = fmt::format("x'{}'", to_hex(key));
        auto attach = plain->statement("ATTACH :file AS keyed KEY :key");
        attach.bind(":file", std::string_view{to.native()}).bind(":key", std::string_view{key_text}).run();
        sqlite3_db_config(plain->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr); // the export writes the schema table of the new file
        plain->execute("PRAGMA keyed.synchronous = FULL");
        {
            auto copy = plain->statement("SELECT sqlcipher_export('keyed')");
            while (copy.step()) {}
        }
        auto version = plain->statement("PRAGMA main.user_version");
        version.step();
        plain->execute(fmt::format("PRAGMA keyed.user_version = {}", version.integer(0)));
        OPENSSL_cleanse(key_text.data(), key_text.size());
    } catch (const Fault& fault) {
        return fault.error();
    }
    return {};
}

} // namespace roadbook::storage
