// Approvals and signatures: each is over exactly the content that its author saw, whatever is written beside it, by whatever version of the app.
#include "conflict/merge/endorsement_rules.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/payout.hpp"
#include "conflict/merge/scalars.hpp"
#include "shared/rules/expenses.hpp"
#include "tests/support/sample_record.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>

using namespace roadbook;
using namespace roadbook::merge;
using automerge::Content;
using automerge::Document;
using automerge::Edit;
using automerge::Node;
using testing::an_actor;
using testing::put;
using testing::put_map;
using Standing = Endorsed::Standing;

namespace {

const RecordId record = RecordId::parse("01900000-0000-7000-8000-0000000000aa").value();
const RecordId manager = RecordId::parse("01900000-0000-7000-8000-0000000000b1").value();
const RecordId second = RecordId::parse("01900000-0000-7000-8000-0000000000b2").value();
const RecordId rep = RecordId::parse("01900000-0000-7000-8000-0000000000c1").value();

ChildId child(unsigned number)
{
    ChildId id = ChildId::parse("01900000-0000-7000-8000-000000000000").value();
    id.bytes[14] = static_cast<std::byte>(number >> 8U);
    id.bytes[15] = static_cast<std::byte>(number);
    return id;
}

const schema::Kind& quote()
{
    return *schema::find_kind("quote");
}

std::vector<Edit> line(unsigned number, std::int64_t quantity)
{
    const auto id = child(number).text();
    return {put_map({"lines", id}), put({"lines", id, "quantity"}, quantity), put({"lines", id, "unit_price"}, std::string{"10000 CNY"})};
}

Document a_quote()
{
    auto document = new_document(quote());
    auto edits = line(1, 2'000);
    edits.insert(edits.begin(), {put({"id"}, to_bytes(record.view())), put({"owner"}, to_bytes(rep.view())), put({"discount"}, std::int64_t{500})});
    testing::edit(document, an_actor(1), edits);
    return document;
}

Content now(const Document& document)
{
    return document.read().value();
}

struct Says {
    std::string decision = "approved";
    std::int64_t step = 1, steps_needed = 1;
    RecordId approver = manager;
};

/// As the product does it, over what the document says.
schema::Fields approval_of(const Document& document, const schema::Kind& kind, const Says& says = {})
{
    schema::Fields entry{{"approver", says.approver}, {"decision", says.decision}, {"step", says.step}, {"steps_needed", says.steps_needed}};
    write(seal_of(now(document), document.heads().value(), *kind.approval()), entry);
    return entry;
}

std::vector<Edit> entry_edits(const std::string& collection, const ChildId& id, const schema::Fields& fields)
{
    std::vector<Edit> edits{put_map({collection, id.text()})};
    for (const auto& [name, value] : fields) edits.push_back(put({collection, id.text(), name}, to_scalar(value)));
    return edits;
}

void approve(Document& document, const ActorId& by, unsigned number, const Says& says = {})
{
    testing::edit(document, by, entry_edits("approvals", child(number), approval_of(document, quote(), says)));
}

Endorsements read(const Document& document, const schema::Kind& kind = quote())
{
    return endorsements_of(document, kind, now(document)).value();
}

Endorsed only(const Endorsements& all)
{
    REQUIRE(all.entries.size() == 1);
    return all.entries.front();
}

/// Is this one change, the last of the document, right?
Result<void> judged(const Document& document, const automerge::Change& change, const Author& author = {manager, schema::Role::manager}, const schema::Kind& kind = quote())
{
    const auto before = document.read_at(change.deps).value();
    const auto after = document.read_at(std::span{&change.hash, 1}).value();
    return check_endorsements(kind, record, {document, change.deps, before, after}, author, false);
}

std::string code_of(const Result<void>& result)
{
    return result ? "ok" : std::string{name(result.error().code)} + " " + result.error().field;
}

} // namespace

TEST_CASE("an approval holds over what it was given for, and its own change and a second one leave it valid", "[approval]")
{
    auto document = a_quote();
    approve(document, an_actor(2), 100);
    CHECK(only(read(document)).standing == Standing::holds);
    CHECK(only(read(document)).counts);
    CHECK(read(document).is_approved());
    approve(document, an_actor(3), 101, {"approved", 1, 1, second});
    testing::edit(document, an_actor(2), {put({"status"}, std::string{"approved"})});
    const auto all = read(document);
    REQUIRE(all.entries.size() == 2);
    CHECK(all.entries[0].standing == Standing::holds);
    CHECK(all.entries[1].standing == Standing::holds);
    CHECK(all.is_approved());
}

TEST_CASE("what changes after an approval shows as changed since, with what was approved and who moved it", "[approval]")
{
    auto document = a_quote();
    const auto base = document.fork().value();
    approve(document, an_actor(2), 100);
    auto apart = base.fork().value();
    const auto edit = testing::edit(apart, an_actor(3), {put({"lines", child(1).text(), "quantity"}, std::int64_t{3'000})});
    testing::take_in(document, {edit});

    const auto approval = only(read(document));
    CHECK(approval.standing == Standing::changed_since);
    CHECK_FALSE(approval.counts);
    REQUIRE(approval.moved.size() == 1);
    const auto& moved = approval.moved.front();
    CHECK(moved.path == "lines/" + child(1).text() + "/quantity");
    CHECK(words_of(quote(), moved.path, moved.then) == "2");
    CHECK(words_of(quote(), moved.path, moved.now) == "3");
    REQUIRE(moved.by);
    CHECK(moved.by->actor == an_actor(3));
    CHECK(words_of(quote(), "discount", std::vector<automerge::Scalar>{std::int64_t{500}}) == "5");
    const auto then = document.read_at(approval.heads).value();
    CHECK(canonical(then, {}) == canonical(now(base), {}));
    CHECK_FALSE(read(document).is_approved());
    // Put back by hand, the record says again what was approved.
    testing::edit(document, an_actor(3), {put({"lines", child(1).text(), "quantity"}, std::int64_t{2'000})});
    CHECK(only(read(document)).standing == Standing::holds);
}

TEST_CASE("the canonical form keeps apart what differs and joins what does not", "[approval]")
{
    const LeftOut none;
    auto document = a_quote();
    const auto before = canonical(now(document), none);
    const auto after = [&](std::vector<Edit> edits) {
        auto copy = document.fork().value();
        testing::edit(copy, an_actor(9), std::move(edits));
        return canonical(now(copy), none);
    };
    const auto of_line = [](const char* field) { return std::vector<std::string>{"lines", child(1).text(), field}; };
    CHECK(after({put({"discount"}, std::int64_t{600}), put({"discount"}, std::int64_t{500})}) == before); // written again
    CHECK(after({put(of_line("removed"), false)}) == before);
    CHECK(after({put({"terms"}, std::monostate{})}) == before);
    CHECK(after({put(of_line("removed"), true)}) != before);
    CHECK(after({put({"discount"}, std::string{"500"})}) != before); // another type
    CHECK(after({put({"from_a_newer_app"}, std::string{"x"})}) != before);
    CHECK(after({put(of_line("from_a_newer_app"), std::string{"x"})}) != before);
    CHECK(after({testing::set_text({"notes"}, "x")}) != before);
    CHECK(after(line(2, 1)) != before);
    CHECK(after({put_map({"lines", child(2).text()})}) != before);
    CHECK(after({put({"deleted_at"}, std::int64_t{1})}) != before);
    // A value beside the one that shows was seen, too: one that comes or goes is another content.
    auto a = document.fork().value(), b = document.fork().value();
    const auto seven = testing::edit(a, an_actor(7), {put({"discount"}, std::int64_t{700})});
    const auto six = testing::edit(b, an_actor(8), {put({"discount"}, std::int64_t{600})});
    testing::take_in(a, {six});
    testing::take_in(b, {seven});
    CHECK(canonical(now(a), none) == canonical(now(b), none));
    CHECK(canonical(now(a), none) != before);
    CHECK(canonical(now(a), {"discount"}) == canonical(now(document), {"discount"}));
}

TEST_CASE("the digest of a record never changes: it is the same on every machine", "[approval]")
{
    CHECK(digest_of(now(a_quote()), {"status"}) == "9e0b572a6c312ba4675187a57bb1b9e87f60e31c2ac2cb898ce72a951ec1cc68");
}

TEST_CASE("an image that belongs to a signature is no part of what was signed, another file is", "[approval]")
{
    const auto& kind = *schema::find_kind("work_order");
    auto document = new_document(kind);
    testing::edit(document, an_actor(1), {put({"id"}, to_bytes(record.view())), put({"subject"}, std::string{"Repair"})});
    schema::Fields entry{{"signer", std::string{"Frau Meier"}}};
    write(seal_of(now(document), document.heads().value(), *kind.endorsement("signatures")), entry);
    auto edits = entry_edits("signatures", child(100), entry);
    const auto image = entry_edits("attachments", child(101), {{"name", std::string{"signature.png"}}, {"entry", child(100).text()}});
    edits.insert(edits.end(), image.begin(), image.end());
    testing::edit(document, an_actor(1), edits);
    testing::edit(document, an_actor(1), {put({"status"}, std::string{"completed"}), put({"completed_at"}, std::int64_t{5})});
    CHECK(only(read(document, kind)).standing == Standing::holds);
    testing::edit(document, an_actor(1), entry_edits("attachments", child(102), {{"name", std::string{"photo.jpg"}}}));
    CHECK(only(read(document, kind)).standing == Standing::changed_since);
}

TEST_CASE("a record over a limit needs two persons, and a later step counts only with the earlier ones over the same content", "[approval]")
{
    auto document = a_quote();
    approve(document, an_actor(3), 100, {"approved", 2, 2, second}); // the second one was faster
    CHECK_FALSE(only(read(document)).counts);
    CHECK(read(document).next_step == 1);
    SECTION("one person is not two")
    {
        approve(document, an_actor(3), 101, {"approved", 1, 2, second});
        CHECK_FALSE(read(document).is_approved());
        CHECK(read(document).next_step == 2);
    }
    SECTION("with the first one both count")
    {
        approve(document, an_actor(2), 101, {"approved", 1, 2, manager});
        const auto all = read(document);
        CHECK(all.is_approved());
        CHECK(all.steps_needed == 2);
        CHECK((all.entries[0].counts && all.entries[1].counts));
        CHECK(all.approved.front().entries == std::vector{child(101), child(100)});
    }
    SECTION("over another content the first one does not help")
    {
        testing::edit(document, an_actor(1), {put({"discount"}, std::int64_t{900})});
        approve(document, an_actor(2), 101, {"approved", 1, 2, manager});
        CHECK_FALSE(read(document).is_approved());
        CHECK(read(document).next_step == 2);
    }
}

TEST_CASE("a no holds until somebody who has seen it says yes", "[approval]")
{
    auto document = a_quote();
    auto apart = document.fork().value();
    approve(document, an_actor(2), 100);
    const auto no = testing::edit(apart, an_actor(3), entry_edits("approvals", child(101), approval_of(apart, quote(), {"rejected", 1, 1, second})));
    testing::take_in(document, {no});
    CHECK_FALSE(read(document).is_approved());
    CHECK(read(document).entries[1].rejects);
    approve(document, an_actor(2), 102);
    CHECK(read(document).is_approved());
}

TEST_CASE("the server refuses an approval that is over something else than it says", "[approval]")
{
    auto document = a_quote();
    const auto old_heads = document.heads().value();
    const auto unseen = testing::edit(document, an_actor(3), {put({"discount"}, std::int64_t{700})});
    auto past = document.fork_at(old_heads).value();
    const auto good = approval_of(past, quote());
    const auto judge = [&](schema::Fields entry, const Author& author = {manager, schema::Role::manager}) {
        auto copy = past.fork().value();
        const auto change = testing::edit(copy, an_actor(2), entry_edits("approvals", child(100), entry));
        testing::take_in(copy, {unseen}); // it came first
        return code_of(judged(copy, change, author));
    };
    const auto but = [&](const std::string& field, schema::Value value) {
        auto entry = good;
        entry[field] = std::move(value);
        return judge(entry);
    };
    const auto at = "approvals/" + child(100).text();
    CHECK(judge(good) == "ok");
    CHECK(but("digest", sha256(as_bytes("another")).hex()) == "not_allowed " + at + "/digest");
    CHECK(but("heads", unseen.hash.hex()) == "not_allowed " + at + "/heads"); // of somebody else, whom its author had not seen
    CHECK(but("heads", std::string{"0123"}) == "not_allowed " + at);
    CHECK(but("digest_version", std::int64_t{2}) == "unsupported_version " + at + "/digest_version");
    CHECK(but("step", std::int64_t{3}) == "invalid_value " + at + "/step");
    auto typed = good;
    typed.erase("digest");
    CHECK(judge(typed) == "not_allowed " + at);
    // Leaving out all that could be looked at, with a digest that fits.
    auto blind = good;
    auto left_out = left_out_from(std::get<std::string>(good.at("exclusions")));
    left_out.insert("lines");
    blind["exclusions"] = to_text(left_out);
    blind["digest"] = digest_of(now(past), left_out);
    CHECK(judge(blind) == "not_allowed " + at + "/digest");
    // A newer app leaves out what only it knows.
    auto newer = good;
    left_out.erase("lines");
    left_out.insert("reminders_sent");
    newer["exclusions"] = to_text(left_out);
    newer["digest"] = digest_of(now(past), left_out);
    CHECK(judge(newer) == "ok");
}

TEST_CASE("a record with an open conflict is not approved, and rejecting it is free", "[approval]")
{
    auto document = a_quote();
    auto apart = document.fork().value();
    testing::edit(document, an_actor(2), {put({"discount"}, std::int64_t{600})});
    testing::take_in(document, {testing::edit(apart, an_actor(3), {put({"discount"}, std::int64_t{700})})});
    const auto yes = testing::edit(document, an_actor(4), entry_edits("approvals", child(100), approval_of(document, quote())));
    CHECK(code_of(judged(document, yes)) == "conflict_open discount");
    const auto no = testing::edit(document, an_actor(4), entry_edits("approvals", child(101), approval_of(document, quote(), {"rejected", 1, 1, manager})));
    CHECK(code_of(judged(document, no)) == "ok");
}

TEST_CASE("nobody calls a record approved before all have said yes to what it says", "[approval]")
{
    auto document = a_quote();
    const auto status = [&] { return testing::edit(document, an_actor(2), {put({"status"}, std::string{"approved"})}); };
    SECTION("without any approval")
    {
        const auto change = status();
        CHECK(code_of(judged(document, change)) == "not_allowed status");
        CHECK(judged(document, change).error().message == "this Quote is not approved yet: it lacks “Approval” over what it says now");
    }
    SECTION("with one of two")
    {
        approve(document, an_actor(2), 100, {"approved", 1, 2, manager});
        CHECK(code_of(judged(document, status())) == "not_allowed status");
    }
    SECTION("with one over what it said before")
    {
        approve(document, an_actor(2), 100);
        testing::edit(document, an_actor(3), {put({"discount"}, std::int64_t{900})});
        CHECK(code_of(judged(document, status())) == "not_allowed status");
    }
    SECTION("with all")
    {
        approve(document, an_actor(2), 100);
        CHECK(code_of(judged(document, status())) == "ok");
    }
}

// ---- 10,000 races

namespace {

/// What a record says to whom it is shown, made from the document without the code under test: fields and entries by path, all values in their order.
using Plain = std::map<std::string, std::string>;

void plain(const std::string& path, const Node& node, Plain& into)
{
    std::string text = node.text;
    std::vector<std::string> known;
    for (const auto& written : node.values) {
        const auto one = std::to_string(written.value.index()) + ":" + text_of(written.value);
        if (std::find(known.begin(), known.end(), one) == known.end()) known.push_back(one), text += "|" + one;
    }
    const bool says_nothing = text.empty() || text == "|0:" || (path.ends_with("/removed") && (text == "|1:false" || text == "|1:false|0:" || text == "|0:|1:false"));
    if (!says_nothing || (node.kind == Node::Kind::map && std::count(path.begin(), path.end(), '/') == 2)) into[path] = text;
    for (const auto& [key, child_node] : node.children) plain(path + "/" + key, child_node, into);
}

Plain plain(const Content& content)
{
    Plain all;
    for (const auto& [key, node] : content.root.children)
        if (key != "approvals" && key != "signatures" && key != "status" && key != "number" && key != "opportunity") plain("/" + key, node, all);
    return all;
}

class Race {
public:
    explicit Race(std::uint32_t seed) : random_{seed}
    {
        for (unsigned i = 0; i < 3; ++i) copies_.push_back(a_quote());
    }

    void run()
    {
        const int steps = pick(4, 9);
        for (int i = 0; i < steps; ++i) {
            const auto who = static_cast<std::size_t>(pick(0, 2));
            if (pick(0, 9) < 2) meet(who, static_cast<std::size_t>(pick(0, 2)));
            else if (pick(0, 9) < 4) approve(who);
            else edit(who);
        }
        for (std::size_t other = 1; other < copies_.size(); ++other) meet(0, other);
        check(copies_[0]);
    }

    int held = 0, changed = 0, forged = 0;

private:
    int pick(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
    ActorId actor(std::size_t who) const { return an_actor(static_cast<unsigned>(10 + who)); }

    void commit(std::size_t who, const std::vector<Edit>& edits) { (void)copies_[who].commit(actor(who), edits).value(); }

    void meet(std::size_t a, std::size_t b)
    {
        for (const auto& [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
            std::vector<ByteView> bytes;
            const auto changes = copies_[from].changes_since({}).value();
            for (const auto& change : changes) bytes.emplace_back(change.bytes);
            copies_[to].apply(bytes).value();
        }
    }

    /// Values come from a small set, so that two people often write the same apart, and put things back.
    void edit(std::size_t who)
    {
        const auto of_line = [&](const char* field) { return std::vector<std::string>{"lines", child(static_cast<unsigned>(pick(1, lines_))).text(), field}; };
        switch (pick(0, 8)) {
        case 0: return commit(who, {put({"discount"}, std::int64_t{100 * pick(4, 6)})});
        case 1: return commit(who, {put({"status"}, std::string{pick(0, 1) == 0 ? "draft" : "sent"})});
        case 2: return commit(who, {testing::set_text({"notes"}, pick(0, 1) == 0 ? "" : "by boat")});
        case 3: return commit(who, {put({"from_a_newer_app"}, pick(0, 1) == 0 ? automerge::Scalar{std::string{"express"}} : automerge::Scalar{std::monostate{}})});
        case 4: return commit(who, {put({"terms"}, std::int64_t{pick(0, 1)})}); // a type that this app does not read
        case 5:
            if (pick(0, 1) == 0) return commit(who, line(static_cast<unsigned>(++lines_), 1'000));
            [[fallthrough]];
        default: break;
        }
        const auto path = of_line(pick(0, 2) == 0 ? "removed" : pick(0, 1) == 0 ? "from_a_newer_app" : "quantity");
        if (copies_[who].read().value().root.find("lines")->find(path[1]) == nullptr) return; // not here yet
        if (path[2] == "removed") return commit(who, {put(path, pick(0, 1) == 0)});
        commit(who, {put(path, std::int64_t{1'000 * pick(1, 3)})});
    }

    void approve(std::size_t who)
    {
        auto entry = approval_of(copies_[who], quote());
        const auto id = child(1'000 + entries_++);
        Plain seen = plain(now(copies_[who]));
        if (pick(0, 5) == 0) { // somebody who holds a token forges
            const auto kind = pick(0, 2);
            if (kind == 0) entry["digest"] = sha256(as_bytes(std::to_string(pick(0, 99)))).hex();
            if (kind == 1) entry["exclusions"] = std::get<std::string>(entry["exclusions"]) + " lines discount";
            if (kind == 2) entry["heads"] = copies_[static_cast<std::size_t>(pick(0, 2))].heads().value().front().hex();
        }
        seen_[id] = std::move(seen);
        commit(who, entry_edits("approvals", id, entry));
    }

    /// An approval that shows as valid is over what the record says now, and over what its author had before him; one that does not, is over
    /// something else, or was forged.
    void check(const Document& document)
    {
        const auto content = now(document);
        const auto is = plain(content);
        for (const auto& approval : endorsements_of(document, quote(), content).value().entries) {
            const auto seal = seal_from(*content.root.find("approvals")->find(approval.id.text()));
            if (approval.standing == Standing::does_not_fit) {
                ++forged;
                const auto then = seal ? document.read_at(seal->heads) : Result<Content>{fail(Errc::bad_change, "")};
                CHECK((!then || seal->left_out.contains("lines") || digest_of(*then, seal->left_out) != seal->digest));
                continue;
            }
            const auto& saw = seen_.at(approval.id);
            const bool holds = approval.standing == Standing::holds;
            CHECK(holds == (saw == is));
            CHECK(plain(document.read_at(approval.heads).value()) == saw);
            CHECK(holds == approval.moved.empty());
            (holds ? held : changed) += 1;
        }
    }

    std::mt19937 random_;
    std::vector<Document> copies_;
    int lines_ = 1;
    unsigned entries_ = 0;
    std::map<ChildId, Plain> seen_;
};

} // namespace

TEST_CASE("ten thousand races of approvals and edits: nothing unseen ever shows as approved", "[approval]")
{
    int held = 0, changed = 0, forged = 0;
    for (std::uint32_t seed = 1; seed <= 10'000; ++seed) {
        INFO("seed " << seed);
        Race race{seed};
        race.run();
        held += race.held, changed += race.changed, forged += race.forged;
    }
    CHECK(held > 1'000); // the worlds are neither all quiet nor all noise
    CHECK(changed > 1'000);
    CHECK(forged > 500);
}
