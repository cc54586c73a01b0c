// Merging is reading: what one record says after several people wrote without having seen each other.
#include "conflict/merge/attribution.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"

#include <catch2/catch.hpp>

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
    schema::Kind kind{.name = "trial", .label = {"Trial", "试"}, .plural = {"Trials", "试"}, .fields = {schema::integer("value", {"Value", "值"}).policy(policy)},
                      .collections = {}, .scopes = {}, .title = "value"};
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

TEST_CASE("an entry is removed for all as soon as one has removed it, and can be brought back", "[merge]")
{
    auto apart = Apart{"quote"};
    const auto at = [](const char* name) { return std::vector<std::string>{"lines", line.text(), name}; };
    apart.together({{{"lines", line.text()}, Edit::PutMap{}}, put(at("quantity"), std::int64_t{1}), put(at("removed"), false)});
    apart.apart({put(at("removed"), true)}).apart({put(at("removed"), std::monostate{})}).apart({put(at("quantity"), std::int64_t{2})});
    auto merged = apart.merged();
    REQUIRE(merged.record.collections.at("lines").size() == 1);
    CHECK(merged.record.collections.at("lines").front().removed);
    CHECK(merged.record.collections.at("lines").front().fields.at("quantity") == number(2)); // the edit is not lost

    auto document = apart.with(apart.changes());
    (void)document.commit(an_actor(1), std::vector{put(at("removed"), false)}).value();
    CHECK_FALSE(merge::read(apart.kind(), record, document.read().value()).record.collections.at("lines").front().removed);
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
    // link of the chain, never by changing the first.
    const std::map<std::string, std::string> golden{
        {"account", "b65609d86a888794c94241dbed769ddc673174dbbd2b454353d337e5560c3418"},
        {"account_note", "9c518e3837269ee984194ba26fafef1997eb0ed48509dc7ff126df497c8b9b13"},
        {"account_terms", "2a0c343fd10928ba61ec62072e614d205f2cccf7abe3d40ae489edda0ac96854"},
        {"asset", "38aa8ef16e719c8f61cae2a1ee11f8d6d21d5356128fed8455c31a6694748e0e"},
        {"campaign", "f91bd61c40056ac029fa62908fe8b3e7201bf5f2ea4c6afdd78f4fd766cab35a"},
        {"collateral", "f5519903b7a95a94c72819692728229492bb409076dc219c80fe4bd027ba46c5"},
        {"commission_plan", "325cf8b815966adda960c147195040a19641953cc97177755bd456a1d3dc836a"},
        {"competitor", "09853a895451f372100ce0e817f73d933e3ce99a0571b1bd8be1ebd0ee4b4492"},
        {"contact", "ca372f33f372434acc560d9050abeb787f3f19b7326d26827b42b7e231a10ac0"},
        {"contract", "45e8ca6a9bb110ee270c58d77edfeef33b54d19b7eed41b487fd189fc049019c"},
        {"dictionary", "fcbb7f32a4fe40e6ad040984d9a1bd98d115474b10d48dcfadcb6a073a45e96a"},
        {"exchange_rate", "43af8993c3d37e2cba98c0ca16b47ea3f9d0dbea8eac71900c2e288adbfd5966"},
        {"expense_policy", "543403ccc7240af4df890722c8fc2a32200fe8dc57dd131a85fa629ea12466c5"},
        {"expense_report", "03c4f5cd428b24192857f3b03592e65eaa40406864480ca6095ec574be1f8b76"},
        {"forecast_snapshot", "32a91e50ec9d64bfb8671dbbea6b84b6976401ecfddab03f8179009ecd362330"},
        {"knowledge_article", "6168ffe2c5e71f6128761da16afb1a54174bca0ece168c706f4d78179c35937d"},
        {"lead", "979046c1d0c85f89ea880b1b7756b8b6ad01c9a062bbd657ae4e0dd375fad112"},
        {"numbering_rule", "53f0b84d86faacb80ef4ee76af9b56de55f8a8b96aca849c075385f132bf3801"},
        {"opportunity", "1f7977ed04f9e6b8a84a7567f7edd8e1933c470ded3f6b264df08dac11d75ab4"},
        {"order", "ae98d4ecd552fab1a7046439b62f98d5ddc5021bba583d05e41f7902a32dfa96"},
        {"person", "ce5cf1cd4ed454b9e89ba4c8be96353ca25a8b37e0d51fd5c921583d5465311f"},
        {"person_private", "27219293f679114f1920077c25f8e0e7d542fc4142055fbf4781c496093fa8b0"},
        {"price_list", "1a29b05674be0339e94160bcf83893cbcfdd084ce6f493e7a1bbaaa84a1d41e0"},
        {"product", "72b78fbb2a594e6b50c924be6c5508d80d1f802c40bcdad7ddd9328cfd6da580"},
        {"product_cost", "4ddf1b89195b6b9865273341df2834ce5fc4628875ea568b4f72d1c50f691689"},
        {"quote", "c4ecfe1a19ff17339d10d8b05e02b9049cdb7b9e90aebb76dd95a77039f40012"},
        {"region", "e1557ace9c7f8cf65ae2a7df63dbe47b262d01b334482ca1b4ade9cdafec93a1"},
        {"sales_return", "e7ec7883735f96d4e33d1de3c67b1b30a6ab5734290f64c536e6afa16e7634f9"},
        {"stock_movement", "b617cf7897adb78e018aa7b4c29a32474ff49ce620562ddaeeafbace8f9eb281"},
        {"task", "b8228b58d00eddc05d411fc5f2ba0f8883ece073a48435e579b3ba35df5193d0"},
        {"team", "5fde51738fe1581b855acd39d1c1930fdc0913b43164d9e78be9f39d55f78f30"},
        {"territory", "5096c81b6eb2e437d39e89083621dbae9f8d1ba4600bd284bab0e41feab86713"},
        {"ticket", "4d950e4a1095917d200e2f32ae074e0c620c7049edee72ecf3093201934d36ab"},
        {"van_stock", "e1231e8b3346e7b118147725889ce4e7973187c4571a1797099a30010863647c"},
        {"visit", "d86e3eee01f131f7776cd69cc01adabc399c02dfb77a1d6d23f272c5e1a164ac"},
        {"work_order", "b1802794909a3d19900fa0d0d5b2cb3ccf29f1116e1284b99bda1aa5cefa9ae5"},
    };
    for (const auto& kind : schema::kinds()) {
        INFO(kind.name);
        REQUIRE(golden.contains(kind.name));
        CHECK(merge::genesis_of(kind).hashes.front().hex() == golden.at(kind.name));
        for (const auto& link : merge::genesis_of(kind).hashes) CHECK(merge::kind_of_genesis(link) == &kind);
    }
    CHECK(golden.size() == schema::kinds().size());
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
