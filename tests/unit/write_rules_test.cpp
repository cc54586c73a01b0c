// Every role, every field of every record type, in every state, over one's own record and a colleague's: what the judge lets pass, as a
// page for people to read (golden/write_rules.md). The judge is the one that the device asks before it saves and the server before it
// stores; that both do, in every field and state, is shown in write_both_ends_test.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/legality.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace roadbook;
using namespace std::string_literals;
using schema::Field;
using schema::Role;
using schema::Type;
using schema::Value;

namespace {

constexpr std::string_view letters = "redmfpa"; // rep, engineer, dispatcher, manager, finance, product manager, administrator

RecordId an_id(std::uint8_t last)
{
    RecordId id;
    id.bytes.back() = static_cast<std::byte>(last);
    return id;
}
const RecordId record = an_id(1), something = an_id(2), colleague = an_id(8), author = an_id(9);
const ChildId child = ChildId::parse("01900000-0000-7000-8000-000000000001").value();
const ChildId second_child = ChildId::parse("01900000-0000-7000-8000-000000000002").value();

/// What a record has beforehand names somebody else than what its author writes.
Value value_for(const Field& field, const RecordId& person = author)
{
    switch (field.type) {
    case Type::text: return field.name == "position" ? "a"s : "EUR"s;
    case Type::note: return "a note"s;
    case Type::integer:
    case Type::decimal:
    case Type::percent: return std::clamp<std::int64_t>(1, field.least, field.greatest);
    case Type::money: return Money{std::clamp<std::int64_t>(1, field.least, field.greatest), "EUR"};
    case Type::date: return "2026-03-02"s;
    case Type::time: return Time{std::chrono::hours{1}};
    case Type::boolean: return true;
    case Type::choice: return std::string{field.choices.front().value};
    case Type::reference: return field.target == "person" ? person : something;
    }
    return {};
}

schema::Fields required(const std::vector<Field>& fields, const RecordId& person = author)
{
    schema::Fields values;
    for (const auto& field : fields)
        if (field.is_required) values[field.name] = value_for(field, person);
    return values;
}

merge::Intent intent_of(const schema::Kind& kind, bool create, std::vector<merge::Intent::Step> steps)
{
    merge::Intent intent;
    intent.record = record;
    intent.kind = kind.name;
    intent.create = create;
    intent.steps = std::move(steps);
    return intent;
}

/// Records of one type, made without asking, and the question whether somebody may do something to them.
class Bench {
public:
    explicit Bench(const schema::Kind& kind) : kind_{kind} {}

    [[nodiscard]] automerge::Document make(const std::string& state, const RecordId& owner) const
    {
        auto fields = required(kind_.fields, something);
        if (!kind_.owner.empty()) fields[kind_.owner] = owner;
        if (!state.empty()) fields[kind_.state] = state;
        std::vector<merge::Intent::Step> steps{{{}, {}, false, fields}};
        for (const auto& collection : kind_.collections) steps.push_back({collection.name, child, true, required(collection.fields, something)});
        auto document = merge::new_document(kind_);
        (void)document.commit(actor(1), merge::edits_of(intent_of(kind_, true, std::move(steps))).value()).value();
        return document;
    }

    enum class Verdict { yes, no, unchanged };
    [[nodiscard]] Verdict judge(const automerge::Document& base, const merge::Intent& intent, Role role) const
    {
        auto document = base.fork().value();
        const auto before = document.read().value();
        if (!document.commit(actor(2), merge::edits_of(intent).value()).value()) return Verdict::unchanged; // it says so already
        const auto judged = merge::check_change(kind_, record, before, document.read().value(), {author, role});
        if (!judged && judged.error().code != Errc::not_allowed) throw std::runtime_error{judged.error().message + ": " + judged.error().field};
        return judged ? Verdict::yes : Verdict::no;
    }

    /// "redmfpa", or "rm/a" where one's own and a colleague's record differ.
    [[nodiscard]] std::string who(const std::function<Verdict(Role, const RecordId& owner)>& judge) const
    {
        std::string own, others;
        for (int i = 0; i < schema::role_count; ++i) {
            const auto letter = letters.at(static_cast<std::size_t>(i));
            const auto sign = [&](Verdict verdict) { return verdict == Verdict::yes ? letter : verdict == Verdict::no ? '.' : '='; };
            own += sign(judge(static_cast<Role>(i), author));
            others += sign(judge(static_cast<Role>(i), colleague));
        }
        return own == others ? own : own + "/" + others;
    }

private:
    static ActorId actor(std::uint8_t last)
    {
        ActorId id;
        id.bytes.back() = static_cast<std::byte>(last);
        return id;
    }
    const schema::Kind& kind_;
};

std::vector<std::string> states_of(const schema::Kind& kind)
{
    if (kind.state.empty()) return {""};
    std::vector<std::string> states;
    for (const auto& choice : kind.field(kind.state)->choices) states.emplace_back(choice.value);
    return states;
}

class Page {
public:
    std::string of(const schema::Kind& kind)
    {
        const Bench bench{kind};
        const auto states = states_of(kind);
        std::string text = fmt::format("\n## {}\n| | adding |", kind.name);
        for (const auto& state : states) text += fmt::format(" {} |", state.empty() ? "changing" : state);
        text += "\n|---|---|" + fmt::format("{:-<{}}", "", 0);
        for (std::size_t i = 0; i < states.size(); ++i) text += "---|";
        text += "\n";
        std::map<std::pair<std::string, RecordId>, automerge::Document> bases;
        for (const auto& state : states)
            for (const auto& owner : {author, colleague}) bases.emplace(std::pair{state, owner}, bench.make(state, owner));
        const auto blank = merge::new_document(kind);

        const auto row = [&](const std::string& name, const std::optional<merge::Intent::Step>& adding, const merge::Intent::Step& changing) {
            text += fmt::format("| {} | {} |", name, adding ? bench.who([&](Role role, const RecordId& owner) {
                return bench.judge(blank, creation(kind, owner, *adding), role);
            }) : "");
            for (const auto& state : states)
                text += fmt::format(" {} |", bench.who([&](Role role, const RecordId& owner) {
                    return bench.judge(bases.at({state, owner}), intent_of(kind, false, {changing}), role);
                }));
            text += "\n";
        };
        row("(the record; deleting)", merge::Intent::Step{}, {{}, {}, false, {{"deleted_at", Time{std::chrono::hours{2}}}}});
        for (const auto& field : kind.fields) {
            if (field.name == kind.state) continue;
            row(field.name, merge::Intent::Step{{}, {}, false, {{field.name, other_value(field)}}}, {{}, {}, false, {{field.name, other_value(field)}}});
        }
        for (const auto& collection : kind.collections) {
            auto all = required(collection.fields);
            if (collection.gathers == schema::Gathering::append_only) { // never changed: who may add one in which state
                row(collection.name + " (an entry; one more)", merge::Intent::Step{collection.name, child, true, all}, {collection.name, second_child, true, all});
                for (const auto& field : collection.fields) {
                    all = required(collection.fields);
                    all[field.name] = other_value(field);
                    row(collection.name + "." + field.name, merge::Intent::Step{collection.name, child, true, all}, {collection.name, second_child, true, all});
                }
                continue;
            }
            row(collection.name + " (an entry; taking it out)", merge::Intent::Step{collection.name, child, true, all}, {collection.name, child, false, {{"removed", true}}});
            for (const auto& field : collection.fields) {
                all = required(collection.fields);
                all[field.name] = other_value(field);
                row(collection.name + "." + field.name, merge::Intent::Step{collection.name, child, true, all},
                    {collection.name, child, false, {{field.name, other_value(field)}}});
            }
        }
        if (kind.state.empty() || kind.field(kind.state)->steps.empty()) return text;
        text += fmt::format("\n| {} |", kind.state);
        for (const auto& to : states) text += fmt::format(" to {} |", to);
        text += "\n|---|";
        for (std::size_t i = 0; i < states.size(); ++i) text += "---|";
        text += "\n| (adding) |";
        for (const auto& to : states)
            text += fmt::format(" {} |", bench.who([&](Role role, const RecordId& owner) {
                return bench.judge(blank, creation(kind, owner, {{}, {}, false, {{kind.state, to}}}), role);
            }));
        text += "\n";
        for (const auto& from : states) {
            text += fmt::format("| {} |", from);
            for (const auto& to : states)
                text += from == to ? " |" : fmt::format(" {} |", bench.who([&](Role role, const RecordId& owner) {
                    return bench.judge(bases.at({from, owner}), intent_of(kind, false, {{{}, {}, false, {{kind.state, to}}}}), role);
                }));
            text += "\n";
        }
        return text;
    }

private:
    /// Another one than what the record has already.
    static Value other_value(const Field& field)
    {
        auto value = value_for(field);
        if (auto* text = std::get_if<std::string>(&value); text && field.type == Type::text) *text = "USD";
        if (auto* text = std::get_if<std::string>(&value); text && field.type == Type::date) *text = "2026-03-03";
        if (auto* text = std::get_if<std::string>(&value); text && field.type == Type::choice) *text = field.choices.back().value;
        if (auto* number = std::get_if<std::int64_t>(&value)) *number = std::clamp<std::int64_t>(2, field.least, field.greatest);
        if (auto* money = std::get_if<Money>(&value)) money->minor = std::clamp<std::int64_t>(2, field.least, field.greatest);
        if (auto* time = std::get_if<Time>(&value)) *time += std::chrono::hours{1};
        if (auto* id = std::get_if<RecordId>(&value); id && field.target != "person") *id = an_id(3);
        return value;
    }

    static merge::Intent creation(const schema::Kind& kind, const RecordId& owner, const merge::Intent::Step& more)
    {
        auto fields = required(kind.fields);
        if (!kind.owner.empty() && kind.field(kind.owner)->is_required) fields[kind.owner] = owner;
        std::vector<merge::Intent::Step> steps{{{}, {}, false, std::move(fields)}};
        if (more.collection.empty()) for (const auto& [name, value] : more.values) steps.front().values[name] = value;
        else steps.push_back(more);
        return intent_of(kind, true, std::move(steps));
    }
};

std::string page()
{
    std::string text = R"(# Who may write what
Made by write_rules_test from what the judge lets pass. r: rep, e: engineer, d: dispatcher, m: manager, f: finance, p: product manager,
a: administrator. "rm/a" where one's own record (left) and a colleague's (right) differ; "=": nothing would change. Columns are the states in which the record is.
The eighth role is none: whose access was ended, and who is no person here, may write nothing (rights_test).
)";
    for (const auto& kind : schema::kinds()) text += Page{}.of(kind);
    return text;
}

} // namespace

TEST_CASE("every role may write just what the page of write rules says, in every field and state", "[write_rules]")
{
    const auto actual = page();
    std::ifstream file{std::filesystem::path{ROADBOOK_SOURCE_DIR} / "tests/unit/golden/write_rules.md"};
    std::stringstream golden;
    golden << file.rdbuf();
    const bool same = actual == golden.str();
    if (!same) {
        const auto made = std::filesystem::temp_directory_path() / "roadbook-write_rules.md";
        std::ofstream{made} << actual;
        FAIL("the page differs; what the judge says now is in " << made.string());
    }
}
