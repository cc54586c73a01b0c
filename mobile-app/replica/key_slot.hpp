#pragma once
// The file that holds the replica's key: as it is, or wrapped by what the PIN gives.
#include "shared/base/result.hpp"
#include "shared/base/secrets.hpp"

#include <filesystem>
#include <optional>

namespace roadbook::replica {

/// A file by itself, since what is written over here must be gone: a database would keep it in its log. Replacing it is whole or not at
/// all; the bytes of the one before are then overwritten in place. A flash store may keep old blocks all the same: only the store of
/// keys in the hardware, which this does not use yet, is better.
///
/// Threads: one. Errors: storage_full and file_unreadable: then the slot is as before.
class KeySlot {
public:
    static constexpr auto file_name = "key";

    explicit KeySlot(std::filesystem::path folder) : path_{std::move(folder) / file_name} {}

    enum class State { absent, open, wrapped };
    /// Errors: also storage_damaged, for a file that is no key.
    [[nodiscard]] Result<State> state() const;
    /// The key: of an open slot at once, of a wrapped one if the PIN is right; nothing if it is not.
    [[nodiscard]] Result<std::optional<Bytes>> read(std::string_view pin) const;
    [[nodiscard]] Result<void> put_open(ByteView key);
    [[nodiscard]] Result<void> put_wrapped(ByteView key, std::string_view pin, StretchCost cost, Random& random);
    /// Overwrites and removes it. There is no way back.
    [[nodiscard]] Result<void> erase();

private:
    [[nodiscard]] Result<Bytes> load() const;
    [[nodiscard]] Result<void> replace(ByteView content);

    std::filesystem::path path_;
};

} // namespace roadbook::replica
