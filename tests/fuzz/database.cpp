// A database file that was damaged, cut off, or put in place of ours: it opens and answers, or says that it is damaged.
#include "shared/storage/database.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/temp_folder.hpp"

#include <fstream>

using namespace roadbook;
using namespace roadbook::storage;

namespace {

constexpr Migration steps[] = {{1, "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;"}, {2, "CREATE INDEX note_body ON note (body);"}};

std::filesystem::path file()
{
    static const testing::TempFolder folder;
    return folder / "notes.db";
}

void remove_all()
{
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(file().string() + end);
}

/// Damage that is met while reading is a fault, as anywhere.
void use()
{
    auto db = Database::open({.path = file()});
    if (!db) return;
    try {
        if (!migrate(*db, steps)) return;
        auto rows = db->statement("SELECT id, body FROM note ORDER BY body");
        while (rows.step()) static_cast<void>(rows.text(1));
        Transaction transaction{*db};
        db->statement("INSERT INTO note (body) VALUES ('more')").run();
        transaction.commit();
        static_cast<void>(db->empty_wal());
    } catch (const Fault&) {
    }
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    remove_all();
    {
        auto db = Database::open({.path = file()}).value();
        db.execute("PRAGMA page_size = 512"); // small files are mutated more often
        migrate(db, steps).value();
        for (int i = 0; i < 5; ++i) db.statement("INSERT INTO note (body) VALUES ('a note of some length')").run();
        static_cast<void>(db.empty_wal());
    }
    std::ifstream in{file(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    return {to_bytes(as_bytes(bytes))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    remove_all();
    std::ofstream{file(), std::ios::binary}.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    use();
    return 0;
}
