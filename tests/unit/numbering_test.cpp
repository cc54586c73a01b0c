// Numbers that devices give out offline: no two alike while all goes well, and told apart when a copy of a device does not know better.
#include "mobile-app/replica/tables.hpp"
#include "shared/schema/validation.hpp"
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

schema::Value text(const std::string& value)
{
    return value;
}

std::string number_of(Device& device, const RecordId& id)
{
    return schema::text_of(device->show(id).value().merged.record, "number");
}

RecordId a_quote(Device& device, const RecordId& account)
{
    return device->add("quote", {{"account", account}}).value().record;
}

} // namespace

TEST_CASE("two devices of one person number their quotes offline from blocks of their own", "[numbering]")
{
    Company company;
    Device phone{company, "phone", company.ann};
    Device tablet{company, "tablet", company.ann};
    REQUIRE(phone.sync().code == Errc::ok);
    REQUIRE(tablet.sync().code == Errc::ok);
    CHECK(number_of(phone, a_quote(phone, company.acme)) == "Q-2026-000001");
    CHECK(number_of(phone, a_quote(phone, company.acme)) == "Q-2026-000002");
    CHECK(number_of(tablet, a_quote(tablet, company.acme)) == "Q-2026-000051");
    const auto given = phone->add("quote", {{"account", company.acme}, {"number", text("MY-1")}}).value().record;
    CHECK(number_of(phone, given) == "MY-1");
    CHECK(number_of(phone, a_quote(phone, company.acme)) == "Q-2026-000003");

    // A new year counts anew, and its block is there already: no network on the first of January.
    company.clock().advance(std::chrono::hours{24 * 310});
    CHECK(number_of(phone, a_quote(phone, company.acme)) == "Q-2027-000001");
}

TEST_CASE("a number without a lease says that it is provisional, and is replaced once there is one", "[numbering]")
{
    Company company;
    Device phone{company, "phone", company.ann};
    REQUIRE(phone.sync().code == Errc::ok);
    std::vector<RecordId> quotes;
    for (int i = 0; i < 52; ++i) {
        company.clock().advance(std::chrono::milliseconds{1}); // ids of one millisecond have no order
        quotes.push_back(a_quote(phone, company.acme));
    }
    CHECK(number_of(phone, quotes[49]) == "Q-2026-000050");
    const auto provisional = number_of(phone, quotes[50]);
    CHECK(rules::is_provisional(provisional));
    CHECK(number_of(phone, quotes[51]) != provisional);
    CHECK(phone->search(provisional).size() == 1);

    REQUIRE(phone.sync().code == Errc::ok);
    CHECK(number_of(phone, quotes[50]) == "Q-2026-000051");
    CHECK(number_of(phone, quotes[51]) == "Q-2026-000052");
    REQUIRE(phone.sync().code == Errc::ok);
    CHECK(schema::text_of(company.hub().record(quotes[50]).value(), "number") == "Q-2026-000051");
}

TEST_CASE("a lease whose welcome got lost comes again, and a used one never", "[numbering]")
{
    Company company;
    Device phone{company, "phone", company.ann};
    v1::ClientFrame hello;
    *hello.mutable_hello() = phone->hello();
    std::vector<std::int64_t> first;
    for (int i = 0; i < 2; ++i) {
        Connection connection{company};
        const auto frames = connection.send(hello);
        REQUIRE_FALSE(frames.empty());
        REQUIRE(frames.front().has_welcome());
        for (const auto& lease : frames.front().welcome().leases())
            if (lease.record_type() == "quote" && lease.period() == "2026") first.push_back(lease.first());
    }
    CHECK(first == std::vector<std::int64_t>{1, 1});
    REQUIRE(phone.sync().code == Errc::ok);
    (void)a_quote(phone, company.acme);
    REQUIRE(phone.sync().code == Errc::ok);
    Connection connection{company}; // the device as it was before it had any
    const auto frames = connection.send(hello);
    REQUIRE_FALSE(frames.empty());
    for (const auto& lease : frames.front().welcome().leases())
        if (lease.record_type() == "quote" && lease.period() == "2026") CHECK(lease.first() == 51);
}

TEST_CASE("one number on two records: nothing is refused, and the later one gets a suffix, in either order", "[numbering]")
{
    const bool later_first = GENERATE(false, true);
    Company company;
    Device phone{company, "phone", company.ann};
    Device tablet{company, "tablet", company.ann};
    REQUIRE(phone.sync().code == Errc::ok);
    REQUIRE(tablet.sync().code == Errc::ok);
    const auto earlier = phone->add("quote", {{"account", company.acme}, {"number", text("Q-2026-000007")}}).value().record;
    company.clock().advance(std::chrono::minutes{5});
    const auto later = tablet->add("quote", {{"account", company.acme}, {"number", text("Q-2026-000007")}}).value().record;
    auto& first = later_first ? tablet : phone;
    auto& second = later_first ? phone : tablet;
    REQUIRE(first.sync().code == Errc::ok);
    CHECK(second.sync().message == "");
    REQUIRE(first.sync().code == Errc::ok);
    REQUIRE(second.sync().code == Errc::ok);
    CHECK(company.hub().quarantine().empty());
    for (auto* device : {&phone, &tablet}) {
        CHECK(number_of(*device, earlier) == "Q-2026-000007");
        CHECK(number_of(*device, later) == "Q-2026-000007-2");
    }
    CHECK(phone->history(later).value().back().by->reason == "Q-2026-000007 was given out twice");
}

TEST_CASE("leases begin behind the numbers that imported records bear", "[numbering]")
{
    Company company;
    for (const auto* number : {"Q-2026-000001", "Q-2026-000002", "Q-2026-000418", "OLD-7", "Q-2025-009999"})
        company.apply(creation(company.new_record(), "quote", {{"account", company.acme}, {"number", text(number)}}));
    Device phone{company, "phone", company.ann};
    REQUIRE(phone.sync().code == Errc::ok);
    CHECK(number_of(phone, a_quote(phone, company.acme)) == "Q-2026-000419");
}

TEST_CASE("fifty devices number a thousand records each offline: no two alike, and every gap has its owner", "[numbering]")
{
    constexpr int devices = 50;
    constexpr int records = 1'000;
    Company company;
    schema::Record rule;
    rule.id = company.new_record();
    rule.kind = "numbering_rule";
    rule.fields = {{"record_type", text("quote")}, {"prefix", text("Q")}, {"period", text("none")},
                   {"width", std::int64_t{7}}, {"block", std::int64_t{1'200}}};
    company.apply(creation(rule.id, rule.kind, rule.fields));
    const auto& quote = *schema::find_kind("quote");
    std::set<std::string> all;
    for (int i = 0; i < devices; ++i) {
        const auto name = "device" + std::to_string(i);
        Device device{company, name, company.ann};
        REQUIRE(device.sync().code == Errc::ok);
        device.close();
        auto db = storage::Database::open({company.folder(name) / replica::Replica::file_name}).value();
        storage::ReadModel read_model{db};
        replica::Numbers numbers{db, read_model};
        numbers.set_install(company.folder(name) / replica::Replica::file_name);
        storage::Transaction transaction{db};
        for (int n = 0; n < records; ++n) {
            const auto id = company.new_record();
            const auto given = numbers.next(quote, id, company.clock().now());
            REQUIRE(given.count != 0);
            numbers.use(quote, id, given);
            REQUIRE(all.insert(given.text).second);
        }
        transaction.commit();
        for (const auto& left : numbers.left())
            if (left.record_type == "quote") CHECK(left.count == 200);
    }
    CHECK(all.size() == devices * records);
    const auto leases = company.hub().number_leases();
    std::int64_t next = 1;
    for (const auto& lease : leases) {
        if (lease.record_type != "quote") continue;
        CHECK(lease.first == next);
        CHECK(lease.person == company.ann);
        next = lease.first + lease.count;
    }
    CHECK(next == 1 + devices * 1'200);
}
