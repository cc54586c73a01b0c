#include "sync-server/session/passwords.hpp"

#include "shared/base/retry.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/guessable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace roadbook::server {
namespace {

constexpr std::size_t password_length_min = 15; ///< alone, without a second factor (NIST SP 800-63B)
constexpr std::size_t hard_characters_min = 8;  ///< of these: "passwordpassword" is one word twice
/// Of argon2id in a second, one after the other on the thread that serves everybody: a tenth of its time. More comes back as busy.
constexpr std::size_t checks_a_second = 2;
constexpr int failures_free = 4;
constexpr Duration wait_first = std::chrono::seconds{1};
constexpr Duration wait_longest = std::chrono::minutes{15};
constexpr int failures_max = 100; ///< then only a new password helps; enrolled devices go on as they are
/// Of a password that nobody knows: unknown people cost as much as known ones.
constexpr auto nobodys_hash = "$argon2id$v=19$m=19456,t=2,p=1$PVUqJr6er7JUtumDBHn3Yg$hTzb+gPfohu447rZBk1flDSoZA5YsgPkvmqbsYTifwI";

Error refused()
{
    return fail(Errc::bad_code, Bilingual{"name or password are wrong, or were tried too often: wait a while and try again, or ask your administrator for a code; nothing was changed",
                                          "姓名或密码错误，或尝试过于频繁：请稍后再试，或向管理员索取注册码；未做任何更改"});
}

std::string lower(std::string_view text)
{
    std::string made{text};
    for (auto& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

/// By e-mail address or whole name; nobody if two share it.
std::optional<RecordId> find(Hub::Inside& hub, std::string_view name)
{
    const auto wanted = lower(name);
    std::optional<RecordId> found;
    int count = 0;
    for (const auto& id : hub.store.documents_of("person")) {
        const auto record = hub.read(*hub.store.document(id)).record;
        if (record.deleted_at || (lower(schema::text_of(record, "email")) != wanted && lower(schema::text_of(record, "name")) != wanted)) continue;
        found = id;
        ++count;
    }
    return count == 1 ? found : std::nullopt;
}

Duration wait_after(int failures)
{
    constexpr int doublings_max = 10; // 1 s doubled so often is over the longest wait
    if (failures <= failures_free) return Duration{0};
    return std::min(wait_first * (1 << std::min(failures - failures_free - 1, doublings_max)), wait_longest);
}

bool may_compute(Hub::Inside& hub, Time now)
{
    auto& checks = hub.password_checks;
    while (!checks.empty() && (now - checks.front() >= std::chrono::seconds{1} || checks.front() > now)) checks.pop_front();
    if (checks.size() >= checks_a_second) return false;
    checks.push_back(now);
    return true;
}

} // namespace

Result<RecordId> person_by_password(Hub::Inside& hub, std::string_view name, std::string_view password, Time now)
{
    if (!may_compute(hub, now))
        return busy({"the server checks only a few passwords in a second: try again in a few seconds; nothing was changed", "服务器每秒只验证少量密码：请几秒后再试；未做任何更改"},
                    std::chrono::seconds{2});
    const auto person = find(hub, name);
    const auto whose = person.value_or(RecordId{}); // nobody's: read and noted like anybody's, and there is no such row
    const auto kept = hub.store.password(whose);
    const bool fits = password_fits(kept ? kept->hash : nobodys_hash, password);
    const bool is_looked_at = !kept || (kept->failures < failures_max && now >= kept->next_try); // else it is wrong, however right it is
    if (!kept || !is_looked_at || !fits) {
        const auto failures = kept ? kept->failures + 1 : 1;
        if (is_looked_at) hub.store.note_guess(whose, failures, now + wait_after(failures));
        return refused();
    }
    hub.store.note_guess(*person, 0, Time{});
    if (hub.store.person_revoked(*person) || hub.organisation.person(*person) == nullptr) return refused();
    return *person;
}

Result<void> Hub::set_password(const RecordId& person, std::string_view password)
{
    inside_->refresh();
    if (inside_->organisation.person(person) == nullptr) return fail(Errc::not_found, fmt::format("there is no person {}", person.text()));
    if (characters_of(password) < password_length_min)
        return fail(Errc::invalid_value, fmt::format("a password has {} characters or more; a few words are easier to remember than signs. Nothing was changed", password_length_min),
                    "password");
    if (password.size() > protocol::reason_bytes_max) return fail(Errc::too_large, "this password is too long; nothing was changed", "password");
    const auto record = this->record(person).value();
    const std::array known{schema::text_of(record, "name"), schema::text_of(record, "email")};
    if (hard_characters(password, known) < hard_characters_min)
        return fail(Errc::invalid_value, "this password is easy to guess: it is made of common words, the person's name, rows of keys or repetitions. Take a few words that do not "
                                         "belong together; nothing was changed",
                    "password");
    const auto hash = hash_password(password);
    storage::Transaction transaction{inside_->store.db()};
    inside_->store.put_password(person, hash);
    inside_->audit.append({store::AuditKind::password_set, inside_->options.clock->now(), {}, {}, person, {}, {}});
    transaction.commit();
    return {};
}

} // namespace roadbook::server
