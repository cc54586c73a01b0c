#pragma once
// Files that records refer to, by their SHA-256: each once, however many records name it, in DATA/attachments/ab/cdef... An upload grows in a file
// beside its place and is moved there when it is whole, synced, and has the right hash.
#include "shared/base/id.hpp"
#include "shared/storage/database.hpp"

#include <filesystem>

namespace roadbook::store {

/// Ownership: borrows the server's database. Threads: the database's. Rows belong to the caller's transaction, files do not: one is there before its
/// row is, and none is ever changed.
class Attachments {
public:
    Attachments(storage::Database& db, std::filesystem::path folder) : db_{db}, folder_{std::move(folder)} {}

    /// The record names this file, since an edit of this device. For good: who has seen a record may fetch what it named once.
    void refer(std::int64_t document, const Hash& hash, std::int64_t size, const DeviceId& by);
    /// The size that the record names for it; nothing if it does not name it. `document` may be one that does not exist.
    [[nodiscard]] std::optional<std::int64_t> referred(std::int64_t document, const Hash& hash);
    /// Has this device written in the record?
    [[nodiscard]] bool has_written(std::int64_t document, const DeviceId& device);

    /// Is it here, for this record? Naming a hash proves nothing: somebody who named the file in this record, or may see it, must have sent the whole of it.
    [[nodiscard]] bool is_stored(std::int64_t document, const Hash& hash);
    /// One that this device has sent, if only with another record, is for this one, too. True: it is here.
    bool confirm(std::int64_t document, const Hash& hash, const DeviceId& sender);
    /// How much of this device's upload is here. Each has its own, so that nobody ends what another one has begun.
    [[nodiscard]] std::int64_t received(const Hash& hash, const DeviceId& device) const;
    /// Of all uploads that are not whole. Reads the folder: not for every part of a file.
    [[nodiscard]] std::int64_t unfinished_bytes() const;
    /// Takes away those that have not grown since. What a device still has comes again from its beginning.
    void drop_unfinished(Time untouched_since) const;
    /// Appends. Errors: storage_full, file_unreadable.
    [[nodiscard]] Result<void> append(const Hash& hash, const DeviceId& device, ByteView part) const;
    /// All of it is here: checks the hash, syncs, and puts it in its place. False: it was something else, and is gone. Errors: as above.
    [[nodiscard]] Result<bool> finish(const Hash& hash, const DeviceId& device) const;
    void note_stored(const Hash& hash, std::int64_t size, const DeviceId& sender, Time at);
    /// Errors: file_unreadable.
    [[nodiscard]] Result<Bytes> read(const Hash& hash, std::int64_t offset, std::size_t bytes_max) const;

private:
    [[nodiscard]] std::filesystem::path path_of(const Hash& hash) const;
    [[nodiscard]] std::filesystem::path part_of(const Hash& hash, const DeviceId& device) const;

    storage::Database& db_;
    std::filesystem::path folder_;
};

} // namespace roadbook::store
