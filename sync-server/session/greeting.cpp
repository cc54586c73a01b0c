// Who is there: enrolment with a one-time code, and the greeting of an enrolled device.
#include "shared/base/log.hpp"
#include "shared/base/retry.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/numbering.hpp"
#include "sync-server/session/passwords.hpp"
#include "sync-server/session/recovery.hpp"
#include "sync-server/session/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::string_view code_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // no I, L, O, U: read aloud without mistakes
constexpr std::size_t code_length = 16;                                       // 80 random bits
/// A token that was copied somewhere is worth nothing after this, and one that is used in two places is found out.
constexpr Duration token_lifetime = std::chrono::hours{24 * 30};
constexpr auto turned_away_again = std::chrono::hours{1}; // one entry an hour for a device that keeps knocking

/// What a person typed: capitals or not, with or without dashes, O for 0.
std::string normalised(std::string_view typed)
{
    std::string code;
    for (char c : typed) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        if (code_letters.find(c) != std::string_view::npos) code.push_back(c);
    }
    return code;
}

Hash hash_of_code(std::string_view typed)
{
    return sha256(as_bytes("roadbook enrolment code:"), as_bytes(normalised(typed)));
}

constexpr std::uint64_t bytes_stored_max = std::uint64_t{1} << 50; // what a device says of itself is only shown

/// The old one holds until the new one was used: the Welcome that brings it may get lost.
void renew_token(Hub::Inside& hub, const store::Device& device, protocol::v1::Welcome& welcome)
{
    const auto now = hub.options.clock->now();
    if (now - device.token_at < token_lifetime) return;
    const auto token = make_token(hub.seal_key, device.id, device.person, now, *hub.options.random);
    hub.store.put_next_token(device.id, sha256(token), now);
    welcome.set_new_token(protocol::to_field(token));
}

/// What is written when a device comes. A full disk is no reason to turn it away: it can still receive, and its edits are safe with it.
/// `known`: how far it has stored which scope.
void note_contact(Hub::Inside& hub, const store::Device& device, Hub::Greeting& greeting, const protocol::v1::Hello& hello,
                  const std::vector<std::pair<std::int64_t, std::uint64_t>>& known)
{
    try {
        storage::Transaction transaction{hub.store.db()};
        hub.audit.append({store::AuditKind::login, hub.options.clock->now(), device.person, device.id, {}, {}, hello.app_version()});
        hub.store.touch_device(device.id, hub.options.clock->now(), greeting.caller.clock_offset, hello.unsent(), static_cast<std::int64_t>(std::min<std::uint64_t>(hello.bytes_stored(), bytes_stored_max)),
                                hello.app_version());
        renew_token(hub, device, greeting.welcome);
        if (hello.unsent() == 0)
            for (const auto& [scope, seq] : known) hub.store.confirm_departures(device.id, scope, seq);
        lease_numbers(hub, device, greeting.caller.role, hello, greeting.welcome);
        transaction.commit();
    } catch (const Fault& fault) {
        if (fault.error().code != Errc::storage_full) throw;
        greeting.welcome.clear_leases();
        greeting.welcome.clear_new_token();
        log::warning("contact_not_noted", "device={} code={}", device.id.text(), name(fault.error().code));
    }
}

/// A full disk is no reason to turn it away: what it reports stays with it.
protocol::v1::RefusedNews told_of_refused(Hub& hub, Hub::Inside& inside, const store::Device& device, const protocol::v1::Hello& hello)
{
    try {
        return refused_news(hub, inside, device, hello);
    } catch (const Fault& fault) {
        if (fault.error().code != Errc::storage_full) throw;
        log::warning("refused_not_noted", "device={} code={}", device.id.text(), name(fault.error().code));
        return {};
    }
}

/// It has the right token and no right to come in. Who has no token leaves no entry here, and who has one leaves few: nobody may fill the
/// disk by knocking.
Error turned_away(Hub::Inside& hub, const store::Device& device, Bilingual why)
{
    const auto now = hub.options.clock->now();
    const auto [last, is_first] = hub.turned_away.try_emplace(device.id, now);
    if (is_first || now - last->second >= turned_away_again) {
        last->second = now;
        storage::Transaction transaction{hub.store.db()};
        hub.audit.append({store::AuditKind::login_refused, now, device.person, device.id, {}, {}, why.en});
        transaction.commit();
    }
    return fail(Errc::revoked, std::move(why));
}

/// Wrong, used and expired alike, and not for every one of many: nobody may fill the disk by guessing.
void note_wrong_try(Hub::Inside& hub, const std::string& address, Time now)
{
    const auto count = hub.wrong_tries.note(address, now);
    if (count == 0) return;
    const auto from = address.empty() ? std::string{"an unknown address"} : address;
    hub.audit.append({store::AuditKind::enrolment_refused, now, {}, {}, {}, {}, fmt::format("{} wrong since the last entry, this one from {}", count, from)});
    log::warning("enrolment_refused", "address={} count={}", from, count);
}

void add_limits(protocol::v1::Limits& limits)
{
    limits.set_frame_bytes(protocol::frame_bytes_max);
    limits.set_change_bytes(protocol::change_bytes_max);
    limits.set_batch_changes(protocol::batch_changes_max);
    limits.set_document_bytes(protocol::document_bytes_max);
}

} // namespace

Result<std::string> Hub::make_code(const RecordId& person, Duration lifetime)
{
    inside_->refresh();
    if (inside_->organisation.person(person) == nullptr) return fail(Errc::not_found, fmt::format("there is no person {}", person.text()));
    if (is_person_revoked(person))
        return fail(Errc::not_allowed, "this person's access was ended: `admin readmit` gives it back, then make a code");
    std::string code;
    for (const auto byte : inside_->options.random->bytes(code_length)) {
        if (!code.empty() && code.size() % 5 == 4) code.push_back('-');
        code.push_back(code_letters[std::to_integer<unsigned>(byte) % code_letters.size()]);
    }
    storage::Transaction transaction{inside_->store.db()};
    const auto now = inside_->options.clock->now();
    inside_->store.put_code(hash_of_code(code), person, now + lifetime);
    inside_->audit.append({store::AuditKind::code_made, now, {}, {}, person, {}, fmt::format("until {}", to_text(now + lifetime))});
    transaction.commit();
    return code;
}

Error Hub::Inside::too_often(std::chrono::seconds wait)
{
    return busy({fmt::format("this device connects very often: it may come again in {} s; all edits are safe on it", wait.count()),
                 fmt::format("此设备连接过于频繁：请在 {} 秒后再试；所有修改都安全保存在设备上", wait.count())}, wait);
}

Result<RecordId> Hub::Inside::person_enrolling(const protocol::v1::Enrol& enrol, Time now)
{
    if (!enrol.password().empty()) return person_by_password(*this, enrol.person(), enrol.password(), now);
    const auto person = store.use_code(hash_of_code(enrol.code()), now);
    if (person && organisation.person(*person) != nullptr && !store.person_revoked(*person)) return *person;
    return fail(Errc::bad_code, Bilingual{"this enrolment code is wrong, used or expired: ask your administrator for a new one; nothing was changed",
                                          "注册码错误、已使用或已过期：请向管理员索取新的注册码；未做任何更改"});
}

bool Hub::Inside::token_fits(store::Device& device, const Hash& token)
{
    if (equal_in_constant_time(token.view(), device.token_hash.view())) return true;
    if (!store.is_next_token(device.id, token)) return false;
    storage::Transaction transaction{store.db()};
    device.token_hash = token;
    device.token_at = options.clock->now();
    store.take_token(device.id, token, device.token_at);
    transaction.commit();
    return true;
}

std::optional<store::Device> Hub::Inside::identify(const DeviceId& id, ByteView token)
{
    auto device = store.device(id);
    auto compared = device.value_or(store::Device{});
    // An unknown device is compared, too: both wrong ways take the same path and time.
    if (token_fits(compared, sha256(token)) && device) return compared;
    const auto since = lost_since(*this);
    const auto issued = read_token(seal_key, id, token);
    if (since == 0 || !issued || issued->at <= Time{Duration{since}}) return std::nullopt; // what is older is in the backup
    if (device && (device->person != issued->person || device->token_at >= issued->at)) return std::nullopt;
    const auto now = options.clock->now();
    storage::Transaction transaction{store.db()};
    if (!device) {
        device = store::Device{id, issued->person, "enrolled after the backup", {}, issued->at, {}, {}, {}, {}, 0, 0, issued->at};
        device->awaits_since = now;
        store.put_device(*device);
    }
    device->token_hash = sha256(token);
    device->token_at = issued->at; // of the tokens of the lost time only a younger one can follow
    store.take_token(id, device->token_hash, device->token_at);
    audit.append({store::AuditKind::device_recovered, now, issued->person, id, {}, {}, device->awaits_since ? "it waits for an administrator" : "by a token given out after the backup"});
    transaction.commit();
    return device;
}

bool Hub::Inside::has_no_access(const store::Device& device)
{
    const bool is_settled = !device.awaits_since; // of one that waits to be admitted, the person may still come back: nothing is wiped for that
    return device.revoked_at || store.person_revoked(device.person) || (is_settled && organisation.person(device.person) == nullptr);
}

Result<protocol::v1::Enrolled> Hub::enrol(const protocol::v1::Enrol& enrol, const std::string& address)
{
    const auto sizes = {enrol.code().size(), enrol.device_name().size(), enrol.person().size(), enrol.password().size()};
    if (std::max(sizes) > protocol::reason_bytes_max) return fail(Errc::too_large, Bilingual{"the enrolment names a code, person or device that is too long", "注册信息中的注册码、人员或设备名称过长"});
    inside_->refresh();
    if (const auto why = waits_for_confirmation(*inside_)) return *why;
    const auto now = inside_->options.clock->now();
    if (const auto wait = inside_->wrong_tries.must_wait(address, now); wait.count() > 0)
        return busy({fmt::format("too many wrong codes or passwords were tried: try again in {} s; nothing was changed, and a code that is good stays good", wait.count()),
                     fmt::format("错误的注册码或密码过多：请在 {} 秒后再试；未做任何更改，有效的注册码仍然有效", wait.count())}, wait);
    storage::Transaction transaction{inside_->store.db()};
    const auto person = inside_->person_enrolling(enrol, now);
    if (!person) {
        if (person.error().code == Errc::bad_code) note_wrong_try(*inside_, address, now);
        transaction.commit(); // a wrong guess counts
        return person.error();
    }
    const auto* known = inside_->organisation.person(*person);
    const auto id = new_id<DeviceId>(now, *inside_->options.random);
    const auto token = make_token(inside_->seal_key, id, *person, now, *inside_->options.random);
    const store::Device device{id, *person, enrol.device_name(), sha256(token), now, {}, {}, {}, {}, 0, 0, now};
    inside_->store.put_device(device);
    inside_->audit.append({store::AuditKind::device_enrolled, now, *person, device.id, {}, {}, device.name});
    transaction.commit();
    log::info("device_enrolled", "device={} person={}", device.id.text(), person->text());
    protocol::v1::Enrolled enrolled;
    enrolled.set_device(protocol::to_field(device.id));
    enrolled.set_token(protocol::to_field(token));
    enrolled.set_person(protocol::to_field(*person));
    enrolled.set_person_name(known->name);
    enrolled.set_role(std::string{schema::name(known->role)});
    enrolled.set_sealing_key(protocol::to_field(inside_->sealing.public_key));
    enrolled.set_lease_days(static_cast<std::uint32_t>(inside_->options.lease_days));
    return enrolled;
}

Result<Hub::Greeting> Hub::greet(const protocol::v1::Hello& hello)
{
    inside_->refresh();
    if (const auto why = waits_for_confirmation(*inside_)) return *why;
    keep_calendar();
    const auto id = DeviceId::from(as_bytes(hello.device()));
    const auto identified = inside_->identify(id.value_or(DeviceId{}), as_bytes(hello.token()));
    if (!identified) return fail(Errc::bad_token, Bilingual{"this device is not known to the server: enrol it again; all edits are safe on it",
                                                            "服务器不认识此设备：请重新注册；所有修改都安全保存在设备上"});
    const auto& device = *identified;
    if (device.revoked_at || inside_->store.person_revoked(device.person)) return turned_away(*inside_, device, access_ended());
    if (device.awaits_since)
        return fail(Errc::server_busy, Bilingual{"this device was enrolled after the backup that the server was restored from: it waits until an administrator admits it; all edits "
                                                 "are safe on it, and it will connect again by itself",
                                                 "此设备是在备份之后注册的，而服务器刚从该备份恢复：须等管理员准入；所有修改都安全保存在设备上，设备会自动重新连接"});
    const auto* person = inside_->organisation.person(device.person);
    if (person == nullptr) return turned_away(*inside_, device, {"the person of this device has left; ask your administrator", "此设备的使用者已离职；请联系管理员"});

    const auto refused = told_of_refused(*this, *inside_, device, hello);
    const auto now = inside_->options.clock->now();
    if (const auto wait = inside_->allowances.greet(device.id, now); wait.count() > 0) return inside_->too_often(wait);
    Greeting greeting;
    greeting.caller = {device.id, device.person, person->role, merge::time_from_frame(hello.device_time()) - now, false, hello.whole_entries()};
    auto& welcome = greeting.welcome;
    welcome.set_version(protocol::version);
    welcome.set_server_epoch(protocol::to_field(inside_->epoch));
    welcome.set_server_time(now.time_since_epoch().count());
    welcome.set_person(protocol::to_field(device.person));
    welcome.set_role(std::string{schema::name(person->role)});
    welcome.set_sealing_key(protocol::to_field(inside_->sealing.public_key));
    welcome.set_lease_days(static_cast<std::uint32_t>(inside_->options.lease_days));
    *welcome.mutable_grants() = inside_->grants_frame(device.person);
    add_limits(*welcome.mutable_limits());
    *welcome.mutable_refused() = refused;
    greeting.heads = inside_->heads_of(device.person);

    const auto theirs = as_bytes(hello.server_epoch());
    const bool same_epoch = std::equal(theirs.begin(), theirs.end(), inside_->epoch.begin(), inside_->epoch.end());
    if (!same_epoch && !theirs.empty()) welcome.set_lost_since(lost_since(*inside_));
    // After a restore a cursor fits still when all that it stands for was in the backup: the running hash says so.
    const bool same_history = same_epoch || welcome.lost_since() != 0;
    std::vector<std::pair<std::int64_t, std::uint64_t>> known;
    for (const auto& cursor : hello.cursors()) {
        const auto scope = schema::ScopeId::from(as_bytes(cursor.scope()));
        const auto head = scope ? inside_->store.scope(*scope) : std::nullopt;
        if (!scope) continue;
        const auto ours = inside_->store.running_hash_at(head ? head->num : 0, cursor.seq()); // asked also for a scope that there is not
        const bool fits_feed = same_history && head && ours && protocol::to_field(*ours) == cursor.running_hash();
        const bool never_used = same_history && !head && cursor.seq() == 0;
        if (!fits_feed && !never_used) greeting.void_cursors.push_back(*scope);
        if (fits_feed && cursor.pack_position() == 0) known.emplace_back(head->num, cursor.seq());
    }
    note_contact(*inside_, device, greeting, hello, known);
    return greeting;
}

protocol::ServerSession::GrantsChanged Hub::grants_of(const RecordId& person)
{
    return {inside_->grants_frame(person), inside_->heads_of(person)};
}

protocol::v1::Purge Hub::drained(const Caller& caller, std::uint64_t grant_epoch)
{
    protocol::v1::Purge purge;
    const auto current = inside_->store.grant_epoch(caller.person);
    const auto confirmed = std::min(grant_epoch, current);
    {
        storage::Transaction transaction{inside_->store.db()};
        inside_->store.confirm_epoch(caller.device, confirmed);
        transaction.commit();
    }
    purge.set_grant_epoch(confirmed);
    const auto& granted = inside_->grants(caller.person);
    std::set<schema::ScopeId> gone;
    for (const auto& grant : inside_->store.grants(caller.person))
        if (grant.until && *grant.until <= confirmed && !granted.contains(grant.scope)) gone.insert(grant.scope);
    for (const auto& scope : gone) purge.add_scopes(protocol::to_field(scope.bytes()));
    return purge;
}

} // namespace roadbook::server
