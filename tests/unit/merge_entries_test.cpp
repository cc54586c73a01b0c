// What becomes of the entries of a record, and of the record, when people who do not see each other add, edit, take out and delete.
#include "conflict/merge/catalogue.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace roadbook;
using automerge::Document;
using Step = merge::Intent::Step;

namespace {

const RecordId record = RecordId::parse("01900000-0000-7000-8000-0000000000aa").value();
const RecordId pump = RecordId::parse("01900000-0000-7000-8000-0000000000bb").value();

ChildId a_child(int number)
{
    return ChildId::parse("01900000-0000-7000-8000-0000000000" + std::to_string(10 + number)).value();
}

std::string text(const char* value)
{
    return value;
}

/// One person with a copy of the record, who edits as the app does: by intents.
class Person {
public:
    Person(const schema::Kind& kind, std::uint8_t number) : kind_{&kind}, document_{merge::new_document(kind)}
    {
        actor_.bytes.back() = static_cast<std::byte>(number);
    }

    Person& does(std::vector<Step> steps, bool create = false)
    {
        merge::Intent intent;
        intent.record = record;
        intent.kind = kind_->name;
        intent.create = create;
        intent.steps = std::move(steps);
        const auto change = document_.commit(actor_, merge::edits_of(intent).value()).value();
        wrote_ = change.has_value();
        return *this;
    }
    [[nodiscard]] bool wrote() const { return wrote_; }
    Person& hears(const Person& other)
    {
        const auto theirs = other.document_.changes_since({}).value();
        std::vector<ByteView> views;
        for (const auto& change : theirs) views.emplace_back(change.bytes);
        document_.apply(views).value();
        return *this;
    }
    [[nodiscard]] merge::Merged sees() const { return merge::read(*kind_, record, document_).value(); }

private:
    const schema::Kind* kind_;
    ActorId actor_;
    Document document_;
    bool wrote_ = false;
};

/// Two people with the same record before them, in which the first has made `steps`.
std::pair<Person, Person> two_with(std::string_view kind, std::vector<Step> steps)
{
    const auto& described = *schema::find_kind(kind);
    std::pair<Person, Person> both{Person{described, 1}, Person{described, 2}};
    both.first.does(std::move(steps), true);
    both.second.hears(both.first);
    return both;
}

Step a_line(int number, std::int64_t quantity, const RecordId& product = pump)
{
    return {"lines", a_child(number), true, {{"product", product}, {"quantity", quantity}, {"unit_price", Money{100, "EUR"}}, {"position", text("b")}}};
}

Step sets(std::string collection, int number, schema::Fields fields)
{
    return {std::move(collection), a_child(number), false, std::move(fields)};
}

/// Both hear of each other's, and see the same.
merge::Merged together(Person& a, Person& b)
{
    a.hears(b);
    b.hears(a);
    const auto seen = a.sees();
    REQUIRE(seen.record == b.sees().record);
    REQUIRE(seen.conflicts == b.sees().conflicts);
    REQUIRE(seen.twins == b.sees().twins);
    REQUIRE(seen.united == b.sees().united);
    return seen;
}

std::vector<std::string> paths(const merge::Merged& merged)
{
    std::vector<std::string> found;
    for (const auto& conflict : merged.conflicts) found.push_back(conflict.path);
    return found;
}

} // namespace

TEST_CASE("an entry that one took out and another edited stays until a person decides", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000), a_line(2, 5'000)});
    ann.does({sets("lines", 1, {{"quantity", std::int64_t{12'000}}})});
    ben.does({sets("lines", 1, {{"removed", true}})});
    auto merged = together(ann, ben);
    REQUIRE(merged.conflicts.size() == 1);
    const auto& conflict = merged.conflicts.front();
    CHECK(conflict.clash == merge::Clash::removed);
    CHECK(conflict.needs_person());
    CHECK(conflict.path == "lines/" + a_child(1).text() + "/removed");
    REQUIRE(conflict.candidates.size() == 2);
    CHECK(conflict.candidates[0].actor.bytes.back() == std::byte{1});
    CHECK(conflict.candidates[1].value == schema::Value{true});
    CHECK_FALSE(merged.record.collections.at("lines")[0].removed);
    CHECK(merged.record.collections.at("lines")[0].fields.at("quantity") == schema::Value{std::int64_t{12'000}});

    const bool stays = GENERATE(true, false);
    ben.does({sets("lines", 1, {{"removed", !stays}})});
    merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK(merged.record.collections.at("lines")[0].removed == !stays);
}

TEST_CASE("an entry goes without a question when who took it out had seen every edit of it", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000)});
    for (const std::int64_t quantity : {11'000, 12'000}) ann.does({sets("lines", 1, {{"quantity", quantity}})});
    ben.hears(ann).does({sets("lines", 1, {{"removed", true}})});
    auto merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK(merged.record.collections.at("lines")[0].removed);

    ann.does({sets("lines", 1, {{"removed", false}})}); // brought back, knowingly
    merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK_FALSE(merged.record.collections.at("lines")[0].removed);
}

TEST_CASE("each edit of an entry meets a removal made apart, the second and the third, too", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000)});
    for (int i = 0; i < 3; ++i) {
        ann.does({sets("lines", 1, {{"quantity", std::int64_t{11'000 + i}}})});
        ben.hears(ann);
    }
    ben.does({sets("lines", 1, {{"removed", true}})});
    ann.does({sets("lines", 1, {{"quantity", std::int64_t{20'000}}})});
    CHECK(paths(together(ann, ben)) == std::vector{"lines/" + a_child(1).text() + "/removed"});
}

TEST_CASE("an edit of an entry that is out does not bring it back, and one of a contested entry does not decide", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000), a_line(2, 5'000)});
    ann.does({sets("lines", 1, {{"removed", true}})}).does({sets("lines", 1, {{"quantity", std::int64_t{1'000}}})});
    CHECK(ann.sees().record.collections.at("lines")[0].removed);

    ann.does({sets("lines", 2, {{"removed", true}})});
    ben.does({sets("lines", 2, {{"quantity", std::int64_t{2'000}}})});
    CHECK(paths(together(ann, ben)) == std::vector{"lines/" + a_child(2).text() + "/removed"});
    ben.does({sets("lines", 2, {{"quantity", std::int64_t{3'000}}})});
    CHECK(paths(together(ann, ben)) == std::vector{"lines/" + a_child(2).text() + "/removed"});
}

TEST_CASE("saying again what an entry says already is no edit", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000)});
    CHECK_FALSE(ann.does({sets("lines", 1, {{"quantity", std::int64_t{10'000}}})}).wrote());
    CHECK(ann.does({sets("lines", 1, {{"quantity", std::int64_t{11'000}}})}).wrote());
    CHECK_FALSE(ann.does({sets("lines", 1, {{"quantity", std::int64_t{11'000}}})}).wrote());
    CHECK(together(ann, ben).conflicts.empty());
}

TEST_CASE("entries that both took out are gone, and a removal beside edits of other entries asks nobody", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000), a_line(2, 5'000)});
    ann.does({sets("lines", 2, {{"removed", true}})});
    ben.does({sets("lines", 2, {{"removed", true}}), sets("lines", 1, {{"quantity", std::int64_t{8'000}}})});
    const auto merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK(merged.record.collections.at("lines")[1].removed);
}

TEST_CASE("a record that one deleted and another edited stays until a person decides", "[merge]")
{
    const bool stays = GENERATE(true, false);
    auto [ann, ben] = two_with("account", {{{}, {}, false, {{"name", text("Acme")}}}});
    ann.does({{{}, {}, false, {{"deleted_at", Time{Duration{5}}}}}});
    SECTION("a field")
    {
        ben.does({{{}, {}, false, {{"phone", text("1")}}}});
    }
    SECTION("a note")
    {
        ben.does({{{}, {}, false, {{"notes", text("call him")}}}});
    }
    SECTION("an entry")
    {
        ben.does({{"traits", a_child(1), true, {{"name", text("size")}, {"value", text("XL")}}}});
    }
    auto merged = together(ann, ben);
    CHECK(paths(merged) == std::vector<std::string>{"deleted_at"});
    CHECK(merged.conflicts.front().clash == merge::Clash::deleted);
    CHECK(merged.conflicts.front().needs_person());
    CHECK_FALSE(merged.record.deleted_at.has_value());

    ben.does({{{}, {}, false, {{"deleted_at", stays ? schema::Value{} : schema::Value{Time{Duration{9}}}}}}});
    merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK(merged.record.deleted_at.has_value() == !stays);
}

TEST_CASE("a record is deleted when one of those who did had seen every edit", "[merge]")
{
    auto [ann, ben] = two_with("account", {{{}, {}, false, {{"name", text("Acme")}}}});
    ben.does({{{}, {}, false, {{"phone", text("1")}}}});
    ann.does({{{}, {}, false, {{"deleted_at", Time{Duration{5}}}}}});
    ben.does({{{}, {}, false, {{"deleted_at", Time{Duration{6}}}}}});
    const auto merged = together(ann, ben);
    CHECK(merged.conflicts.empty());
    CHECK(merged.record.deleted_at.has_value());
}

TEST_CASE("a record that one brought back while another deleted it anew stays until a person decides", "[merge]")
{
    auto [ann, ben] = two_with("account", {{{}, {}, false, {{"name", text("Acme")}, {"deleted_at", Time{Duration{5}}}}}});
    CHECK(ann.sees().record.deleted_at.has_value());
    ann.does({{{}, {}, false, {{"deleted_at", schema::Value{}}}}});
    ben.does({{{}, {}, false, {{"deleted_at", Time{Duration{9}}}}}});
    const auto merged = together(ann, ben);
    CHECK(paths(merged) == std::vector<std::string>{"deleted_at"});
    CHECK_FALSE(merged.record.deleted_at.has_value());
}

TEST_CASE("the same product added twice apart is offered to be joined, and counts twice until then", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000, record)});
    ann.does({a_line(2, 2'000)});
    ben.does({a_line(3, 3'000)});
    auto merged = together(ann, ben);
    CHECK(merged.record.collections.at("lines").size() == 3);
    CHECK(merged.twins == std::vector{merge::Twins{"lines", {a_child(2), a_child(3)}}});
    CHECK(merged.conflicts.empty());

    ann.does({sets("lines", 3, {{"quantity", std::int64_t{4'000}}})}); // who saw both has decided
    CHECK(together(ann, ben).twins.empty());
}

TEST_CASE("the same product added by somebody who saw it there is no mistake", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 10'000)});
    ben.does({a_line(2, 2'000)});
    CHECK(together(ann, ben).twins.empty());
}

TEST_CASE("one skill that two people put into a set is there once, with what both said", "[merge]")
{
    auto [ann, ben] = two_with("work_order", {{{}, {}, false, {{"subject", text("Pump")}}}});
    ann.does({{"required_skills", a_child(1), true, {{"name", text("HV")}}}});
    ben.does({{"required_skills", a_child(2), true, {{"name", text("HV")}, {"level", std::int64_t{3}}}}});
    auto merged = together(ann, ben);
    REQUIRE(merged.record.collections.at("required_skills").size() == 1);
    const auto& skill = merged.record.collections.at("required_skills").front();
    CHECK(skill.id == a_child(1));
    CHECK(skill.fields.at("level") == schema::Value{std::int64_t{3}});
    CHECK(merged.united == std::vector{merge::Twins{"required_skills", {a_child(1), a_child(2)}}});
    CHECK(merged.conflicts.empty());

    ann.does({sets("required_skills", 1, {{"level", std::int64_t{5}}})});
    merged = together(ann, ben);
    CHECK(paths(merged) == std::vector{"required_skills/" + a_child(1).text() + "/level"});

    ben.does({sets("required_skills", 1, {{"removed", true}})});
    CHECK(together(ann, ben).record.collections.at("required_skills").size() == 2); // the other one's was not taken out
}

TEST_CASE("time booked apart adds up, without what was taken out", "[merge]")
{
    auto [ann, ben] = two_with("work_order", {{{}, {}, false, {{"subject", text("Pump")}}}});
    ann.does({{"labour", a_child(1), true, {{"minutes", std::int64_t{60}}}}, {"labour", a_child(2), true, {{"minutes", std::int64_t{7}}}}});
    ben.does({{"labour", a_child(3), true, {{"minutes", std::int64_t{30}}}}});
    ann.does({sets("labour", 2, {{"removed", true}})});
    CHECK(together(ann, ben).sums == std::vector{merge::Sum{"labour", "minutes", std::int64_t{90}}});
    ann.does({{"labour", a_child(4), true, {{"minutes", INT64_MAX}}}});
    CHECK(together(ann, ben).sums.empty());
}

TEST_CASE("entries moved apart stand in one order everywhere, none twice and none gone", "[merge]")
{
    auto [ann, ben] = two_with("quote", {a_line(1, 1'000, record), a_line(2, 2'000, pump), a_line(3, 3'000, RecordId{})});
    ann.does({sets("lines", 1, {{"position", text("z")}})});
    ben.does({sets("lines", 1, {{"position", text("a")}}), sets("lines", 3, {{"position", text("z")}})});
    const auto merged = together(ann, ben);
    CHECK(merged.record.collections.at("lines").size() == 3);
    for (const auto& conflict : merged.conflicts) CHECK_FALSE(conflict.needs_person());
}

TEST_CASE("the edits of five people come to one record, in whatever order and however often they are heard", "[merge]")
{
    // Commutative, associative, idempotent: random histories of every type of record, each heard in several orders, some of it twice.
    std::mt19937_64 random{20261126};
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    for (int trial = 0; trial < 300; ++trial) {
        const auto& kind = schema::kinds()[static_cast<std::size_t>(trial) % schema::kinds().size()];
        CAPTURE(trial, kind.name);
        std::vector<Person> people;
        for (std::uint8_t i = 0; i < 5; ++i) people.emplace_back(kind, static_cast<std::uint8_t>(i + 1));
        people[0].does({{{}, {}, false, {}}}, true);
        for (std::size_t i = 1; i < people.size(); ++i) people[i].hears(people[0]);
        int entries = 0;
        for (int step = 0; step < 24; ++step) {
            auto& one = people[below(people.size())];
            if (below(4) == 0) one.hears(people[below(people.size())]);
            const auto* collection = kind.collections.empty() || below(2) == 0 ? nullptr : &kind.collections[below(kind.collections.size())];
            const auto& fields = collection != nullptr ? collection->fields : kind.fields;
            const auto& field = fields[below(fields.size())];
            schema::Value value = std::int64_t{step};
            if (field.type == schema::Type::text || field.type == schema::Type::note || field.type == schema::Type::date) value = std::to_string(below(3));
            if (field.type == schema::Type::choice) value = std::string{field.choices[below(field.choices.size())].value};
            if (field.type == schema::Type::money) value = Money{step, "EUR"};
            if (field.type == schema::Type::time) value = Time{Duration{step}};
            if (field.type == schema::Type::boolean) value = below(2) == 0;
            if (field.type == schema::Type::reference) value = below(2) == 0 ? record : pump;
            if (below(12) == 0) one.does({{{}, {}, false, {{"deleted_at", below(2) == 0 ? schema::Value{} : schema::Value{Time{Duration{step}}}}}}});
            else if (collection == nullptr) one.does({{{}, {}, false, {{field.name, value}}}});
            else if (const auto there = one.sees().record.collections[collection->name]; there.empty() || below(3) == 0)
                one.does({{collection->name, a_child(entries++), true, {{field.name, value}, {"position", std::to_string(below(4))}}}});
            else
                one.does({{collection->name, there[below(there.size())].id, false, {{below(4) == 0 ? "removed" : field.name, below(4) == 0 ? schema::Value{true} : value}}}});
        }
        std::optional<merge::Merged> first;
        for (int order = 0; order < 3; ++order) {
            Person listener{kind, 99};
            std::vector<std::size_t> heard{0, 1, 2, 3, 4, below(5), below(5)};
            std::shuffle(heard.begin(), heard.end(), random);
            for (const auto i : heard) listener.hears(people[i]);
            const auto seen = listener.sees();
            if (!first) first = seen;
            REQUIRE(seen.record == first->record);
            REQUIRE(seen.conflicts == first->conflicts);
            REQUIRE(seen.united == first->united);
            REQUIRE(seen.twins == first->twins);
            REQUIRE(seen.sums == first->sums);
        }
    }
}

TEST_CASE("every rule has words in both languages, and every conflict can be explained", "[merge]")
{
    for (const auto& rule : merge::record_rules()) {
        CAPTURE(rule.name);
        for (const auto& label : {rule.conflict, rule.resolution}) CHECK((!label.en.empty() && !label.zh.empty()));
    }
    for (const auto& rule : schema::merge_rules)
        for (const auto& label : {rule.conflict, rule.resolution}) CHECK((!label.en.empty() && !label.zh.empty()));
    const auto& quote = *schema::find_kind("quote");
    CHECK(merge::explain(quote, "lines/" + a_child(1).text() + "/quantity", schema::Policy::ask, merge::Clash::values).conflict.en ==
          schema::merge_rule(schema::Type::decimal, schema::Policy::ask)->conflict.en);
    CHECK(merge::explain(quote, "colour", schema::Policy::latest, merge::Clash::values).conflict.en.find("text") != std::string_view::npos);
    CHECK(merge::explain(quote, "deleted_at", schema::Policy::ask, merge::Clash::deleted).resolution.zh.find("保留") != std::string_view::npos);
}
