#include "sync-server/store/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace roadbook::store {
namespace {

constexpr std::array<std::string_view, 35> names{
    "change_accepted", "change_late",   "change_refused", "change_released", "change_returned", "change_taken_back", "change_discarded", "change_recovered", "grants_changed",
    "code_made",       "device_enrolled", "login",        "login_refused",   "device_revoked",  "device_wiped",      "password_set",     "exported",         "imported",
    "import_undone",   "backup_made",   "restored",       "restore_confirmed", "attachment_stored", "attachment_sent", "attachment_refused", "erased",
    "edits_surrendered", "surrender_settled", "person_revoked", "person_readmitted", "deletions_undone", "enrolment_refused", "device_recovered", "device_admitted", "acted_for"};
static_assert(names.size() == static_cast<std::size_t>(AuditKind::acted_for) + 1, "each kind has a name");

constexpr std::size_t id_bytes = 16;
constexpr std::size_t item_bytes = id_bytes + 32;

constexpr auto select_head = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
constexpr auto insert_entry = R"sql(
    INSERT INTO audit (seq, at, kind, person, device, subject, items, detail, hash)
        VALUES (:seq, :at, :kind, :person, :device, :subject, :items, :detail, :hash))sql";
constexpr auto select_all = "SELECT seq, at, kind, person, device, subject, items, detail, hash FROM audit ORDER BY seq";
constexpr auto select_some = R"sql(
    SELECT seq, at, kind, person, device, subject, items, detail, hash FROM audit
     WHERE (:since IS NULL OR at >= :since) AND (:kind IS NULL OR kind = :kind) AND (:device IS NULL OR device = :device)
       AND (:person IS NULL OR :person IN (person, subject)) AND (:record IS NULL OR instr(items, :record) > 0)
     ORDER BY seq)sql";

/// An entry as it stands in the table, whether or not it makes sense.
struct Row {
    std::int64_t seq = 0;
    std::int64_t at = 0;
    std::string_view kind;
    ByteView person, device, subject, items;
    std::string_view detail;
};

void add(Bytes& to, std::int64_t number)
{
    auto rest = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, rest >>= 8) to.push_back(static_cast<std::byte>(rest & 0xff));
}

/// With its length, so that no byte can wander from one column into the next.
void add(Bytes& to, ByteView bytes)
{
    add(to, static_cast<std::int64_t>(bytes.size()));
    to.insert(to.end(), bytes.begin(), bytes.end());
}

Hash hash_of(const Hash& previous, const Row& row)
{
    Bytes text;
    text.reserve(row.items.size() + 256);
    add(text, row.seq);
    add(text, row.at);
    add(text, as_bytes(row.kind));
    for (const auto column : {row.person, row.device, row.subject, row.items, as_bytes(row.detail)}) add(text, column);
    return sha256(previous.view(), text);
}

Row read_row(const storage::Statement& rows)
{
    return {rows.integer(0), rows.integer(1), rows.text_view(2), rows.blob_view(3), rows.blob_view(4), rows.blob_view(5), rows.blob_view(6), rows.text_view(7)};
}

Bytes written(std::span<const AuditItem> items)
{
    Bytes bytes;
    bytes.reserve(items.size() * item_bytes);
    for (const auto& item : items) {
        bytes.insert(bytes.end(), item.record.bytes.begin(), item.record.bytes.end());
        bytes.insert(bytes.end(), item.hash.bytes.begin(), item.hash.bytes.end());
    }
    return bytes;
}

std::optional<AuditEntry> entry_of(const Row& row, ByteView hash)
{
    const auto kind = audit_kind_from(row.kind);
    const auto person = RecordId::from(row.person);
    const auto device = DeviceId::from(row.device);
    const auto subject = RecordId::from(row.subject);
    const auto sealed = Hash::from(hash);
    if (!kind || !person || !device || !subject || !sealed || row.items.size() % item_bytes != 0) return std::nullopt;
    AuditEntry entry{row.seq, {*kind, Time{Duration{row.at}}, *person, *device, *subject, {}, std::string{row.detail}}, *sealed};
    for (std::size_t at = 0; at < row.items.size(); at += item_bytes)
        entry.note.items.push_back({RecordId::from(row.items.subspan(at, id_bytes)).value(), Hash::from(row.items.subspan(at + id_bytes, item_bytes - id_bytes)).value()});
    return entry;
}

/// What is wrong with a row that follows this head; empty: nothing.
std::string fault_of(const AuditHead& before, const Row& row, ByteView hash)
{
    if (row.seq != before.seq + 1) return fmt::format("entry {} is missing: entry {} comes behind entry {}", before.seq + 1, row.seq, before.seq);
    const auto right = hash_of(before.hash, row);
    if (!std::equal(hash.begin(), hash.end(), right.bytes.begin(), right.bytes.end())) return "its content, or the entry before it, is not what was written";
    return {};
}

} // namespace

std::string_view name(AuditKind kind) noexcept
{
    return names[static_cast<std::size_t>(kind)];
}

std::optional<AuditKind> audit_kind_from(std::string_view name) noexcept
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<AuditKind>(found - names.begin());
}

std::vector<std::string> audit_kind_names()
{
    return {names.begin(), names.end()};
}

std::string AuditHead::text() const
{
    return fmt::format("{}:{}", seq, hash.hex());
}

std::optional<AuditHead> AuditHead::parse(std::string_view text)
{
    AuditHead head;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + colon, head.seq);
    const auto bytes = from_hex(text.substr(colon + 1));
    const auto hash = bytes ? Hash::from(*bytes) : std::nullopt;
    if (ec != std::errc{} || end != text.data() + colon || head.seq < 0 || !hash) return std::nullopt;
    head.hash = *hash;
    return head;
}

void AuditLog::append(const AuditNote& note)
{
    const auto before = head(); // from the file: another process may have written meanwhile
    const auto items = written(note.items);
    const auto detail = std::string_view{note.detail}.substr(0, detail_bytes_max);
    const Row row{before.seq + 1, note.at.time_since_epoch().count(), name(note.kind), note.person.view(), note.device.view(), note.subject.view(), items, detail};
    db_.statement(insert_entry)
        .bind(":seq", row.seq)
        .bind(":at", row.at)
        .bind(":kind", row.kind)
        .bind(":person", row.person)
        .bind(":device", row.device)
        .bind(":subject", row.subject)
        .bind(":items", row.items)
        .bind(":detail", row.detail)
        .bind(":hash", hash_of(before.hash, row))
        .run();
}

AuditHead AuditLog::head()
{
    auto rows = db_.statement(select_head);
    return rows.step() ? AuditHead{rows.integer(0), rows.hash(1)} : AuditHead{};
}

void AuditLog::each(const AuditFilter& filter, const std::function<bool(const AuditEntry&)>& take)
{
    const auto kind = filter.kind ? std::optional{name(*filter.kind)} : std::nullopt;
    auto rows = db_.statement(select_some);
    rows.bind(":since", filter.since).bind(":kind", kind).bind(":device", filter.device).bind(":person", filter.person).bind(":record", filter.record);
    while (rows.step()) {
        const auto entry = entry_of(read_row(rows), rows.blob_view(8));
        if (!entry) continue;
        const auto concerns = [&](const AuditItem& item) { return item.record == *filter.record; }; // the search may have met two ids halfway
        const auto& items = entry->note.items;
        if (filter.record && std::none_of(items.begin(), items.end(), concerns)) continue;
        if (!take(*entry)) return;
    }
}

AuditVerdict AuditLog::verify(const std::optional<AuditHead>& known)
{
    AuditVerdict verdict;
    std::optional<Hash> at_known = known && known->seq == 0 ? std::optional{known->hash} : std::nullopt;
    auto rows = db_.statement(select_all);
    while (rows.step()) {
        const auto row = read_row(rows);
        const auto hash = rows.blob_view(8);
        verdict.why = fault_of(verdict.head, row, hash);
        if (!verdict.why.empty()) {
            verdict.first_bad = verdict.head.seq + 1;
            return verdict;
        }
        verdict.head = {row.seq, rows.hash(8)};
        verdict.entries = row.seq;
        if (known && known->seq == row.seq) at_known = verdict.head.hash;
    }
    if (!known) return verdict;
    if (!at_known) {
        verdict.first_bad = verdict.head.seq + 1;
        verdict.why = fmt::format("it was cut off: the log had {} entries when its head was noted, and has {} now", known->seq, verdict.entries);
    } else if (*at_known != known->hash) {
        verdict.first_bad = known->seq;
        verdict.entries = 0; // all from there on were written anew to fit, and from where on cannot be told
        verdict.head = {};
        verdict.why = "or one before it: its hash is not the one that was noted, so the log was written anew, or this is another server's head";
    }
    return verdict;
}

} // namespace roadbook::store
