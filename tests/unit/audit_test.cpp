// The audit log: what is in it, that it only grows, and that whoever touches it is found.
#include "sync-server/store/store.hpp"
#include "tests/support/office.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

using namespace roadbook;
using namespace roadbook::testing;
using store::AuditKind;

namespace {

std::vector<store::AuditEntry> entries(Company& company, const store::AuditFilter& filter = {})
{
    std::vector<store::AuditEntry> found;
    company.hub().audit().each(filter, [&](const store::AuditEntry& entry) {
        found.push_back(entry);
        return true;
    });
    return found;
}

std::vector<store::AuditEntry> entries(Company& company, AuditKind kind)
{
    return entries(company, store::AuditFilter{{}, {}, {}, {}, kind});
}

/// A log of some entries in a file of its own, without the triggers: as somebody has it who holds the disk.
struct Tampered {
    static constexpr std::int64_t count = 40;
    TempFolder folder;
    store::Store store = store::Store::open({.path = folder / "server.db"}).value();
    store::AuditLog log{store.db()};
    store::AuditHead head;

    Tampered()
    {
        storage::Transaction transaction{store.db()};
        for (std::int64_t i = 0; i < count; ++i) {
            store::AuditNote note{static_cast<AuditKind>(i % 20), Time{Duration{1'000 * i}}, {}, {}, {}, {}, fmt::format("entry {}", i)};
            note.person.bytes[15] = static_cast<std::byte>(i % 5);
            for (int n = 0; n < i % 4; ++n) note.items.push_back({RecordId{{std::byte{9}}}, sha256(as_bytes(fmt::format("{} {}", i, n)))});
            log.append(note);
        }
        transaction.commit();
        head = log.head();
        store.db().execute("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; DROP TRIGGER audit_has_no_gaps");
    }
};

} // namespace

TEST_CASE("the audit log tells who did what: changes, refusals, grants, codes, enrolments, logins, revocations", "[audit]")
{
    Office office;
    auto& company = office.company;
    REQUIRE(entries(company, AuditKind::code_made).size() == 2);
    const auto enrolled = entries(company, AuditKind::device_enrolled);
    REQUIRE(enrolled.size() == 2);
    REQUIRE(enrolled.front().note.person == company.ann);
    REQUIRE(enrolled.front().note.detail == "ann");
    REQUIRE(entries(company, AuditKind::login).size() == 2);

    const auto before = entries(company, AuditKind::change_accepted).size();
    REQUIRE(office.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(office.ann->set(company.acme, {{"city", text("Kiel")}}).has_value());
    const auto pushed = outgoing(office.ann);
    REQUIRE(office.ann.sync().code == Errc::ok);
    const auto accepted = entries(company, AuditKind::change_accepted);
    REQUIRE(accepted.size() == before + 1); // one entry for the batch
    REQUIRE(accepted.back().note.person == company.ann);
    REQUIRE(accepted.back().note.items.size() == 2);
    REQUIRE(accepted.back().note.items.front().record == company.acme);
    REQUIRE(entries(company, {{}, {}, company.acme, {}, {}}).back().seq == accepted.back().seq);
    REQUIRE(entries(company, {company.ben, {}, {}, {}, {}}).front().note.kind == AuditKind::grants_changed); // about him, done by the office

    // Ann edits offline, the territory goes to Ben, then her edit comes: late.
    REQUIRE(office.ann->set(company.acme, {{"phone", text("2")}}).has_value());
    office.give_north_to(company.ben);
    const auto regranted = entries(company, AuditKind::grants_changed);
    REQUIRE(regranted.back().note.person == company.mona);
    REQUIRE(regranted.back().note.detail.find("territory:" + company.north.text()) != std::string::npos);
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(entries(company, AuditKind::change_late).size() == 1);

    // A product is not a rep's to change: refused, noted once however often it comes.
    auto connection = greet(company, office.ann);
    auto forged = forged_phone(company, pushed, "666");
    REQUIRE(connection.push(forged).front().status() == v1::REFUSED);
    REQUIRE(connection.push(forged).front().status() == v1::REFUSED);
    const auto refused = entries(company, AuditKind::change_refused);
    REQUIRE(refused.size() == 1);
    REQUIRE(refused.front().note.detail.starts_with("not_found"));

    REQUIRE(company.hub().revoke(enrolled.front().note.device).has_value());
    REQUIRE(entries(company, AuditKind::device_revoked).front().note.subject == company.ann);
    for (int i = 0; i < 3; ++i) REQUIRE(office.ann.sync().code == Errc::revoked);
    REQUIRE(entries(company, AuditKind::login_refused).size() == 1); // one an hour, however often it knocks
    REQUIRE(company.hub().audit().verify().first_bad == 0);
}

TEST_CASE("what is rolled back leaves no entry", "[audit]")
{
    Company company;
    const auto head = company.hub().audit().head();
    {
        auto db = storage::Database::open({.path = company.server_folder() / server::Hub::file_name}).value();
        const storage::Transaction transaction{db};
        store::AuditLog{db}.append({.kind = AuditKind::login, .at = company.clock().now()});
    }
    REQUIRE(company.hub().audit().head() == head);
}

TEST_CASE("the database itself refuses to change, delete or replace an entry, or to leave one out", "[audit]")
{
    TempFolder folder;
    auto store = store::Store::open({.path = folder / "server.db"}).value();
    store::AuditLog log{store.db()};
    log.append({});
    log.append({});
    for (const auto* attack : {"UPDATE audit SET detail = 'nothing' WHERE seq = 1", "DELETE FROM audit WHERE seq = 2", "DELETE FROM audit",
                               "INSERT OR REPLACE INTO audit SELECT 1, at, kind, person, device, subject, items, 'else', hash FROM audit WHERE seq = 2",
                               "INSERT INTO audit SELECT 7, at, kind, person, device, subject, items, detail, hash FROM audit WHERE seq = 2"}) {
        CAPTURE(attack);
        REQUIRE_THROWS_AS(store.db().execute(attack), Fault);
    }
    REQUIRE(log.verify().entries == 2);
}

TEST_CASE("a thousand tamperings with the file are all found, and the first bad entry is named", "[audit]")
{
    Tampered world;
    REQUIRE(world.log.verify(world.head).first_bad == 0);
    std::mt19937 chance{20261122};
    const auto any = [&](std::int64_t from, std::int64_t to) { return std::uniform_int_distribution<std::int64_t>{from, to}(chance); };
    constexpr std::array columns{"at", "kind", "person", "device", "subject", "items", "detail", "hash"};
    std::array<int, 6> tried{};
    for (int round = 0; round < 1'000; ++round) {
        const auto way = any(0, 5);
        const auto one = any(1, Tampered::count);
        auto other = any(1, Tampered::count - 1);
        if (other >= one) ++other;
        std::int64_t first_bad = one;
        std::string sql;
        if (way == 0) { // one column of one entry
            const auto* column = columns.at(static_cast<std::size_t>(any(0, columns.size() - 1)));
            const auto is_number = std::string_view{column} == "at";
            const auto is_text = std::string_view{column} == "kind" || std::string_view{column} == "detail";
            sql = is_number ? fmt::format("UPDATE audit SET at = at + {} WHERE seq = {}", any(1, 9), one)
                  : is_text ? fmt::format("UPDATE audit SET {0} = {0} || 'x' WHERE seq = {1}", column, one)
                            : fmt::format("UPDATE audit SET {0} = CAST({0} || x'07' AS BLOB) WHERE seq = {1}", column, one);
        } else if (way == 1) { // one taken out, the others left where they are
            if (one == Tampered::count) first_bad = Tampered::count;
            sql = fmt::format("DELETE FROM audit WHERE seq = {}", one);
        } else if (way == 2) { // one taken out, the others moved up
            sql = fmt::format("DELETE FROM audit WHERE seq = {0}; UPDATE audit SET seq = -seq WHERE seq > {0}; UPDATE audit SET seq = -seq - 1 WHERE seq < 0", one);
        } else if (way == 3) { // two change places
            first_bad = std::min(one, other);
            sql = fmt::format("UPDATE audit SET seq = -1 WHERE seq = {0}; UPDATE audit SET seq = {0} WHERE seq = {1}; UPDATE audit SET seq = {1} WHERE seq = -1", one, other);
        } else if (way == 4) { // the end cut off
            sql = fmt::format("DELETE FROM audit WHERE seq >= {}", one);
        } else { // the end written anew by somebody who knows how: honest entries, another history
            first_bad = Tampered::count;
            sql = fmt::format("DELETE FROM audit WHERE seq >= {}", one);
        }
        CAPTURE(round, way, one, other, sql);
        storage::Transaction undone{world.store.db()};
        world.store.db().execute(sql);
        if (way == 5)
            for (auto seq = one; seq <= Tampered::count; ++seq) world.log.append({.kind = AuditKind::login, .detail = "nothing happened"});
        const auto verdict = world.log.verify(world.head);
        REQUIRE(verdict.first_bad == first_bad);
        REQUIRE_FALSE(verdict.why.empty());
        REQUIRE(verdict.entries < one); // what it calls good is
        ++tried.at(static_cast<std::size_t>(way));
    }
    for (const auto count : tried) REQUIRE(count > 100);
    REQUIRE(world.log.verify(world.head).first_bad == 0);
}
