// Merging is reading: what one record says after several people wrote without having seen each other.
#include "conflict/merge/attribution.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/written.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace roadbook;
using automerge::Document;
using automerge::Edit;

namespace {

const RecordId record = RecordId::parse("01900000-0000-7000-8000-0000000000aa").value();
const ChildId line = ChildId::parse("01900000-0000-7000-8000-000000000001").value();

ActorId an_actor(std::uint8_t last)
{
    ActorId actor;
    actor.bytes.back() = static_cast<std::byte>(last);
    return actor;
}

Edit put(std::vector<std::string> path, automerge::Scalar value)
{
    return {std::move(path), Edit::Put{std::move(value)}};
}

/// A record that people edit apart and that is then merged.
class Apart {
public:
    explicit Apart(std::string_view kind) : kind_{*schema::find_kind(kind)}, base_{merge::new_document(kind_)}
    {
        (void)base_.commit(an_actor(1), std::vector{put({"id"}, to_bytes(record.view()))}).value();
    }
    Apart& together(const std::vector<Edit>& edits)
    {
        (void)base_.commit(an_actor(1), edits).value();
        return *this;
    }
    /// One person's edits on what all have seen so far.
    Apart& apart(const std::vector<Edit>& edits)
    {
        auto mine = base_.fork().value();
        const auto change = mine.commit(an_actor(static_cast<std::uint8_t>(10 + changes_.size())), edits).value();
        changes_.push_back(change.value().bytes);
        return *this;
    }
    /// The same whatever the order.
    merge::Merged merged()
    {
        auto forwards = with(changes_);
        const auto read = merge::read(kind_, record, forwards.read().value());
        auto backwards = with({changes_.rbegin(), changes_.rend()});
        const auto again = merge::read(kind_, record, backwards.read().value());
        REQUIRE(read.record == again.record);
        REQUIRE(read.conflicts == again.conflicts);
        return read;
    }
    Document with(const std::vector<Bytes>& changes) const
    {
        auto document = base_.fork().value();
        for (const auto& change : changes) {
            const ByteView bytes{change};
            document.apply(std::span{&bytes, 1}).value();
        }
        return document;
    }
    [[nodiscard]] const std::vector<Bytes>& changes() const { return changes_; }
    [[nodiscard]] const schema::Kind& kind() const { return kind_; }

private:
    const schema::Kind& kind_;
    Document base_;
    std::vector<Bytes> changes_;
};

std::string text(const char* value)
{
    return value;
}

schema::Value with_policy(schema::Policy policy, std::vector<automerge::Scalar> values, merge::Merged* all = nullptr)
{
    // A kind of the test's own: one field, one policy.
    schema::Kind kind{.name = "trial", .label = {"Trial", "试"}, .plural = {"Trials", "试"}, .fields = {schema::integer("value", {"Value", "值"})},
                      .collections = {}, .scopes = {}, .title = "value"};
    kind.fields[0].merge = policy;
    auto base = Document{};
    (void)base.commit(an_actor(1), std::vector{put({"id"}, to_bytes(record.view()))}).value();
    auto merged = base.fork().value();
    std::uint8_t actor = 10;
    for (const auto& value : values) {
        auto mine = base.fork().value();
        const auto change = mine.commit(an_actor(actor++), std::vector{put({"value"}, value)}).value().value();
        const ByteView bytes{change.bytes};
        merged.apply(std::span{&bytes, 1}).value();
    }
    auto read = merge::read(kind, record, merged.read().value());
    if (all != nullptr) *all = read;
    return read.record["value"];
}

using Scalars = std::vector<automerge::Scalar>;
constexpr auto number = [](std::int64_t n) { return schema::Value{n}; };

} // namespace

TEST_CASE("latest shows one value and tells of the others without asking", "[merge]")
{
    const auto merged = Apart{"account"}.apart({put({"phone"}, text("1"))}).apart({put({"phone"}, text("2"))}).merged();
    REQUIRE(merged.conflicts.size() == 1);
    const auto& conflict = merged.conflicts.front();
    CHECK(conflict.path == "phone");
    CHECK_FALSE(conflict.needs_person());
    REQUIRE(conflict.candidates.size() == 2);
    CHECK(conflict.candidates[0].value == merged.record["phone"]);
    CHECK(conflict.candidates[0].actor == an_actor(11)); // equal counters: the greater actor, as Automerge ranks them
    CHECK(conflict.candidates[1].actor == an_actor(10));
}

TEST_CASE("ask keeps both values open until a person has chosen", "[merge]")
{
    auto apart = Apart{"account"};
    apart.apart({put({"credit_limit"}, text("100 EUR"))}).apart({put({"credit_limit"}, text("200 EUR"))});
    const auto merged = apart.merged();
    REQUIRE(merged.conflicts.size() == 1);
    CHECK(merged.conflicts.front().needs_person());

    // Choosing the value that shows already is a choice, too.
    auto document = apart.with(apart.changes());
    const auto& shown = merged.conflicts.front().candidates.front().value;
    const auto minor = std::get<Money>(shown).minor;
    REQUIRE(document.commit(an_actor(1), std::vector{put({"credit_limit"}, std::to_string(minor) + " EUR")}).value().has_value());
    const auto settled = merge::read(apart.kind(), record, document.read().value());
    CHECK(settled.conflicts.empty());
    CHECK(settled.record["credit_limit"] == shown);
}

TEST_CASE("furthest shows the state that went further, and tells what it overrode", "[merge]")
{
    for (const bool done_first : {true, false}) {
        auto apart = Apart{"visit"};
        apart.together({put({"status"}, text("planned"))});
        apart.apart({put({"status"}, text(done_first ? "done" : "cancelled"))}).apart({put({"status"}, text(done_first ? "cancelled" : "done"))});
        const auto merged = apart.merged();
        CHECK(merged.record["status"] == schema::Value{text("done")});
        REQUIRE(merged.conflicts.size() == 1);
        CHECK(merged.conflicts.front().candidates.front().value == schema::Value{text("done")});
    }
}

TEST_CASE("a state of a newer version ranks beyond all that are known", "[merge]")
{
    const auto merged = Apart{"visit"}.apart({put({"status"}, text("billed"))}).apart({put({"status"}, text("done"))}).merged();
    CHECK(merged.record["status"] == schema::Value{text("billed")});
}

TEST_CASE("highest and lowest take the greater and the lesser, and an empty value never wins", "[merge]")
{
    CHECK(with_policy(schema::Policy::highest, Scalars{std::int64_t{3}, std::int64_t{9}, std::int64_t{5}}) == number(9));
    CHECK(with_policy(schema::Policy::lowest, Scalars{std::int64_t{3}, std::int64_t{9}, std::int64_t{5}}) == number(3));
    CHECK(with_policy(schema::Policy::highest, Scalars{std::int64_t{-3}, std::monostate{}}) == number(-3));
    CHECK(with_policy(schema::Policy::lowest, Scalars{std::int64_t{3}, std::monostate{}}) == number(3));
}

TEST_CASE("first keeps the earliest operation", "[merge]")
{
    merge::Merged all;
    CHECK(with_policy(schema::Policy::first, Scalars{std::int64_t{3}, std::int64_t{9}}, &all) == number(3));
    CHECK(all.conflicts.front().candidates.front().actor == an_actor(10));
}

TEST_CASE("notes that two people wrote in are joined and never in conflict", "[merge]")
{
    auto apart = Apart{"account"};
    apart.together({{{"notes"}, Edit::SetText{"Call on Monday."}}});
    apart.apart({{{"notes"}, Edit::SetText{"New: Call on Monday."}}}).apart({{{"notes"}, Edit::SetText{"Call on Monday. Bring samples."}}});
    const auto merged = apart.merged();
    CHECK(merged.record["notes"] == schema::Value{text("New: Call on Monday. Bring samples.")});
    CHECK(merged.conflicts.empty());
}

TEST_CASE("the same value written twice is agreement", "[merge]")
{
    const auto merged = Apart{"account"}.apart({put({"phone"}, text("1"))}).apart({put({"phone"}, text("1"))}).merged();
    CHECK(merged.conflicts.empty());
    CHECK(merged.record["phone"] == schema::Value{text("1")});
}

TEST_CASE("emptying a field while another fills it is a conflict", "[merge]")
{
    auto apart = Apart{"account"};
    apart.together({put({"phone"}, text("0"))}).apart({put({"phone"}, text("1"))}).apart({put({"phone"}, std::monostate{})});
    CHECK(apart.merged().conflicts.size() == 1);
}

TEST_CASE("what this version does not know is kept in the document and shown as text", "[merge]")
{
    auto apart = Apart{"account"};
    apart.together({put({"colour"}, text("blue")), put({"phone"}, std::int64_t{5})});
    const auto merged = apart.merged();
    CHECK(merged.record.unknown == std::map<std::string, std::string>{{"colour", "blue"}, {"phone", "5"}});
    CHECK(schema::is_empty(merged.record["phone"]));

    auto document = apart.with({});
    (void)document.commit(an_actor(1), std::vector{put({"name"}, text("Acme"))}).value();
    const auto loaded = Document::load(document.save().value()).value();
    CHECK(merge::read(apart.kind(), record, loaded.read().value()).record.unknown == merged.record.unknown);
}

TEST_CASE("entries stand by position, and by id where two share one", "[merge]")
{
    auto apart = Apart{"quote"};
    const auto key = [](int i) { return "01900000-0000-7000-8000-00000000000" + std::to_string(i); };
    const auto add = [&](int i, const char* position) {
        return std::vector<Edit>{{{"lines", key(i)}, Edit::PutMap{}}, put({"lines", key(i), "position"}, text(position))};
    };
    apart.apart(add(3, "ab")).apart(add(2, "ab")).apart(add(1, "ac")).apart(add(4, "aa"));
    std::vector<std::string> order;
    const auto merged = apart.merged();
    for (const auto& child : merged.record.collections.at("lines")) order.push_back(child.id.text());
    CHECK(order == std::vector{key(4), key(2), key(3), key(1)});
}

TEST_CASE("a place after the last one sorts behind it, for as many entries as a record may hold", "[merge]")
{
    std::string last;
    for (int i = 0; i < static_cast<int>(schema::children_max); ++i) {
        const auto next = merge::position_after(last);
        REQUIRE(next > last);
        REQUIRE(next.size() <= 16);
        last = next;
    }
    CHECK(merge::position_after("a~") > "a~"); // not one of ours
    CHECK(merge::position_after("~") > "~");
}

TEST_CASE("the genesis of each kind is what it was when the first document was made", "[merge]")
{
    // A changed hash here means: every stored document of this kind stops merging with new ones. Containers are added by a further
    // link of the chain, never by changing one: a new schema version, and a new hash behind the others in the file.
    std::string actual;
    for (const auto& kind : schema::kinds()) {
        actual += kind.name;
        for (const auto& link : merge::genesis_of(kind).hashes) {
            actual += " " + link.hex();
            CHECK(merge::kind_of_genesis(link) == &kind);
        }
        actual += "\n";
    }
    std::ifstream file{std::filesystem::path{ROADBOOK_SOURCE_DIR} / "tests/unit/golden/genesis.txt"};
    const std::string golden{std::istreambuf_iterator<char>{file}, {}};
    CHECK(actual == golden);
    CHECK(merge::kind_of_genesis(Hash{}) == nullptr);
}

TEST_CASE("an intent goes through bytes unchanged, every type of value in it", "[merge]")
{
    merge::Intent intent;
    intent.id = IntentId::parse("01900000-0000-7000-8000-000000000011").value();
    intent.record = record;
    intent.kind = "quote";
    intent.create = true;
    intent.reason = "the customer called 客户";
    intent.device_time = Time{Duration{123'456}};
    intent.base_heads = {sha256(as_bytes("a")), sha256(as_bytes("b"))};
    intent.steps.push_back({{}, {}, false, {{"notes", text("long")}, {"account", record}, {"deleted_at", Time{Duration{5}}}, {"discount", std::int64_t{-5}},
                                            {"number", std::monostate{}}}});
    intent.steps.push_back({"lines", line, true, {{"unit_price", Money{-128'000, "CNY"}}, {"removed", true}, {"position", text("ab")}}});
    const auto read = merge::read_intent(merge::write(intent)).value();
    CHECK(read.id == intent.id);
    CHECK(read.record == intent.record);
    CHECK(read.kind == intent.kind);
    CHECK(read.create == intent.create);
    CHECK(read.reason == intent.reason);
    CHECK(read.device_time == intent.device_time);
    CHECK(read.base_heads == intent.base_heads);
    REQUIRE(read.steps.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(read.steps[i].collection == intent.steps[i].collection);
        CHECK(read.steps[i].child == intent.steps[i].child);
        CHECK(read.steps[i].add == intent.steps[i].add);
        CHECK(read.steps[i].values == intent.steps[i].values);
    }
}

TEST_CASE("an intent that names what the schema does not have says what", "[merge]")
{
    merge::Intent intent;
    intent.kind = "qoute";
    CHECK(merge::edits_of(intent).error().field == "kind");
    intent.kind = "quote";
    intent.steps = {{{}, {}, false, {{"colour", text("blue")}}}};
    CHECK(merge::edits_of(intent).error().field == "colour");
    intent.steps = {{"rows", line, false, {}}};
    CHECK(merge::edits_of(intent).error().field == "rows");
    intent.steps = {{"lines", line, false, {{"deleted_at", Time{}}}}};
    CHECK(merge::edits_of(intent).error().field == "deleted_at"); // of a record only
    CHECK(merge::read_intent(as_bytes("noise")).error().code == Errc::bad_frame);
}

TEST_CASE("an attribution goes through a frame unchanged, and hostile times are bounded", "[merge]")
{
    merge::Attribution by{record, DeviceId::parse("01900000-0000-7000-8000-000000000022").value(), Time{Duration{1'000}}, Duration{-250}, Time{Duration{1'300}},
                          IntentId::parse("01900000-0000-7000-8000-000000000033").value(), "why", true};
    CHECK(merge::from_frame(merge::to_frame(by)).value() == by);
    CHECK(by.when() == Time{Duration{1'250}});
    by.received_at.reset();
    CHECK(merge::from_frame(merge::to_frame(by)).value() == by);
    auto frame = merge::to_frame(by);
    frame.set_person("short");
    CHECK(merge::from_frame(frame).error().code == Errc::bad_frame);
    CHECK(merge::time_from_frame(INT64_MAX) - merge::time_from_frame(INT64_MIN) > Duration{0}); // no overflow
}

TEST_CASE("a change gives back the edit that made it, but for its circumstances", "[merge]")
{
    const auto& kind = *schema::find_kind("quote");
    auto document = merge::new_document(kind);
    merge::Intent made;
    made.record = record;
    made.kind = "quote";
    const auto commit = [&](std::uint8_t actor) { return document.commit(an_actor(actor), merge::edits_of(made).value()).value().value(); };
    const auto gives_back = [&](const automerge::Change& change) {
        const auto again = merge::edit_again(document, kind, record, change).value();
        CHECK(again.create == made.create);
        const auto told = [](const merge::Intent& intent) {
            std::set<std::string> words;
            for (const auto& field : merge::written_by(intent)) words.insert(field.path + " = " + field.value);
            return words;
        };
        CHECK(told(again) == told(made));
    };
    made.create = true;
    made.steps = {{{}, {}, false, {{"notes", std::string{"first\nsecond"}}, {"number", std::string{"Q1"}}}},
                  {"lines", line, true, {{"quantity", std::int64_t{2000}}, {"unit_price", Money{1050, "EUR"}}, {"position", std::string{"m"}}}}};
    gives_back(commit(1));

    made.create = false;
    made.steps = {{{}, {}, false, {{"notes", std::string{"first\nand second"}}, {"number", schema::Value{}}}}, {"lines", line, false, {{"removed", true}}}};
    gives_back(commit(2));
}
