// One Automerge document through the C++ API.
#include "tests/support/gate_cases.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;

namespace {

Scalar text(std::string value)
{
    return Scalar{std::move(value)};
}

std::vector<Scalar> values_at(const Document& document, const std::vector<std::string>& path)
{
    const auto content = document.read().value();
    std::vector<Scalar> values;
    for (const auto& written : node_at(content, path)->values) values.push_back(written.value);
    return values;
}

} // namespace

TEST_CASE("what is put is read")
{
    auto document = new_record();
    const Bytes octets{std::byte{0}, std::byte{255}};
    edit(document, an_actor(1),
         {put_text({"title"}, "北京 visit 🚗"), put({"amount"}, Scalar{std::int64_t{-12'50}}),
          put({"done"}, Scalar{true}), put({"photo"}, Scalar{octets}), put({"gone"}, Scalar{}),
          put({"big"}, Scalar{INT64_MIN})});
    CHECK(value_at(document, {"title"}) == text("北京 visit 🚗"));
    CHECK(value_at(document, {"amount"}) == Scalar{std::int64_t{-12'50}});
    CHECK(value_at(document, {"big"}) == Scalar{INT64_MIN});
    CHECK(value_at(document, {"done"}) == Scalar{true});
    CHECK(value_at(document, {"photo"}) == Scalar{octets});
    CHECK(value_at(document, {"gone"}) == Scalar{});
    CHECK(value_at(document, {"kind"}) == text("visit"));
    const auto content = document.read().value();
    CHECK(content.root.find("nothing") == nullptr);
    CHECK(content.root.find("lines")->kind == Node::Kind::map);
    CHECK(content.root.find("note")->kind == Node::Kind::text);
    CHECK(std::is_sorted(content.root.children.begin(), content.root.children.end(),
                         [](auto& a, auto& b) { return a.first < b.first; }));
}

TEST_CASE("lines are read with their fields, in the order of their ids")
{
    const auto content = filled_record(12).read().value();
    const auto* lines = content.root.find("lines");
    REQUIRE(lines->children.size() == 12);
    CHECK(std::is_sorted(lines->children.begin(), lines->children.end(),
                         [](auto& a, auto& b) { return a.first < b.first; }));
    const auto* product = node_at(content, {"lines", "line-11", "product"});
    REQUIRE(product != nullptr);
    CHECK(product->values.at(0).value == text("阀门 11"));
    CHECK(node_at(content, {"lines", "line-0", "quantity"})->values.at(0).value == Scalar{std::int64_t{0}});
}

TEST_CASE("one commit is one change, without time or message, that names its author")
{
    auto document = new_record();
    const auto first = edit(document, an_actor(1), {put_text({"a"}, "1"), put_text({"b"}, "2")});
    const auto second = edit(document, an_actor(1), {put_text({"a"}, "3")});
    CHECK(first.seq == 1);
    CHECK(second.seq == 2);
    CHECK(first.actor == an_actor(1));
    CHECK(first.time == 0);
    CHECK(first.message.empty());
    CHECK(first.max_op == first.start_op + 1);
    CHECK(second.start_op == first.max_op + 1);
    CHECK(second.deps == std::vector{first.hash});
    CHECK(document.heads().value() == std::vector{second.hash});
    CHECK(document.last_seq(an_actor(1)).value() == 2);
    CHECK(document.last_seq(an_actor(9)).value() == 0);
    CHECK(document.operations().value() == second.max_op);
    CHECK(document.changes_since({}).value().size() == 3);
}

TEST_CASE("the same edits by the same actor are the same bytes everywhere")
{
    auto here = new_record();
    auto there = new_record();
    CHECK(edit(here, an_actor(1), {put_text({"a"}, "1")}).bytes ==
          edit(there, an_actor(1), {put_text({"a"}, "1")}).bytes);
    CHECK(here.save().value() == there.save().value());
}

TEST_CASE("an edit that changes nothing makes no change")
{
    auto document = new_record();
    edit(document, an_actor(1), {put_text({"a"}, "1"), set_text({"note"}, "same")});
    const auto before = document.save().value();
    const std::vector<Edit> again{put_text({"a"}, "1"), set_text({"note"}, "same")};
    CHECK_FALSE(document.commit(an_actor(2), again).value().has_value());
    CHECK_FALSE(document.commit(an_actor(2), {}).value().has_value());
    CHECK(document.save().value() == before);
    CHECK(document.last_seq(an_actor(2)).value() == 0);
}

TEST_CASE("a commit that fails at its last edit has changed nothing")
{
    auto document = filled_record();
    const auto before = document.save().value();
    const auto refused = [&](Edit bad) {
        const std::vector<Edit> edits{put_text({"field0"}, "new"), put_map({"lines", "fresh"}), std::move(bad)};
        const auto result = document.commit(an_actor(5), edits);
        return code(result) == Errc::bad_argument && document.save().value() == before;
    };
    CHECK(refused(put_text({"no", "such", "map"}, "x")));
    CHECK(refused(put_text({"lines"}, "over a container")));
    CHECK(refused(put_text({"field0", "below a register"}, "x")));
    CHECK(refused(put_map({"field0"})));
    CHECK(refused(set_text({"field0"}, "not a text")));
    CHECK(refused(set_text({"nothing"}, "not there")));
    CHECK(refused(put_text({"field0"}, "\xff not UTF-8")));
    CHECK(refused(put_text({"\xc3"}, "a key that is not UTF-8")));
    CHECK(refused(put({"field0"}, Scalar{Foreign{"float 1.5"}})));
    CHECK(refused(put_text({}, "no path")));
    edit(document, an_actor(5), {put_text({"field0"}, "new")}); // and goes on
    CHECK(value_at(document, {"field0"}) == text("new"));
}

TEST_CASE("making a child again that is there does not hide what it holds")
{
    auto document = filled_record(1);
    edit(document, an_actor(1), {put_map({"lines", "line-0"}), put_text({"lines", "line-0", "product"}, "valve")});
    CHECK(value_at(document, {"lines", "line-0", "product"}) == text("valve"));
    CHECK(value_at(document, {"lines", "line-0", "position"}) == Scalar{std::int64_t{0}});
}

TEST_CASE("a value of a foreign type is kept and shown as text")
{
    auto document = new_record();
    ForgedChange foreign;
    foreign.deps = document.heads().value();
    foreign.actor = an_actor(3);
    foreign.start_op = document.operations().value() + 1;
    constexpr std::uint64_t unsigned_type = 3, float_type = 5, counter_type = 8, timestamp_type = 9, future_type = 14;
    const double one_and_a_half = 1.5;
    Bytes values{std::byte{200}, std::byte{1}};
    values.insert(values.end(), reinterpret_cast<const std::byte*>(&one_and_a_half),
                  reinterpret_cast<const std::byte*>(&one_and_a_half) + 8);
    for (const auto value : {7, 9, 1, 2}) values.push_back(static_cast<std::byte>(value));
    foreign.columns = {{0x15, ColumnData{}.strings({"a", "b", "c", "d", "e"})},
                       {0x34, ColumnData{}.booleans({5})},
                       {0x42, ColumnData{}.repeated(5, 1)},
                       {0x56, ColumnData{}.numbers({2 << 4 | unsigned_type, 8 << 4 | float_type, 1 << 4 | counter_type,
                                                    1 << 4 | timestamp_type, 2 << 4 | future_type})},
                       {0x57, values},
                       {0x70, ColumnData{}.repeated(5, 0)}};
    const auto bytes = foreign.bytes();
    const ByteView changes[] = {bytes};
    REQUIRE(document.apply(changes).has_value());
    CHECK(value_at(document, {"a"}) == Scalar{Foreign{"unsigned 200"}});
    CHECK(value_at(document, {"b"}) == Scalar{Foreign{"float 1.5"}});
    CHECK(value_at(document, {"c"}) == Scalar{Foreign{"counter 7"}});
    CHECK(value_at(document, {"d"}) == Scalar{Foreign{"timestamp 9"}});
    CHECK(value_at(document, {"e"}) == Scalar{Foreign{"type 14: 0102"}});
    CHECK(Document::load(document.save().value()).value().change(sha256(ByteView{bytes}.subspan(8))).value()->bytes ==
          bytes);
}

TEST_CASE("a document is read as it was at any heads")
{
    auto document = filled_record();
    const auto before = document.heads().value();
    auto other = document.fork().value();
    edit(document, an_actor(1),
         {put_text({"field0"}, "later"), set_text({"note"}, "later"),
          put_text({"lines", "line-0", "product"}, "later")});
    edit(other, an_actor(4), {put_text({"field0"}, "apart")});
    take_in(document, other.changes_since({}).value());
    CHECK(values_at(document, {"field0"}).size() == 2);

    const auto was = document.read_at(before).value();
    CHECK(was.root.find("field0")->values.size() == 1);
    CHECK(was.root.find("field0")->values[0].value == text("value 0"));
    CHECK(was.root.find("note")->text == "客户要求周五前交货。 Call before noon.");
    CHECK(node_at(was, {"lines", "line-0", "product"})->values[0].value == text("阀门 0"));
    CHECK(document.read_at({}).value().root.children.empty());
    const auto now = document.read_at(document.heads().value()).value();
    CHECK(now.root.find("field0")->values.size() == 2);

    const Hash unknown[] = {sha256(as_bytes("no such change"))};
    CHECK(code(document.read_at(unknown)) == Errc::missing_parents);
    CHECK(code(document.changes_since(unknown)) == Errc::missing_parents);
    CHECK(code(document.fork_at(unknown)) == Errc::missing_parents);
    CHECK(code(document.patches(unknown, before)) == Errc::missing_parents);
    CHECK_FALSE(document.has(unknown[0]).value());
    CHECK(document.has(before[0]).value());
    CHECK_FALSE(document.change(unknown[0]).value().has_value());
    CHECK_FALSE(document.change_of(an_actor(99), 1).value().has_value());
    CHECK_FALSE(document.change_of(an_actor(1), 99'999).value().has_value());
}

TEST_CASE("a fork goes its own way, and a fork at old heads knows nothing newer")
{
    auto document = filled_record();
    const auto before = document.heads().value();
    auto copy = document.fork().value();
    edit(copy, an_actor(5), {put_text({"field0"}, "copy")});
    CHECK(value_at(document, {"field0"}) == text("value 0"));
    CHECK(document.heads().value() == before);

    edit(document, an_actor(1), {put_text({"field0"}, "new")});
    const auto old = document.fork_at(before).value();
    CHECK(old.heads().value() == before);
    CHECK(value_at(old, {"field0"}) == text("value 0"));
    CHECK(old.last_seq(an_actor(1)).value() + 1 == document.last_seq(an_actor(1)).value());
}

TEST_CASE("changes since known heads are exactly the news, in an order in which they can be applied")
{
    auto document = filled_record();
    const auto known = document.heads().value();
    auto reader = document.fork().value();
    auto other = document.fork().value();
    std::set<Hash> expected;
    for (int i = 0; i < 3; ++i) {
        expected.insert(edit(document, an_actor(1), {put({"field0"}, Scalar{std::int64_t{i}})}).hash);
        expected.insert(edit(other, an_actor(2), {put({"field1"}, Scalar{std::int64_t{i}})}).hash);
    }
    take_in(document, other.changes_since(known).value());
    expected.insert(edit(document, an_actor(3), {put_text({"field2"}, "joined")}).hash);

    const auto news = document.changes_since(known).value();
    std::set<Hash> found;
    for (const auto& change : news) {
        found.insert(change.hash);
        CHECK(change.hash == sha256(ByteView{change.bytes}.subspan(8)));
        CHECK(document.change(change.hash).value()->bytes == change.bytes);
    }
    CHECK(found == expected);
    for (const auto& change : news) take_in(reader, {change}); // one at a time: each finds its parents
    CHECK(reader.heads().value() == document.heads().value());
}

TEST_CASE("a change whose parents are missing is not taken, nor anything that came with it")
{
    auto document = filled_record();
    auto device = document.fork().value();
    const auto first = edit(device, an_actor(5), {put_text({"field0"}, "1")});
    const auto second = edit(device, an_actor(5), {put_text({"field0"}, "2")});
    auto elsewhere = document.fork().value();
    const auto good = edit(elsewhere, an_actor(6), {put_text({"field1"}, "good")});
    const auto before = document.save().value();
    const ByteView gap[] = {good.bytes, second.bytes};
    CHECK(code(document.apply(gap)) == Errc::missing_parents);
    CHECK(document.save().value() == before);
    const ByteView wrong_order[] = {second.bytes, first.bytes};
    CHECK(code(document.apply(wrong_order)) == Errc::missing_parents);
    const ByteView complete[] = {first.bytes, second.bytes, first.bytes, good.bytes};
    REQUIRE(document.apply(complete).has_value());
    CHECK(value_at(document, {"field0"}) == text("2"));
    const auto after = document.save().value();
    REQUIRE(document.apply(complete).has_value()); // known ones are skipped
    CHECK(document.save().value() == after);
}

TEST_CASE("saved bytes load to the same document, packed or not")
{
    const auto document = filled_record(30);
    const auto plain = document.save().value();
    const auto packed = document.save_compressed().value();
    CHECK(packed.size() < plain.size());
    for (const auto& saved : {plain, packed}) {
        const auto loaded = Document::load(saved).value();
        CHECK(loaded.heads().value() == document.heads().value());
        CHECK(loaded.save().value() == plain);
        CHECK(loaded.operations().value() == document.operations().value());
        CHECK(loaded.last_seq(an_actor(1)).value() == document.last_seq(an_actor(1)).value());
    }
}

TEST_CASE("damaged bytes do not load")
{
    const auto saved = filled_record().save().value();
    CHECK(code(Document::load({})) == Errc::document_damaged);
    CHECK(code(Document::load(as_bytes("not a document"))) == Errc::document_damaged);
    for (std::size_t length = 1; length < saved.size(); length += 7)
        REQUIRE(code(Document::load(ByteView{saved}.first(length))) == Errc::document_damaged);
    for (std::size_t at = 0; at < saved.size(); ++at) {
        auto damaged = saved;
        damaged[at] ^= std::byte{0x10};
        CAPTURE(at);
        REQUIRE(code(Document::load(damaged)) == Errc::document_damaged);
    }
}

TEST_CASE("a change without its parents is no document")
{
    auto document = filled_record();
    const auto change = edit(document, an_actor(5), {put_text({"field0"}, "1")});
    CHECK(code(Document::load(change.bytes)) == Errc::document_damaged);
    auto with_orphan = new_record().save().value();
    with_orphan.insert(with_orphan.end(), change.bytes.begin(), change.bytes.end());
    CHECK(code(Document::load(with_orphan)) == Errc::document_damaged);
}

TEST_CASE("a document with an author of another length is refused when it is read, not shortened")
{
    ForgedChange change;
    change.columns = {{0x15, ColumnData{}.strings({"a"})},
                      {0x34, ColumnData{}.booleans({1})},
                      {0x42, ColumnData{}.repeated(1, 1)},
                      {0x56, ColumnData{}.numbers({0})},
                      {0x70, ColumnData{}.numbers({0})}};
    auto bytes = change.bytes();
    // the author begins behind magic, checksum, type, length and the number of dependencies: 8 bytes of it go
    auto body = Bytes(bytes.begin() + 10, bytes.end());
    REQUIRE(body[1] == std::byte{16});
    body[1] = std::byte{8};
    body.erase(body.begin() + 2, body.begin() + 10);
    bytes = chunk(1, body);
    Document document;
    const ByteView changes[] = {bytes};
    REQUIRE(document.apply(changes).has_value()); // Automerge itself does not mind
    CHECK(code(document.read()) == Errc::document_damaged);
    CHECK(code(document.changes_since({})) == Errc::document_damaged);
}

TEST_CASE("patches name what differs between two states, in both directions")
{
    auto document = filled_record();
    const auto before = document.heads().value();
    auto other = document.fork().value();
    edit(document, an_actor(1),
         {put_text({"field0"}, "new"), set_text({"note"}, "客户！"), put_map({"lines", "new"}),
          put({"lines", "new", "quantity"}, Scalar{std::int64_t{2}}), removal({"field3"})});
    edit(other, an_actor(4), {put_text({"field0"}, "apart")});
    take_in(document, other.changes_since({}).value());
    const auto after = document.heads().value();
    const auto patches = document.patches(before, after).value();
    const auto has = [&](std::vector<std::string> path, Patch::Kind kind) {
        return std::any_of(patches.begin(), patches.end(),
                           [&](const Patch& patch) { return patch.path == path && patch.kind == kind; });
    };
    CHECK(has({"field0"}, Patch::Kind::conflict));
    CHECK(has({"note"}, Patch::Kind::text_changed));
    CHECK(has({"lines", "new"}, Patch::Kind::put));
    CHECK(has({"lines", "new", "quantity"}, Patch::Kind::put));
    CHECK(has({"field3"}, Patch::Kind::removed));
    CHECK(document.patches(after, after).value().empty());
    CHECK_FALSE(document.patches(after, before).value().empty());
}

TEST_CASE("the genesis of a type is the same bytes on every machine, for ever")
{
    const auto first = sample_genesis();
    CHECK(first.bytes == sample_genesis().bytes);
    // golden: a new version of Automerge that writes other bytes would split every record in two
    CHECK(first.hash.hex() == "c74ee37ff9de159609a4e2d9478c5024c1a86ca72faa62ed8e7d068e3524ec9e");
    CHECK(first.seq == 1);
    CHECK(first.deps.empty());

    const ByteView earlier[] = {first.bytes};
    const Container added[] = {{"photos", Container::Kind::map}};
    const auto second = Document::genesis(an_actor(0xffff), earlier, added, {}).value();
    CHECK(second.hash.hex() == "0320769bb5efe1e847c383920fb9d19435360a7fcef1b117d8d3401080dfbba3");
    CHECK(second.seq == 2);
    CHECK(second.deps == std::vector{first.hash});
    CHECK(code(Document::genesis(an_actor(0xffff), earlier, {}, {})) == Errc::bad_argument); // adds nothing
    const Container again[] = {{"lines", Container::Kind::map}};
    CHECK(code(Document::genesis(an_actor(0xffff), earlier, again, {})) == Errc::bad_argument);
}

TEST_CASE("a record nested deeper than eight maps is not read, however deep it is")
{
    auto document = new_record();
    std::vector<std::string> path{"lines"};
    for (int depth = 2; depth <= 8; ++depth) {
        path.push_back("d");
        edit(document, an_actor(1), {put_map(path)});
    }
    CHECK(document.read().has_value());
    path.push_back("d");
    edit(document, an_actor(1), {put_map(path)});
    CHECK(code(document.read()) == Errc::too_large);
    for (int depth = 10; depth <= 1'200; ++depth) {
        path.push_back("d");
        edit(document, an_actor(1), {put_map(path)});
    }
    CHECK(code(document.read()) == Errc::too_large);
    const auto loaded = Document::load(document.save().value()).value();
    CHECK(code(loaded.read()) == Errc::too_large);
    CHECK(code(loaded.read_at(loaded.heads().value())) == Errc::too_large);
}

TEST_CASE("a panic of the merge core is an answer, and the document then refuses every call")
{
    auto document = filled_record();
    auto healthy = document.fork().value();
    ForgedChange hostile; // an operation on an object that is not there
    hostile.deps = document.heads().value();
    hostile.actor = an_actor(66);
    hostile.start_op = document.operations().value() + 1;
    hostile.columns = {{0x01, ColumnData{}.numbers({0})},   {0x02, ColumnData{}.numbers({7})},
                       {0x15, ColumnData{}.strings({"k"})}, {0x34, ColumnData{}.booleans({1})},
                       {0x42, ColumnData{}.numbers({1})},   {0x56, ColumnData{}.numbers({0})},
                       {0x70, ColumnData{}.numbers({0})}};
    const auto bytes = hostile.bytes();
    const ByteView changes[] = {bytes};
    REQUIRE(code(document.apply(changes)) == Errc::document_poisoned);

    CHECK(code(document.read()) == Errc::document_poisoned);
    CHECK(code(document.save()) == Errc::document_poisoned);
    CHECK(code(document.save_compressed()) == Errc::document_poisoned);
    CHECK(code(document.heads()) == Errc::document_poisoned);
    CHECK(code(document.fork()) == Errc::document_poisoned);
    CHECK(code(document.fork_at({})) == Errc::document_poisoned);
    CHECK(code(document.apply({})) == Errc::document_poisoned);
    CHECK(code(document.changes_since({})) == Errc::document_poisoned);
    CHECK(code(document.read_at({})) == Errc::document_poisoned);
    CHECK(code(document.patches({}, {})) == Errc::document_poisoned);
    CHECK(code(document.last_seq(an_actor(1))) == Errc::document_poisoned);
    CHECK(code(document.operations()) == Errc::document_poisoned);
    CHECK(code(document.has(Hash{})) == Errc::document_poisoned);
    CHECK(code(document.change(Hash{})) == Errc::document_poisoned);
    CHECK(code(document.change_of(an_actor(1), 1)) == Errc::document_poisoned);
    const std::vector<Edit> edits{put_text({"a"}, "b")};
    CHECK(code(document.commit(an_actor(1), edits)) == Errc::document_poisoned);

    edit(healthy, an_actor(1), {put_text({"a"}, "b")}); // other documents live on
    document = Document::load(healthy.save().value()).value();
    CHECK(document.read().has_value());
}

TEST_CASE("chunks that are no plain change are not applied")
{
    auto document = filled_record();
    const auto before = document.save().value();
    for (const auto type : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{3}, std::uint8_t{9}}) {
        const auto bytes = chunk(type, as_bytes("anything"));
        const ByteView changes[] = {bytes};
        CHECK(code(document.apply(changes)) == Errc::bad_change);
    }
    const ByteView saved[] = {before};
    CHECK(code(document.apply(saved)) == Errc::bad_change);
    const ByteView empty[] = {ByteView{}};
    CHECK(code(document.apply(empty)) == Errc::bad_change);
    CHECK(document.save().value() == before);
}
