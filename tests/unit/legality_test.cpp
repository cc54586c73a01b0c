// What a change may do where it was made: the same judge refuses on the device and on the server.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/legality.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using automerge::Edit;
using merge::check_change;
using schema::Role;

namespace {

RecordId an_id(std::uint8_t last)
{
    RecordId id;
    id.bytes.front() = std::byte{1};
    id.bytes.back() = static_cast<std::byte>(last);
    return id;
}

const RecordId quote = an_id(1);
const RecordId account = an_id(2);
const ChildId line = ChildId::parse("01900000-0000-7000-8000-000000000001").value();

ActorId an_actor(std::uint8_t last)
{
    ActorId actor;
    actor.bytes.back() = static_cast<std::byte>(last);
    return actor;
}

/// A document, and the judgement over each edit that is put on top.
struct Judged {
    const schema::Kind& kind;
    RecordId id;
    automerge::Document document;

    Judged(std::string_view name, const RecordId& record) : kind{*schema::find_kind(name)}, id{record}, document{merge::new_document(kind)} {}

    Result<void> make(const std::vector<Edit>& edits, Role role = Role::rep, std::uint8_t actor = 1)
    {
        const auto before = document.read().value();
        (void)document.commit(an_actor(actor), edits).value();
        return check_change(kind, id, before, document.read().value(), {an_id(9), role});
    }
    /// As make(); a refused edit is taken back.
    Result<void> attempt(const std::vector<Edit>& edits, Role role = Role::rep)
    {
        auto spare = document.fork().value();
        auto judged = make(edits, role);
        document = std::move(spare);
        return judged;
    }
};

Edit put(std::vector<std::string> path, automerge::Scalar value)
{
    return {std::move(path), Edit::Put{std::move(value)}};
}
Edit put_map(std::vector<std::string> path)
{
    return {std::move(path), Edit::PutMap{}};
}

std::vector<Edit> creation(const RecordId& id)
{
    return {put({"id"}, to_bytes(id.view())), put({"account"}, to_bytes(account.view()))};
}

std::vector<Edit> a_line(const std::string& key, std::int64_t quantity = 1000)
{
    return {put_map({"lines", key}), put({"lines", key, "quantity"}, quantity), put({"lines", key, "unit_price"}, std::string{"500 EUR"}),
            put({"lines", key, "position"}, std::string{"ab"})};
}

Judged a_quote()
{
    Judged judged{"quote", quote};
    REQUIRE(judged.make(creation(quote)).has_value());
    REQUIRE(judged.make(a_line(line.text())).has_value());
    return judged;
}

/// Why it was refused, which is always said in both languages.
Error refused(const Result<void>& judged)
{
    if (judged) return fail(Errc::ok, "it was allowed");
    CHECK_FALSE(judged.error().message_zh.empty());
    return judged.error();
}

} // namespace

TEST_CASE("a record is created with its id and all that is required", "[legality]")
{
    CHECK(Judged("quote", quote).make(creation(quote)).has_value());
    const auto error = refused(Judged("quote", quote).make({put({"id"}, to_bytes(quote.view()))}));
    CHECK(error.code == Errc::invalid_value);
    CHECK(error.field == "account");
}

TEST_CASE("a change without an id, or with that of another record, does not belong to the record", "[legality]")
{
    for (const auto& edits : {std::vector{put({"account"}, to_bytes(account.view()))}, creation(account)}) {
        const auto error = refused(Judged("quote", quote).make(edits));
        CHECK(error.code == Errc::bad_change);
        CHECK(error.field == "id");
    }
}

TEST_CASE("id and kind are written once, even with the value that they have", "[legality]")
{
    auto judged = a_quote();
    // Automerge leaves out a put of the same value, so the id is written by somebody who has not seen it, and merged in.
    auto apart = merge::new_document(judged.kind);
    const auto twin = apart.commit(an_actor(2), creation(quote)).value().value();
    const auto before = judged.document.read().value();
    const ByteView bytes{twin.bytes};
    judged.document.apply(std::span{&bytes, 1}).value();
    CHECK(refused(check_change(judged.kind, quote, before, judged.document.read().value(), {an_id(9), Role::rep})).field == "id");

    CHECK(refused(a_quote().make({put({"id"}, to_bytes(account.view()))})).field == "id");
    CHECK(refused(a_quote().make({put({"kind"}, std::string{"order"})})).field == "kind");
}

TEST_CASE("a change makes no container", "[legality]")
{
    for (const auto& edits : {std::vector{put_map({"mine"})}, std::vector{put_map({"number"})}}) {
        const auto error = refused(a_quote().make(edits));
        CHECK(error.code == Errc::bad_change);
    }
    const auto nested = refused(a_quote().make({put_map({"lines", line.text(), "more"})}));
    CHECK(nested.code == Errc::bad_change);
    CHECK(nested.field == "lines/" + line.text() + "/more");
}

TEST_CASE("nothing is taken out of a record", "[legality]")
{
    auto judged = a_quote();
    for (const auto& path : {std::vector<std::string>{"account"}, {"lines"}, {"lines", line.text()}, {"lines", line.text(), "quantity"}, {"notes"}}) {
        const auto error = refused(judged.attempt({{path, Edit::Remove{}}}));
        CHECK(error.code == Errc::bad_change);
        CHECK(error.field == path.back());
    }
}

TEST_CASE("an entry of a collection is keyed by its id and holds plain values", "[legality]")
{
    const auto error = refused(a_quote().make(a_line("first")));
    CHECK(error.code == Errc::bad_change);
    CHECK(error.field == "lines/first");
    CHECK(refused(a_quote().make({put({"lines", "01900000-0000-7000-8000-000000000002"}, std::int64_t{1})})).code == Errc::bad_change);
}

TEST_CASE("a value of the wrong type or out of range is refused with its field", "[legality]")
{
    auto judged = a_quote();
    const auto at = [&](std::string name) { return std::vector<std::string>{"lines", line.text(), std::move(name)}; };
    const auto path = "lines/" + line.text();
    CHECK(refused(judged.attempt({put({"number"}, std::int64_t{5})})) == fail(Errc::invalid_value, Bilingual{"Number has a value of the wrong type", "报价单号的值类型不符"}, "number"));
    CHECK(refused(judged.attempt({put({"account"}, std::string{"Acme"})})).field == "account");
    CHECK(refused(judged.attempt({put(at("quantity"), std::int64_t{-1})})).field == path + "/quantity");
    CHECK(refused(judged.attempt({put(at("unit_price"), std::string{"5 euro"})})).field == path + "/unit_price");
    CHECK(refused(judged.attempt({put(at("removed"), std::string{"yes"})})).field == path + "/removed");
    CHECK(refused(judged.attempt({put(at("position"), std::int64_t{1})})).field == path + "/position");
    CHECK(refused(judged.attempt({put({"status"}, std::string{"lost"})})).field == "status");
    CHECK(refused(judged.attempt({put({"deleted_at"}, std::string{"today"})})).field == "deleted_at");
    CHECK(refused(judged.attempt({put({"valid_until"}, std::string{"2026-02-30"})})).field == "valid_until");
}

TEST_CASE("what is required may not be emptied", "[legality]")
{
    const auto error = refused(a_quote().make({put({"account"}, std::monostate{})}));
    CHECK(error.code == Errc::invalid_value);
    CHECK(error.field == "account");
}

TEST_CASE("an entry that is added has all that is required of it", "[legality]")
{
    const std::string key = "01900000-0000-7000-8000-000000000002";
    CHECK(refused(a_quote().make({put_map({"lines", key})})).code == Errc::invalid_value);
    CHECK(refused(a_quote().make({put_map({"lines", key}), put({"lines", key, "quantity"}, std::int64_t{1})})).field == "lines/" + key + "/unit_price");
}

TEST_CASE("an entry of a set has all that is required of it by itself, whatever one with the same key says", "[legality]")
{
    Judged judged{"product", an_id(7)};
    const auto box = an_id(3).text(), twin = an_id(4).text();
    const auto a_unit = [](const std::string& key) { return std::vector{put_map({"units", key}), put({"units", key, "unit"}, std::string{"box"})}; };
    auto whole = a_unit(box);
    whole.push_back(put({"units", box, "factor"}, std::int64_t{12'000}));
    REQUIRE(judged.make({put({"id"}, to_bytes(an_id(7).view())), put({"name"}, std::string{"Chai"}), put({"code"}, std::string{"P-1"})}, Role::admin).has_value());
    REQUIRE(judged.make(whole, Role::admin).has_value());

    const auto error = refused(judged.attempt(a_unit(twin), Role::admin));
    CHECK(error.code == Errc::invalid_value);
    CHECK(error.field == "units/" + twin + "/factor");
    auto twin_whole = a_unit(twin);
    twin_whole.push_back(put({"units", twin, "factor"}, std::int64_t{24'000}));
    REQUIRE(judged.make(twin_whole, Role::admin).has_value());
    CHECK(refused(judged.attempt({put({"units", twin, "factor"}, std::monostate{})}, Role::admin)).field == "units/" + twin + "/factor");
}

TEST_CASE("who may not write a field is told which, and sets while creating only what a creator says", "[legality]")
{
    Judged judged{"account", account};
    std::vector made{put({"id"}, to_bytes(account.view())), put({"name"}, std::string{"Acme"}), put({"territory"}, to_bytes(an_id(4).view()))};
    auto with_limit = made;
    with_limit.push_back(put({"credit_limit"}, std::string{"100 EUR"}));
    CHECK(refused(judged.attempt(with_limit)).field == "credit_limit");
    CHECK(judged.make(made).has_value());
    CHECK(refused(judged.attempt({put({"territory"}, to_bytes(an_id(5).view()))})).field == "territory"); // nor does a rep move one
    const auto error = refused(judged.attempt({put({"credit_limit"}, std::string{"200 EUR"})}));
    CHECK(error.code == Errc::not_allowed);
    CHECK(error.field == "credit_limit");
    CHECK(judged.attempt({put({"credit_limit"}, std::string{"200 EUR"})}, Role::finance).has_value());
}

TEST_CASE("who may not create a kind may not delete one of it either", "[legality]")
{
    Judged judged{"territory", an_id(4)};
    const std::vector<Edit> made{put({"id"}, to_bytes(an_id(4).view())), put({"name"}, std::string{"North"})};
    CHECK(refused(judged.attempt(made)).code == Errc::not_allowed);
    REQUIRE(judged.make(made, Role::manager).has_value());
    const std::vector deletion{put({"deleted_at"}, std::int64_t{1})};
    CHECK(refused(judged.attempt(deletion)).code == Errc::not_allowed);
    CHECK(judged.attempt(deletion, Role::manager).has_value());
    CHECK(a_quote().make(deletion).has_value()); // a rep's own kind
}

TEST_CASE("a value that somebody else broke is not this author's fault", "[legality]")
{
    auto judged = a_quote();
    (void)judged.make({put({"lines", line.text(), "quantity"}, std::int64_t{-5})}); // merged in before the rule was there
    CHECK(judged.make({put({"number"}, std::string{"Q-1"})}).has_value());
}

TEST_CASE("a collection over its limit can still be edited, only not grow", "[legality]")
{
    Judged judged{"quote", quote};
    REQUIRE(judged.make(creation(quote)).has_value());
    std::vector<Edit> many;
    const auto key = [](std::size_t i) { return ChildId::parse("01900000-0000-7000-8000-" + std::string(12 - std::to_string(i).size(), '0') + std::to_string(i))->text(); };
    for (std::size_t i = 0; i <= schema::children_max; ++i)
        for (auto& edit : a_line(key(i))) many.push_back(std::move(edit));
    CHECK(refused(judged.make(many)).code == Errc::too_large); // kept here, as if two people had added half each
    CHECK(judged.attempt({put({"lines", key(0), "quantity"}, std::int64_t{2})}).has_value());
    CHECK(refused(judged.attempt(a_line(key(5'000)))).code == Errc::too_large);
}

TEST_CASE("a field of a newer version passes as a plain value of bounded size", "[legality]")
{
    CHECK(a_quote().make({put({"colour"}, std::string{"blue"})}).has_value());
    const auto error = refused(a_quote().make({put({"colour"}, std::string(9'000, 'b'))}));
    CHECK(error.code == Errc::too_large);
    CHECK(error.field == "colour");
}

TEST_CASE("who may not write an entry may not take it out or move it either", "[legality]")
{
    auto judged = Judged{"work_order", an_id(7)};
    REQUIRE(judged.make({put({"id"}, to_bytes(an_id(7).view())), put({"subject"}, std::string{"Pump"}), put({"account"}, to_bytes(account.view()))}, Role::dispatcher).has_value());
    const auto skill = an_id(3).text();
    REQUIRE(judged.make({put_map({"required_skills", skill}), put({"required_skills", skill, "name"}, std::string{"HV"})}, Role::dispatcher, 2).has_value());
    for (const auto& edit : {put({"required_skills", skill, "removed"}, true), put({"required_skills", skill, "position"}, std::string{"zz"})}) {
        CHECK(refused(judged.attempt({edit})).code == Errc::not_allowed);
        CHECK(judged.attempt({edit}, Role::dispatcher).has_value());
    }
    CHECK(a_quote().attempt({put({"lines", line.text(), "removed"}, true)}).has_value());
}

TEST_CASE("an approval, once made, is neither rewritten nor taken out, not even by an administrator", "[legality]")
{
    auto judged = a_quote();
    (void)judged.make({put({"owner"}, to_bytes(an_id(8).view()))});
    const auto approval = an_id(3).text();
    REQUIRE(judged.make({put_map({"approvals", approval}), put({"approvals", approval, "approver"}, to_bytes(an_id(9).view())),
                         put({"approvals", approval, "decision"}, std::string{"rejected"})},
                        Role::manager, 2)
                .has_value());
    for (const auto& edit : {put({"approvals", approval, "removed"}, true), put({"approvals", approval, "position"}, std::string{"zz"}),
                             put({"approvals", approval, "decision"}, std::string{"approved"}), put({"approvals", approval, "colour"}, std::string{"blue"})})
        for (const auto role : {Role::rep, Role::manager, Role::admin}) {
            const auto error = refused(judged.attempt({edit}, role));
            CHECK(error.code == Errc::not_allowed);
            CHECK(error.message.find("never rewritten") != std::string::npos);
        }
}
