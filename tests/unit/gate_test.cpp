// The gate, stage by stage.
#include "tests/support/gate_cases.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;
using namespace roadbook::testing::column;

TEST_CASE("an honest change is admitted, and the document that comes back has it")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, "new")});
    const auto admission = through_gate(base, {change.bytes});
    REQUIRE(admission.verdicts.at(0).has_value());
    const auto& summary = *admission.verdicts[0];
    CHECK(summary.hash == change.hash);
    CHECK(summary.actor == an_actor(7));
    CHECK(summary.seq == change.seq);
    CHECK(summary.start_op == change.start_op);
    CHECK(summary.max_op() == change.max_op);
    CHECK(summary.deps == change.deps);
    REQUIRE(admission.grown);
    CHECK(value_at(admission.document, {"field0"}) == Scalar{std::string{"new"}});
    CHECK(value_at(base, {"field0"}) == Scalar{std::string{"value 0"}});
    CHECK(Document::load(admission.saved).value().heads().value() == device.heads().value());
    CHECK(admission.document.save().value() == admission.saved);
    CHECK(admission.document.last_seq(an_actor(7)).value() == 1);
}

TEST_CASE("a forged change that breaks no rule is admitted: the forging tools are sound")
{
    const auto base = filled_record();
    CHECK(verdict_on(base, a_put(base).bytes()) == Errc::ok);
    const auto honest = an_edit(base, {put_text({"field0"}, "a"), set_text({"note"}, "b"), put_map({"lines", "l"})});
    CHECK(verdict_on(base, honest.bytes()) == Errc::ok);
}

TEST_CASE("a first record comes as its genesis and its first edit")
{
    auto device = new_record();
    const auto first = edit(device, an_actor(7), {put_text({"id"}, "x")});
    const Document empty;
    CHECK(codes(through_gate(empty, {sample_genesis().bytes, first.bytes})) == std::vector{Errc::ok, Errc::ok});
    CHECK(codes(through_gate(empty, {first.bytes})) == std::vector{Errc::missing_parents});
}

TEST_CASE("a known change is admitted again without effect, and one that comes twice in a batch counts once")
{
    auto base = filled_record();
    const auto known = base.changes_since({}).value();
    const auto again = through_gate(base, {known[1].bytes, known[2].bytes});
    CHECK(codes(again) == std::vector{Errc::ok, Errc::ok});
    CHECK_FALSE(again.grown);

    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, "new")});
    const auto twice = through_gate(base, {change.bytes, known[1].bytes, change.bytes});
    CHECK(codes(twice) == std::vector{Errc::ok, Errc::ok, Errc::ok});
    CHECK(twice.document.heads().value() == device.heads().value());
    const Legality never = [](const Document&, const Summary&) -> Result<void> {
        return fail(Errc::not_allowed, "no");
    };
    CHECK(codes(through_gate(base, {change.bytes, change.bytes}, never)) ==
          std::vector{Errc::not_allowed, Errc::not_allowed});
}

TEST_CASE("an actor that is not the device's, such as that of the genesis, is refused before anything else")
{
    const auto base = filled_record();
    const ActorCheck own = [](const ActorId& actor) -> Result<void> {
        if (actor == an_actor(66)) return fail(Errc::actor_forbidden, "not yours");
        return {};
    };
    const auto admission =
        through_gate(base, {a_put(base, 66).bytes(), a_put(base, 67).bytes()}, always_legal, {}, own);
    CHECK(codes(admission) == std::vector{Errc::actor_forbidden, Errc::ok});
}

TEST_CASE("a device asks neither whose an actor is nor what is legal, the server did; all else is as strict")
{
    const auto base = filled_record();
    const auto admission = through_gate(base, {a_put(base, 66).bytes(), a_put_on_nothing(base, 67).bytes()}, {}, {}, {});
    CHECK(codes(admission) == std::vector{Errc::ok, Errc::bad_change});
}

TEST_CASE("a change on unknown parents waits without blame; one on a refused parent is stranded")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    const auto first = edit(device, an_actor(7), {put_text({"field0"}, "1")});
    const auto second = edit(device, an_actor(7), {put_text({"field0"}, "2")});
    const auto third = edit(device, an_actor(7), {put_text({"field0"}, "3")});
    auto other = base.fork().value();
    const auto apart = edit(other, an_actor(8), {put_text({"field1"}, "apart")});
    CHECK(codes(through_gate(base, {second.bytes, third.bytes, apart.bytes})) ==
          std::vector{Errc::missing_parents, Errc::missing_parents, Errc::ok});
    CHECK(codes(through_gate(base, {first.bytes, second.bytes, third.bytes})) ==
          std::vector{Errc::ok, Errc::ok, Errc::ok});

    const Legality not_second = [&](const Document&, const Summary& summary) -> Result<void> {
        if (summary.hash == second.hash) return fail(Errc::not_allowed, "no", "field0");
        return {};
    };
    const auto admission = through_gate(base, {first.bytes, second.bytes, third.bytes, apart.bytes}, not_second);
    CHECK(codes(admission) == std::vector{Errc::ok, Errc::not_allowed, Errc::stranded, Errc::ok});
    CHECK(admission.verdicts[1].error().field == "field0");
    CHECK(value_at(admission.document, {"field0"}) == Scalar{std::string{"1"}});
    CHECK(value_at(admission.document, {"field1"}) == Scalar{std::string{"apart"}});

    auto broken = first.bytes;
    broken.back() ^= std::byte{1};
    repair_checksum(broken);
    auto on_broken = ForgedChange::from(second.bytes);
    on_broken.deps = {sha256(ByteView{broken}.subspan(8))};
    auto damaged = ForgedChange::from(broken);
    damaged.time = 5;
    on_broken.deps = {sha256(ByteView{damaged.bytes()}.subspan(8))};
    CHECK(codes(through_gate(base, {damaged.bytes(), on_broken.bytes()})) ==
          std::vector{Errc::bad_change, Errc::stranded});
}

TEST_CASE("legality is asked once for each change, and sees it in its own causal past")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    const auto first = edit(device, an_actor(7), {put_text({"field0"}, "1")});
    const auto second = edit(device, an_actor(7), {put_text({"field0"}, "2")});
    auto other = base.fork().value();
    const auto apart = edit(other, an_actor(8), {put_text({"field0"}, "apart")});
    std::vector<std::pair<std::string, std::string>> seen;
    const Legality watch = [&](const Document& merged, const Summary& summary) -> Result<void> {
        const Hash after[] = {summary.hash};
        const auto value = [](const Content& content) {
            return std::get<std::string>(content.root.find("field0")->values.at(0).value);
        };
        seen.emplace_back(value(merged.read_at(summary.deps).value()), value(merged.read_at(after).value()));
        return {};
    };
    CHECK(through_gate(base, {first.bytes, apart.bytes, second.bytes}, watch).grown);
    CHECK(seen == std::vector<std::pair<std::string, std::string>>{{"value 0", "1"}, {"value 0", "apart"}, {"1", "2"}});
}

TEST_CASE("one bad change delays no other: 199 of 200 are admitted")
{
    const auto base = filled_record();
    std::vector<Bytes> changes;
    for (unsigned i = 0; i < 200; ++i) {
        auto device = base.fork().value();
        changes.push_back(edit(device, an_actor(100 + i), {put({"field1"}, Scalar{std::int64_t{i}})}).bytes);
    }
    changes[77] = a_put_on_nothing(base).bytes();
    const auto admission = through_gate(base, changes);
    auto expected = std::vector<Errc>(200, Errc::ok);
    expected[77] = Errc::bad_change;
    CHECK(codes(admission) == expected);
    CHECK(admission.document.read().value().root.find("field1")->values.size() == 199);
}

TEST_CASE("numbers that do not follow from the history are refused")
{
    auto base = filled_record();
    const auto bad = [&](auto damage) {
        auto change = a_put(base);
        damage(change);
        return verdict_on(base, change.bytes());
    };
    CHECK(bad([](auto& c) { c.seq = 5; }) == Errc::out_of_order); // 89 bytes that panic Automerge
    CHECK(bad([](auto& c) { c.seq = 2; }) == Errc::out_of_order);
    CHECK(bad([](auto& c) { c.seq = 0; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.seq = UINT64_MAX; }) == Errc::out_of_order);
    CHECK(bad([](auto& c) { c.start_op -= 1; }) == Errc::bad_change); // would save what never loads
    CHECK(bad([](auto& c) { c.start_op += 1; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.start_op = 1; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.start_op = 0; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.start_op = 0xffff'ffff; }) ==
          Errc::too_large); // would leave the record read-only for ever
    CHECK(bad([](auto& c) { c.start_op = UINT64_MAX; }) == Errc::too_large);
    CHECK(bad([](auto& c) { c.deps.clear(); }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.deps.push_back(c.deps[0]); }) == Errc::bad_change);

    // a number used again by a restored device
    auto clone = base.fork().value();
    const auto first = edit(base, an_actor(7), {put_text({"field0"}, "1")});
    const auto twin = edit(clone, an_actor(7), {put_text({"field0"}, "2")});
    CHECK(verdict_on(base, twin.bytes) == Errc::out_of_order);

    // an actor's second change that does not know its first: its operations would have the same numbers
    auto forgetful = ForgedChange::from(twin.bytes);
    forgetful.seq = 2;
    CHECK(verdict_on(base, forgetful.bytes()) == Errc::bad_change);
}

TEST_CASE("operations on what is not there are refused, though Automerge would panic or save what never loads")
{
    const auto base = filled_record();
    const auto on_missing_object = a_put_on_nothing(base);
    CHECK(verdict_on(base, on_missing_object.bytes()) == Errc::bad_change);

    const auto over_missing = a_put_over_nothing(base);
    CHECK(verdict_on(base, over_missing.bytes()) == Errc::bad_change);

    auto of_nobody = over_missing;
    of_nobody.columns[5] = {predecessor_actor, ColumnData{}.numbers({1})}; // an actor that the change does not name
    CHECK(verdict_on(base, of_nobody.bytes()) == Errc::bad_change);

    auto in_missing_text = a_put(base);
    in_missing_text.columns = {
        {object_actor, ColumnData{}.numbers({0})},        {object_counter, ColumnData{}.numbers({2})},
        {key_actor, ColumnData{}.numbers({0})},           {key_counter, ColumnData{}.deltas({3})},
        {insert, ColumnData{}.booleans({0, 1})},          {action, ColumnData{}.numbers({1})},
        {value_meta, ColumnData{}.numbers({1 << 4 | 6})}, {value_bytes, to_bytes(as_bytes("x"))},
        {predecessor_group, ColumnData{}.numbers({0})}};
    CHECK(verdict_on(base, in_missing_text.bytes()) == Errc::bad_change);
}

TEST_CASE("the frame of a change is read strictly")
{
    const auto base = filled_record();
    const auto honest = an_edit(base, {put_text({"field0"}, "a"), set_text({"note"}, "b")});
    const auto bytes = honest.bytes();
    REQUIRE(code(inspect(bytes)) == Errc::ok);
    CHECK(code(inspect({})) == Errc::bad_change);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        REQUIRE(code(inspect(ByteView{bytes}.first(length))) == Errc::bad_change);
    for (std::size_t at = 0; at < bytes.size(); ++at) { // the checksum is not repaired
        auto damaged = bytes;
        damaged[at] ^= std::byte{4};
        CAPTURE(at);
        REQUIRE(code(inspect(damaged)) != Errc::ok);
    }
    auto longer = bytes;
    longer.push_back(std::byte{0});
    CHECK(code(inspect(longer)) == Errc::bad_change);
    auto two = bytes;
    two.insert(two.end(), bytes.begin(), bytes.end());
    CHECK(code(inspect(two)) == Errc::bad_change);

    const auto bad = [&](auto damage) {
        auto change = honest;
        damage(change);
        return code(inspect(change.bytes()));
    };
    CHECK(bad([](auto& c) { c.type = 0; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.type = 2; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.type = 3; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.time = 1'700'000'000; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.time = -1; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.message = "hello"; }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.extra = to_bytes(as_bytes("extra")); }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.deps.resize(65); }) == Errc::too_large);
    CHECK(bad([](auto& c) { std::reverse(c.others.begin(), c.others.end()); }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.others.push_back(c.others.back()); }) == Errc::bad_change);
    CHECK(bad([](auto& c) {
              c.others.push_back(c.actor);
              std::sort(c.others.begin(), c.others.end());
          }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.others.clear(); }) == Errc::bad_change); // its columns name two
    CHECK(bad([](auto& c) { c.others.resize(65); }) == Errc::too_large);
    CHECK(bad([](auto& c) { c.columns.clear(); }) == Errc::bad_change);
}

TEST_CASE("numbers are read in their shortest form only")
{
    const auto with_sequence = [](std::initializer_list<int> leb) { // where the sequence number stands, any bytes
        Bytes body{std::byte{0}, std::byte{16}};
        body.insert(body.end(), 16, std::byte{7});
        for (const auto byte : leb) body.push_back(static_cast<std::byte>(byte));
        for (const auto byte : {1, 0, 0, 0})
            body.push_back(static_cast<std::byte>(byte)); // start, time, message, other actors
        const auto put = a_put(new_record());
        const auto rest = put.bytes();
        ForgedChange columns;
        columns.columns = put.columns;
        const auto plain = columns.bytes(); // 9 of the header, 1 of the length, 23 up to the columns
        body.insert(body.end(), plain.begin() + 33, plain.end());
        return code(inspect(chunk(1, body)));
    };
    CHECK(with_sequence({1}) == Errc::ok);
    CHECK(with_sequence({0xff, 0x01}) == Errc::ok);
    CHECK(with_sequence({0x81, 0x00}) == Errc::bad_change); // padded
    CHECK(with_sequence({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}) == Errc::ok);
    CHECK(with_sequence({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}) ==
          Errc::bad_change); // beyond 64 bits
    CHECK(with_sequence({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}) == Errc::bad_change);
}

TEST_CASE("columns are known, in order, plain and of one length")
{
    const auto base = filled_record();
    const auto honest = an_edit(
        base, {put_text({"field0"}, "a"), put_text({"field1"}, "b"), put_text({"lines", "line-0", "product"}, "c")});
    REQUIRE(code(inspect(honest.bytes())) == Errc::ok);
    const auto bad = [&](auto damage) {
        auto change = honest;
        damage(change);
        return code(inspect(change.bytes()));
    };
    const auto set = [&](std::uint32_t column, Bytes data) { return bad([&](auto& c) { *c.column(column) = data; }); };
    const auto add = [&](std::uint32_t column, Bytes data) {
        return bad([&](auto& c) {
            c.columns.emplace_back(column, data);
            std::stable_sort(c.columns.begin(), c.columns.end(), [](auto& a, auto& b) { return a.first < b.first; });
        });
    };
    CHECK(bad([](auto& c) { std::swap(c.columns[0], c.columns[1]); }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.columns.push_back(c.columns.back()); }) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.columns[0].first |= 0x08; }) == Errc::bad_change); // deflated
    CHECK(bad([](auto& c) { c.columns[0].second.clear(); }) == Errc::bad_change);
    CHECK(add(0x12, ColumnData{}.numbers({1, 2, 3})) == Errc::bad_change); // unknown
    CHECK(add(expand, ColumnData{}.booleans({3})) == Errc::bad_change);    // marks: nobody here could say what they do
    CHECK(add(mark_name, ColumnData{}.strings({"bold", "bold", "bold"})) == Errc::bad_change);
    CHECK(bad([](auto& c) { c.columns.resize(33, {0x1000, Bytes(1)}); }) == Errc::too_large);

    CHECK(set(action, ColumnData{}.repeated(3, 7)) == Errc::bad_change);  // a mark
    CHECK(set(action, ColumnData{}.repeated(3, 99)) == Errc::bad_change); // from the future
    CHECK(set(action, ColumnData{}.repeated(2, 1)) == Errc::bad_change);  // fewer than the others have
    CHECK(set(action, ColumnData{}.nulls(3)) == Errc::bad_change);
    CHECK(set(insert, ColumnData{}.booleans({4})) == Errc::bad_change);
    CHECK(set(insert, ColumnData{}.booleans({1, 0, 2})) == Errc::bad_change);
    CHECK(set(key_string, ColumnData{}.strings({"a", "b"})) == Errc::bad_change);
    CHECK(set(key_string, ColumnData{}.strings({"a", "b"}).raw(as_bytes("\x7f\x7f"))) ==
          Errc::bad_change); // longer than the column
    CHECK(set(key_string, ColumnData{}.nulls(0)) == Errc::bad_change);
    CHECK(set(value_bytes, to_bytes(as_bytes("ab"))) == Errc::bad_change); // the lengths say three
    CHECK(set(value_meta, ColumnData{}.repeated(3, UINT64_MAX)) == Errc::bad_change);
    CHECK(set(predecessor_group, ColumnData{}.repeated(3, 2)) == Errc::bad_change);
    CHECK(set(predecessor_group, ColumnData{}.repeated(3, UINT64_MAX)) == Errc::bad_change);
    CHECK(set(predecessor_counter, ColumnData{}.deltas({1, 1})) == Errc::bad_change);
    CHECK(set(predecessor_counter, ColumnData{}.deltas({1, -2, 5})) == Errc::bad_change);        // below 0
    CHECK(set(predecessor_counter, ColumnData{}.deltas({INT64_MAX, 1, 1})) == Errc::bad_change); // overflow
    CHECK(set(predecessor_counter, ColumnData{}.deltas({90'000, 90'000, 1})) ==
          Errc::bad_change); // beyond any document
    CHECK(set(object_counter, ColumnData{}.nulls(2).numbers({UINT64_MAX})) == Errc::bad_change);
    CHECK(set(object_actor, ColumnData{}.nulls(2).numbers({9})) == Errc::bad_change);
    CHECK(bad([](auto& c) { std::erase_if(c.columns, [](auto& column) { return column.first == object_actor; }); }) ==
          Errc::bad_change);
    CHECK(bad([](auto& c) {
              std::erase_if(c.columns, [](auto& column) { return column.first == predecessor_actor; });
          }) == Errc::bad_change);
    CHECK(bad([](auto& c) {
              std::erase_if(c.columns, [](auto& column) { return column.first == predecessor_counter; });
          }) == Errc::bad_change);
    CHECK(bad([](auto& c) { std::erase_if(c.columns, [](auto& column) { return column.first == value_meta; }); }) ==
          Errc::bad_change);
}

TEST_CASE("every limit holds, to the byte")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, std::string(500, 'x'))});
    const auto with = [&](auto set) {
        GateLimits limits;
        set(limits);
        return code(through_gate(base, {change.bytes}, always_legal, limits).verdicts.at(0));
    };
    const auto saved = device.save().value().size();
    const auto size = change.bytes.size();
    const auto operations = device.operations().value();
    CHECK(with([&](auto& l) { l.change_bytes_max = size; }) == Errc::ok);
    CHECK(with([&](auto& l) { l.change_bytes_max = size - 1; }) == Errc::too_large);
    CHECK(with([&](auto& l) { l.document_bytes_max = saved; }) == Errc::ok);
    CHECK(with([&](auto& l) { l.document_bytes_max = saved - 1; }) == Errc::too_large);
    CHECK(with([&](auto& l) { l.document_operations_max = operations; }) == Errc::ok);
    CHECK(with([&](auto& l) { l.document_operations_max = operations - 1; }) == Errc::too_large);
    CHECK(with([&](auto& l) { l.document_actors_max = 5; }) == Errc::ok); // the genesis, three authors, this one
    CHECK(with([&](auto& l) { l.document_actors_max = 4; }) == Errc::too_large);
    CHECK(with([&](auto& l) { l.dependencies_max = 0; }) == Errc::too_large);

    auto many = base.fork().value();
    std::vector<Edit> edits;
    for (int i = 0; i < 5'000; ++i) edits.push_back(put({"f" + std::to_string(i)}, Scalar{}));
    CHECK(verdict_on(base, edit(many, an_actor(7), edits).bytes) == Errc::ok);
    many = base.fork().value();
    edits.push_back(put({"one more"}, Scalar{}));
    CHECK(verdict_on(base, edit(many, an_actor(7), edits).bytes) == Errc::too_large);
}

TEST_CASE("a batch that would grow a record over its limit is taken as far as it goes")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    std::vector<Bytes> changes;
    for (int i = 0; i < 8; ++i)
        changes.push_back(
            edit(device, an_actor(7), {put_text({"field0"}, std::string(500, static_cast<char>('a' + i)))}).bytes);
    GateLimits limits;
    limits.document_bytes_max = base.save().value().size() + 2'300;
    const auto admission = through_gate(base, changes, always_legal, limits);
    CHECK(codes(admission) == std::vector{Errc::ok, Errc::ok, Errc::ok, Errc::ok, Errc::too_large, Errc::stranded,
                                          Errc::stranded, Errc::stranded});
    CHECK(admission.saved.size() <= limits.document_bytes_max);
}

TEST_CASE("maps nested deeper than eight are refused, seen or hidden")
{
    auto base = new_record();
    std::vector<std::string> path{"lines"};
    for (int depth = 2; depth <= 8; ++depth) {
        path.push_back("d");
        edit(base, an_actor(1), {put_map(path)});
    }
    path.push_back("d");
    auto device = base.fork().value();
    CHECK(verdict_on(base, edit(device, an_actor(7), {put_map(path)}).bytes) == Errc::too_large);
    device = base.fork().value();
    CHECK(verdict_on(base, edit(device, an_actor(7), {put_map(path), removal({"lines", "d"})}).bytes) ==
          Errc::too_large);
    device = new_record();
    const auto fresh = new_record();
    std::vector<Edit> edits;
    path = {"lines"};
    for (int depth = 2; depth <= 1'200; ++depth) {
        path.push_back("d");
        edits.push_back(put_map(path));
    }
    CHECK(verdict_on(fresh, edit(device, an_actor(7), edits).bytes) == Errc::too_large);
}

TEST_CASE("a base that is broken is said to be, it is nobody's verdict")
{
    auto base = filled_record();
    const auto change = a_put(base).bytes();
    const auto hostile = a_put_on_nothing(base);
    const auto bytes = hostile.bytes();
    const ByteView poison[] = {bytes};
    REQUIRE(code(base.apply(poison)) == Errc::document_poisoned);
    const ByteView changes[] = {change};
    CHECK(code(admit(base, changes, any_actor, always_legal)) == Errc::document_poisoned);
}
