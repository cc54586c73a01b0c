#pragma once
// What a device must be able to read while its records are locked: who it is, its key behind the PIN, its lease, and its unsent edits,
// sealed to the server.
#include "mobile-app/replica/key_slot.hpp"
#include "mobile-app/replica/passed_time.hpp"
#include "shared/base/id.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/folder_lock.hpp"

#include <memory>

namespace roadbook::replica {

/// How the device greets its server. The token is a secret, and lies here unprotected by the PIN: all that it is good for without the
/// replica's key is to surrender edits and to be wiped, and to receive what a new replica would.
struct Credentials {
    DeviceId device;
    Bytes token;
    std::string server; ///< wss://host:port
    std::string trust;  ///< as Identity has it
};

/// An unsent edit, or a part of an unsent file.
struct SealedIntent {
    IntentId intent; ///< of a part: made from what it is a part of
    Bytes sealed;
    bool is_file_part = false;
    bool ends_file = false; ///< its last part
};

/// How long records may be read without a word from the server.
struct Lease {
    int days = 0; ///< 0: for ever, the server asks for none
    std::optional<Time> last_contact; ///< by the server's clock
    Duration left{0};
    [[nodiscard]] bool is_over() const noexcept { return days > 0 && last_contact && left <= Duration{0}; }
};

/// Without a PIN the key lies readable beside what it locks: then the encryption keeps nobody out who has the whole folder. It is there all
/// the same, so that a purge need only be right in one file, a wipe is the overwriting of 32 bytes, and a PIN can be set at any time
/// without writing the replica anew. With a PIN, a copy of the folder is as safe as the PIN is long: each guess costs argon2id with
/// 64 MiB, and six digits are a million guesses. The ten attempts bind who uses this program, not who copied the files.
///
/// Ownership: owns the folder (one process at a time). Threads: the replica's. Faults of the disk throw.
class Vault {
public:
    static constexpr auto file_name = "vault.db";
    static constexpr int pin_attempts_max = 10; ///< wrong ones in a row; then the key is erased
    static constexpr std::size_t pin_length_min = 6;
    static constexpr std::size_t pin_length_max = 64; ///< a sentence fits

    struct Options {
        std::filesystem::path folder;
        Clock* clock = &system_clock();
        Random* random = &system_random();
        UptimeSource uptime = system_uptime;
        StretchCost pin_cost{}; ///< of PINs set from now on
    };
    /// Makes the folder, a key and the vault where there is none, and ends a wipe that was begun. Errors: storage_busy, storage_damaged,
    /// storage_full, newer_file; revoked when the wipe was ended just now: the folder is empty.
    [[nodiscard]] static Result<std::unique_ptr<Vault>> open(Options options);
    ~Vault();

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return options_.folder; }

    // ---- the key
    enum class Lock { none, pin, key_erased };
    [[nodiscard]] Lock lock();
    /// The replica's key, not a yes or no. Errors: locked, with the field "pin" (none given, wrong, or too early after wrong ones) or "key"
    /// (erased, now or before).
    [[nodiscard]] Result<Bytes> unlock(std::string_view pin);
    [[nodiscard]] int attempts_left();
    /// Errors: invalid_value for a PIN that is too short or the first that anybody would try; storage_full.
    [[nodiscard]] Result<void> set_pin(ByteView key, std::string_view pin);
    [[nodiscard]] Result<void> remove_pin(ByteView key);

    // ---- the server
    [[nodiscard]] std::optional<Credentials> credentials();
    void keep(const Credentials& credentials);
    void keep_token(ByteView token);
    /// What intents are sealed to; empty until the server has said it.
    [[nodiscard]] Bytes server_key();
    /// The server has spoken: the lease begins anew. `server_time` zero: an enrolment, before there is anything to lock.
    void note_contact(Time server_time, int lease_days, ByteView server_key);
    [[nodiscard]] Lease lease();

    // ---- unsent edits, readable by the server alone. In the order in which they were made.
    /// False: there is nobody to seal it to yet.
    bool seal(const IntentId& intent, ByteView bytes);
    /// The same of a part of a file, a PutPart as data.
    bool seal_part(const IntentId& part, ByteView bytes, bool ends_file);
    void forget(std::span<const IntentId> intents);
    [[nodiscard]] std::vector<IntentId> sealed_ids();
    /// Edits first.
    [[nodiscard]] std::vector<SealedIntent> sealed(std::size_t bytes_max, int count_max);
    [[nodiscard]] std::int64_t sealed_count(); ///< edits

    // ---- the end
    /// Called before each step of a wipe; a test ends the program there.
    using Step = std::function<void(std::string_view)>;
    /// The key first, then everything else. Killed at any point, it goes on when the vault is opened the next time. Nothing else may be
    /// asked of the vault afterwards. Errors: file_unreadable: the key is gone, the rest goes at the next attempt.
    [[nodiscard]] Result<void> wipe(const Step& step = [](std::string_view) {});

private:
    bool put_sealed(const IntentId& id, ByteView bytes, int part);
    Vault(Options options, storage::FolderLock held, storage::Database db);
    [[nodiscard]] Result<void> make_key();
    void forget_failures();
    [[nodiscard]] Duration passed();
    void keep_passed();
    [[nodiscard]] std::string setting(std::string_view name);
    [[nodiscard]] std::int64_t number(std::string_view name);
    void set(std::string_view name, std::string_view value);
    void set(std::string_view name, std::int64_t value);

    Options options_;
    storage::FolderLock held_;
    std::optional<storage::Database> db_;
    KeySlot slot_;
    PassedTime passed_;
    Duration passed_kept_{0}; ///< what of it is on the disk
    Bytes server_key_;
};

} // namespace roadbook::replica
