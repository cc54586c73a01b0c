#include "mobile-app/replica/vault.hpp"

#include "mobile-app/replica/files.hpp"
#include "mobile-app/replica/replica_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

constexpr storage::Migration tables[] = {
    {1, R"sql(
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE sealed (
            num    INTEGER PRIMARY KEY AUTOINCREMENT,
            intent BLOB NOT NULL UNIQUE,
            sealed BLOB NOT NULL) STRICT;
    )sql"},
    {2, "ALTER TABLE sealed ADD COLUMN part INTEGER NOT NULL DEFAULT 0;"}, // 0: an edit; 1: a part of a file; 2: its last
};
static_assert(storage::strictly_rising(tables), "versions must rise");

constexpr auto select_setting = "SELECT value FROM setting WHERE name = :name";
constexpr auto upsert_setting = "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value";
constexpr auto insert_sealed = "INSERT INTO sealed (intent, sealed, part) VALUES (:intent, :sealed, :part) ON CONFLICT DO NOTHING";
constexpr auto delete_sealed = "DELETE FROM sealed WHERE intent = :intent";
constexpr auto select_sealed = "SELECT intent, sealed, part FROM sealed ORDER BY part > 0, num LIMIT :count_max";
constexpr auto select_intents = "SELECT intent FROM sealed ORDER BY num";

/// So much may be forgotten by a loss of power; a write a minute costs nothing.
constexpr Duration passed_kept_every = std::chrono::minutes{1};
constexpr int attempts_without_wait = 2;
constexpr Duration first_wait = std::chrono::seconds{5}; // doubles: the ninth wrong one costs some five minutes

std::string attempts(int left)
{
    return left == 1 ? std::string{"1 attempt is left"} : fmt::format("{} attempts are left", left);
}

Error locked(std::string_view field, Bilingual message)
{
    return fail(Errc::locked, std::move(message), std::string{field});
}

Error key_is_gone()
{
    return locked("key", {"the key of this device was erased after ten wrong PINs: its records cannot be read any more. Its unsent edits are safe, sealed to the "
                          "server: hand them over with `roadbook-device surrender`, then enrol again",
                          "连续十次输错 PIN 后，此设备的密钥已被清除：其中的记录无法再读取。尚未发送的修改是安全的，已加密封存，只有服务器能读：请用 `roadbook-device surrender` 移交，然后重新注册"});
}

Error pin_is_needed()
{
    return locked("pin", {"this device is locked: its PIN is needed (--pin-file FILE, or ROADBOOK_PIN). If it is forgotten, `surrender` hands over what was not sent",
                          "此设备已锁定：需要 PIN（--pin-file FILE，或 ROADBOOK_PIN）。若已忘记，可用 `surrender` 移交尚未发送的修改"});
}

Error pin_must_wait(Duration wait, int attempts_left)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    return locked("pin", {fmt::format("too many wrong PINs: try again in {} s; {}", seconds, attempts(attempts_left)),
                          fmt::format("错误的 PIN 过多：请在 {} 秒后再试；还可尝试 {} 次", seconds, attempts_left)});
}

Error pin_is_wrong(int attempts_left)
{
    return locked("pin", {fmt::format("this PIN is wrong: {}, then the key is erased", attempts(attempts_left)),
                          fmt::format("PIN 错误：还可尝试 {} 次，之后密钥将被清除", attempts_left)});
}

bool is_run(std::string_view pin, int step)
{
    return std::adjacent_find(pin.begin(), pin.end(), [&](char a, char b) { return b - a != step; }) == pin.end();
}

Result<void> check_pin(std::string_view pin)
{
    if (pin.size() < Vault::pin_length_min || pin.size() > Vault::pin_length_max)
        return fail(Errc::invalid_value, fmt::format("a PIN has {} to {} digits or letters; nothing was changed", Vault::pin_length_min, Vault::pin_length_max), "pin");
    if (is_run(pin, 0) || is_run(pin, 1) || is_run(pin, -1))
        return fail(Errc::invalid_value, "this PIN is one of the first that anybody would try: choose another; nothing was changed", "pin");
    return {};
}

Duration wait_after(int failures)
{
    return failures <= attempts_without_wait ? Duration{0} : first_wait * (1 << (failures - attempts_without_wait - 1));
}

std::vector<std::filesystem::path> with_log(const std::filesystem::path& database)
{
    std::vector<std::filesystem::path> files;
    for (const auto* end : {"-wal", "-shm", "-journal", ""}) files.push_back(database.string() + end);
    return files;
}

} // namespace

Vault::Vault(Options options, storage::FolderLock held, storage::Database db)
    : options_{std::move(options)}, held_{std::move(held)}, db_{std::move(db)}, slot_{options_.folder}
{
    passed_ = {Duration{number("passed")}, Duration{number("passed_by_machine")}, Time{Duration{number("passed_wall")}}, {setting("boot"), Duration{number("uptime")}}};
    if (passed_.wall == Time{}) passed_.wall = options_.clock->now();
    if (passed_.uptime.boot.empty()) passed_.uptime = options_.uptime();
    passed_kept_ = passed_.total;
    server_key_ = to_bytes(as_bytes(setting("server_key")));
}

Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(Options options)
{
    std::error_code ec;
    std::filesystem::create_directories(options.folder, ec);
    if (ec) return fail(Errc::file_unreadable, fmt::format("the data folder {} cannot be made: {}", options.folder.string(), ec.message()));
    std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, ec);
    auto held = storage::FolderLock::acquire(options.folder);
    if (!held) return held.error();
    auto db = storage::Database::open({.path = options.folder / file_name});
    if (!db) return db.error();
    try {
        ROADBOOK_CHECK(storage::migrate(*db, tables));
        std::unique_ptr<Vault> vault{new Vault{std::move(options), std::move(*held), std::move(*db)}};
        if (!vault->setting("wiping").empty()) {
            ROADBOOK_CHECK(vault->wipe());
            return fail(Errc::revoked, Bilingual{"this device was wiped by order of its server: nothing of its records is left here. Enrol it again with a new code",
                                                 "此设备已按服务器的命令清除：其中的记录已不复存在。请用新的注册码重新注册"});
        }
        ROADBOOK_CHECK(vault->make_key());
        return vault;
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<void> Vault::make_key()
{
    auto unfinished = options_.folder / KeySlot::file_name;
    unfinished += ".new";
    ROADBOOK_CHECK(overwrite_and_remove(unfinished)); // of a change of PIN that was killed: it may hold the bare key
    if (!setting("key_made").empty()) return {};
    const auto state = slot_.state();
    if (!state) return state.error();
    if (*state == KeySlot::State::absent) {
        if (is_encrypted_file(options_.folder / replica_file_name))
            return locked("key", {fmt::format("the files {} and {} are not beside the records in {}, which cannot be read without them: put them back, or enrol "
                                              "again in another folder", file_name, KeySlot::file_name, options_.folder.string()),
                                  fmt::format("{2} 中的记录旁缺少文件 {0} 和 {1}，没有它们就无法读取：请放回这两个文件，或在另一个文件夹中重新注册", file_name, KeySlot::file_name,
                                              options_.folder.string())});
        auto key = options_.random->bytes(secret_bytes);
        auto done = slot_.put_open(key);
        roadbook::forget(key);
        ROADBOOK_CHECK(done);
    }
    set("key_made", 1);
    return {};
}

Vault::Lock Vault::lock()
{
    const auto state = slot_.state();
    if (!state || *state == KeySlot::State::absent) return Lock::key_erased;
    return *state == KeySlot::State::open ? Lock::none : Lock::pin;
}

int Vault::attempts_left()
{
    return std::max(0, pin_attempts_max - static_cast<int>(number("failures")));
}

Result<Bytes> Vault::unlock(std::string_view pin)
{
    const auto state = slot_.state();
    if (!state) return state.error();
    if (*state == KeySlot::State::absent) return key_is_gone();
    if (*state == KeySlot::State::wrapped) {
        if (pin.empty()) return pin_is_needed();
        (void)passed();
        if (const auto wait = Duration{number("pin_waits_until")} - passed_.by_machine; wait > Duration{0}) return pin_must_wait(wait, attempts_left());
        const auto failures = static_cast<int>(number("failures")) + 1;
        { // counted before it is tried: a kill in between must not make it free
            storage::Transaction transaction{*db_};
            set("failures", failures);
            set("pin_waits_until", (passed_.by_machine + wait_after(failures)).count());
            keep_passed();
            transaction.commit();
        }
        if (failures > pin_attempts_max) {
            ROADBOOK_CHECK(slot_.erase());
            return key_is_gone();
        }
    }
    const auto key = slot_.read(pin);
    if (!key) return key.error();
    if (*key) {
        if (*state == KeySlot::State::wrapped) forget_failures();
        return **key;
    }
    if (attempts_left() == 0) {
        ROADBOOK_CHECK(slot_.erase());
        return key_is_gone();
    }
    return pin_is_wrong(attempts_left());
}

void Vault::forget_failures()
{
    storage::Transaction transaction{*db_};
    set("failures", 0);
    set("pin_waits_until", 0);
    transaction.commit();
}

Result<void> Vault::set_pin(ByteView key, std::string_view pin)
{
    ROADBOOK_CHECK(check_pin(pin));
    return slot_.put_wrapped(key, pin, options_.pin_cost, *options_.random);
}

Result<void> Vault::remove_pin(ByteView key)
{
    return slot_.put_open(key);
}

std::optional<Credentials> Vault::credentials()
{
    const auto device = DeviceId::from(as_bytes(setting("device")));
    if (!device) return std::nullopt;
    return Credentials{*device, to_bytes(as_bytes(setting("token"))), setting("server"), setting("trust")};
}

void Vault::keep(const Credentials& credentials)
{
    storage::Transaction transaction{*db_};
    set("device", as_text(credentials.device.view()));
    set("token", as_text(credentials.token));
    set("server", credentials.server);
    set("trust", credentials.trust);
    transaction.commit();
}

void Vault::keep_token(ByteView token)
{
    set("token", as_text(token));
}

Bytes Vault::server_key()
{
    return server_key_;
}

void Vault::note_contact(Time server_time, int lease_days, ByteView server_key)
{
    const auto now = passed();
    storage::Transaction transaction{*db_};
    set("contact", now.count());
    if (server_time != Time{}) set("contact_server", server_time.time_since_epoch().count());
    set("lease_days", lease_days);
    if (server_key.size() == secret_bytes) {
        server_key_ = to_bytes(server_key);
        set("server_key", as_text(server_key));
    }
    keep_passed();
    transaction.commit();
}

Lease Vault::lease()
{
    Lease lease;
    lease.days = static_cast<int>(number("lease_days"));
    if (const auto seen = number("contact_server"); seen != 0) lease.last_contact = Time{Duration{seen}};
    const auto now = passed();
    if (now - passed_kept_ >= passed_kept_every) keep_passed();
    lease.left = std::max(Duration{0}, Duration{std::chrono::hours{24} * lease.days} - (now - Duration{number("contact")}));
    return lease;
}

Duration Vault::passed()
{
    passed_.advance(options_.clock->now(), options_.uptime());
    return passed_.total;
}

void Vault::keep_passed()
{
    const auto keep = [&] {
        set("passed", passed_.total.count());
        set("passed_by_machine", passed_.by_machine.count());
        set("passed_wall", passed_.wall.time_since_epoch().count());
        set("boot", passed_.uptime.boot);
        set("uptime", passed_.uptime.since.count());
    };
    if (db_->in_transaction()) {
        keep();
    } else {
        storage::Transaction transaction{*db_};
        keep();
        transaction.commit();
    }
    passed_kept_ = passed_.total;
}

bool Vault::seal(const IntentId& intent, ByteView bytes)
{
    return put_sealed(intent, bytes, 0);
}

bool Vault::seal_part(const IntentId& part, ByteView bytes, bool ends_file)
{
    return put_sealed(part, bytes, ends_file ? 2 : 1);
}

bool Vault::put_sealed(const IntentId& id, ByteView bytes, int part)
{
    if (server_key_.empty()) return false;
    const auto sealed = roadbook::seal(server_key_, bytes);
    db_->statement(insert_sealed).bind(":intent", id).bind(":sealed", ByteView{sealed}).bind(":part", std::int64_t{part}).run();
    return true;
}

void Vault::forget(std::span<const IntentId> intents)
{
    if (intents.empty()) return;
    storage::Transaction transaction{*db_};
    for (const auto& intent : intents) db_->statement(delete_sealed).bind(":intent", intent).run();
    transaction.commit();
}

std::vector<IntentId> Vault::sealed_ids()
{
    auto rows = db_->statement(select_intents);
    std::vector<IntentId> found;
    while (rows.step()) found.push_back(rows.id<IntentId>(0));
    return found;
}

std::vector<SealedIntent> Vault::sealed(std::size_t bytes_max, int count_max)
{
    auto rows = db_->statement(select_sealed);
    rows.bind(":count_max", std::int64_t{count_max});
    std::vector<SealedIntent> found;
    std::size_t bytes = 0;
    while (rows.step()) {
        bytes += rows.blob_view(1).size();
        if (!found.empty() && bytes > bytes_max) break;
        found.push_back({rows.id<IntentId>(0), rows.blob(1), rows.integer(2) != 0, rows.integer(2) == 2});
    }
    return found;
}

std::int64_t Vault::sealed_count()
{
    auto rows = db_->statement("SELECT count(*) FROM sealed WHERE part = 0");
    rows.step();
    return rows.integer(0);
}

Result<void> Vault::wipe(const Step& step)
{
    step("mark");
    set("wiping", 1);
    step("erase the key");
    ROADBOOK_CHECK(slot_.erase());
    for (const auto* name : {replica_file_name, replica_file_taken_over})
        for (const auto& file : with_log(options_.folder / name)) {
            step(file.filename().string());
            ROADBOOK_CHECK(overwrite_and_remove(file));
        }
    step("close the vault");
    db_.reset(); // its log is written back, and goes
    for (const auto& file : with_log(options_.folder / file_name)) { // not overwritten: killed in the midst of that, it could not say what to go on with
        step(file.filename().string());
        std::error_code ec;
        if (std::filesystem::remove(file, ec); ec) return fail(Errc::file_unreadable, fmt::format("{} cannot be removed ({})", file.string(), ec.message()));
    }
    return {};
}

std::string Vault::setting(std::string_view name)
{
    auto rows = db_->statement(select_setting);
    rows.bind(":name", name);
    return rows.step() ? std::string{as_text(rows.blob_view(0))} : std::string{};
}

std::int64_t Vault::number(std::string_view name)
{
    const auto text = setting(name);
    return text.empty() ? 0 : std::stoll(text);
}

void Vault::set(std::string_view name, std::string_view value)
{
    db_->statement(upsert_setting).bind(":name", name).bind(":value", as_bytes(value)).run();
}

void Vault::set(std::string_view name, std::int64_t value)
{
    set(name, std::string_view{std::to_string(value)});
}

} // namespace roadbook::replica
