// What two people write apart in one document, and how it is read together.
#include "tests/support/gate_cases.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;

namespace {

Scalar text(std::string value)
{
    return Scalar{std::move(value)};
}

/// Both ways, so that the two are the same document afterwards.
void exchange(Document& a, Document& b)
{
    const auto of_a = a.changes_since({}).value();
    take_in(a, b.changes_since({}).value());
    take_in(b, of_a);
}

std::vector<Scalar> values_at(const Document& document, const std::vector<std::string>& path)
{
    const auto content = document.read().value();
    std::vector<Scalar> values;
    for (const auto& written : node_at(content, path)->values) values.push_back(written.value);
    return values;
}

} // namespace

TEST_CASE("values written apart are all read, the winner first, each with who wrote it and in which change")
{
    auto mine = filled_record();
    auto yours = mine.fork().value();
    auto theirs = mine.fork().value();
    const auto by_mine = edit(mine, an_actor(11), {put_text({"field0"}, "mine")});
    const auto by_yours = edit(yours, an_actor(12), {put_text({"field0"}, "yours")});
    edit(theirs, an_actor(13), {put_text({"field1"}, "before")});
    const auto by_theirs = edit(theirs, an_actor(13), {put_text({"field0"}, "theirs")});
    take_in(mine, yours.changes_since({}).value());
    take_in(mine, theirs.changes_since({}).value());

    const auto content = mine.read().value();
    const auto& values = content.root.find("field0")->values;
    REQUIRE(values.size() == 3);
    CHECK(values[0].value == text("theirs")); // the greatest operation number
    CHECK(values[1].value == text("yours"));  // then the greater actor
    CHECK(values[2].value == text("mine"));
    CHECK(values[0].counter > values[1].counter);
    CHECK(content.actors.at(values[0].actor) == an_actor(13));
    CHECK(content.actors.at(values[1].actor) == an_actor(12));
    const auto origin = [&](const Written& written) {
        return mine.change_of(content.actors.at(written.actor), written.counter).value();
    };
    CHECK(origin(values[0]) == by_theirs.hash);
    CHECK(origin(values[1]) == by_yours.hash);
    CHECK(origin(values[2]) == by_mine.hash);

    // whoever saw all of them supersedes all of them
    edit(mine, an_actor(11), {put_text({"field0"}, "settled")});
    CHECK(values_at(mine, {"field0"}) == std::vector{text("settled")});
}

TEST_CASE("the same value written apart stands there twice: two people said it")
{
    auto mine = filled_record();
    auto yours = mine.fork().value();
    edit(mine, an_actor(11), {put_text({"field0"}, "same")});
    edit(yours, an_actor(12), {put_text({"field0"}, "same")});
    exchange(mine, yours);
    CHECK(values_at(mine, {"field0"}) == std::vector{text("same"), text("same")});
}

TEST_CASE("replicas read the same, whatever the order in which changes came")
{
    auto a = filled_record();
    auto b = a.fork().value();
    auto c = a.fork().value();
    edit(a, an_actor(11), {put_text({"field0"}, "a"), set_text({"note"}, "a writes")});
    edit(b, an_actor(12),
         {put_text({"field0"}, "b"), put_map({"lines", "b"}), put_text({"lines", "b", "product"}, "b")});
    edit(c, an_actor(13), {put_text({"field0"}, "c"), put({"lines", "line-0", "quantity"}, Scalar{std::int64_t{5}})});
    auto one = a.fork().value();
    take_in(one, b.changes_since({}).value());
    take_in(one, c.changes_since({}).value());
    auto two = c.fork().value();
    take_in(two, b.changes_since({}).value());
    take_in(two, a.changes_since({}).value());
    CHECK(same(one, two));
    CHECK(values_at(one, {"field0"}).size() == 3);
    CHECK_FALSE(same(one, a));
}

TEST_CASE("two containers made apart under one key: one is seen, the other is named beside it")
{
    auto mine = new_record();
    auto yours = mine.fork().value();
    edit(mine, an_actor(11), {put_map({"twice"}), put_text({"twice", "a"}, "mine")});
    edit(yours, an_actor(12), {put_map({"twice"}), put_text({"twice", "a"}, "yours")});
    exchange(mine, yours);
    const auto content = mine.read().value();
    const auto* node = content.root.find("twice");
    REQUIRE(node->kind == Node::Kind::map);
    CHECK(node->find("a")->values.at(0).value == text("yours"));
    REQUIRE(node->values.size() == 1); // the hidden one
    CHECK(node->values[0].value == Scalar{Foreign{"map"}});
    CHECK(content.actors.at(node->values[0].actor) == an_actor(11));
}

TEST_CASE("a container and a value made apart under one key: the winner's kind, the loser beside it")
{
    auto mine = new_record();
    auto yours = mine.fork().value();
    edit(mine, an_actor(11), {put_map({"key"})});
    edit(yours, an_actor(12), {put_text({"key"}, "value")});
    exchange(mine, yours);
    const auto content = mine.read().value();
    const auto* node = content.root.find("key");
    REQUIRE(node->kind == Node::Kind::reg);
    REQUIRE(node->values.size() == 2);
    CHECK(node->values[0].value == text("value"));
    CHECK(node->values[1].value == Scalar{Foreign{"map"}});
}

TEST_CASE("notes written apart keep both people's words, Chinese and emoji whole")
{
    auto mine = new_record();
    edit(mine, an_actor(1), {set_text({"note"}, "客户要求周五交货 👩‍👩‍👧。请带样品。")});
    auto yours = mine.fork().value();
    edit(mine, an_actor(11),
         {set_text({"note"}, "王经理：客户要求周五交货 👩‍👩‍👧。请带样品。")});
    edit(yours, an_actor(12),
         {set_text({"note"}, "客户要求周五交货 👩‍👩‍👧。请带样品和报价单 🚗。")});
    exchange(mine, yours);
    CHECK(text_at(mine, {"note"}) ==
          "王经理：客户要求周五交货 👩‍👩‍👧。请带样品和报价单 🚗。");
    CHECK(text_at(yours, {"note"}) == text_at(mine, {"note"}));
}

TEST_CASE("an emoji that is changed is replaced whole: two halves never meet")
{
    auto mine = new_record();
    edit(mine, an_actor(1), {set_text({"note"}, "ok 👍🏻 end")});
    auto yours = mine.fork().value();
    edit(mine, an_actor(11), {set_text({"note"}, "ok 👍🏿 end")});
    edit(yours, an_actor(12), {set_text({"note"}, "ok 👎🏻 end")});
    exchange(mine, yours);
    const auto merged = text_at(mine, {"note"});
    CHECK((merged == "ok 👍🏿👎🏻 end" || merged == "ok 👎🏻👍🏿 end"));
}

TEST_CASE("a note is changed by the smallest splice")
{
    auto document = new_record();
    edit(document, an_actor(1), {set_text({"note"}, std::string(1000, 'x') + "middle" + std::string(1000, 'y'))});
    const auto change =
        edit(document, an_actor(1), {set_text({"note"}, std::string(1000, 'x') + "muddle" + std::string(1000, 'y'))});
    CHECK(change.max_op - change.start_op + 1 == 2); // one character goes, one comes
    edit(document, an_actor(1), {set_text({"note"}, "")});
    CHECK(text_at(document, {"note"}).empty());
    edit(document, an_actor(1), {set_text({"note"}, "aaa")});
    edit(document, an_actor(1), {set_text({"note"}, "aaaa")}); // prefix and suffix would overlap
    CHECK(text_at(document, {"note"}) == "aaaa");
    edit(document, an_actor(1), {set_text({"note"}, "aa")});
    CHECK(text_at(document, {"note"}) == "aa");
}

TEST_CASE("any text becomes any other text")
{
    const std::vector<std::string> pieces{"a",        "b",    "客", "户", "é",      "e\u0301", "👩‍👩‍👧",
                                          "👍🏿", "\r\n", "\n", " ",  "\u200d", "🇨🇳",      "🇨"};
    auto document = new_record();
    std::uint32_t state = 7;
    const auto next = [&](std::size_t limit) { return (state = state * 1664525 + 1013904223) / 65536 % limit; };
    for (int round = 0; round < 300; ++round) {
        std::string wanted;
        for (auto left = next(12); left != 0; --left) wanted += pieces[next(pieces.size())];
        CAPTURE(round, wanted);
        const std::vector<Edit> edits{set_text({"note"}, wanted)};
        REQUIRE(document.commit(an_actor(1), edits).has_value());
        REQUIRE(text_at(document, {"note"}) == wanted);
    }
}

TEST_CASE("two changes under one number of one actor are never both taken")
{
    auto document = filled_record();
    auto clone = document.fork().value();
    edit(document, an_actor(5), {put_text({"field0"}, "1")});
    const auto twin = edit(clone, an_actor(5), {put_text({"field0"}, "2")});
    const auto before = document.save().value();
    const ByteView changes[] = {twin.bytes};
    CHECK(code(document.apply(changes)) == Errc::out_of_order);
    CHECK(document.save().value() == before);
}

TEST_CASE("two devices that add the same genesis have one container, not two")
{
    auto mine = new_record();
    auto yours = new_record();
    edit(mine, an_actor(1), {put_map({"lines", "a"}), put_text({"lines", "a", "product"}, "mine")});
    edit(yours, an_actor(2), {put_map({"lines", "b"}), put_text({"lines", "b", "product"}, "yours")});
    exchange(mine, yours);
    const auto content = mine.read().value();
    CHECK(content.root.find("lines")->children.size() == 2);
    CHECK(content.root.find("lines")->values.empty());
}
