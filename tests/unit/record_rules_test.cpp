// The rules of every record type hold the same on a device, which makes a record, and on the server, which gets its change: shown on
// random records of all types, with values that may stand there and values that may not.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/legality.hpp"
#include "conflict/merge/merged_record.hpp"
#include "shared/schema/validation.hpp"
#include "tests/support/random_values.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace roadbook;
using namespace std::string_literals;
using schema::Field;

namespace {

constexpr int records = 10'000;
constexpr std::uint64_t seed = 20'261'122;

/// A record, and which rule each of its bad values breaks, by path.
struct Trial {
    schema::Record record;
    std::map<std::string, std::string> broken;
    bool has_foreign_type = false; ///< a document keeps such a value as unknown, so its record reads without it
};

class Maker {
public:
    Trial make(const schema::Kind& kind)
    {
        Trial trial;
        trial.record.id = random_.fresh<RecordId>();
        trial.record.kind = kind.name;
        // Most records have no more than one or two bad values, as those that people make.
        bad_in_ = random_.one_in(3) ? 1'000'000 : random_.pick(10, 40);
        fill(kind.fields, {}, trial.record.fields, trial);
        for (const auto& collection : kind.collections) {
            for (auto n = random_.pick(0, 2); n > 0; --n) {
                schema::Child child{random_.fresh<ChildId>(), {{"position", "a"s}}, false};
                fill(collection.fields, collection.name + "/" + child.id.text() + "/", child.fields, trial);
                trial.record.collections[collection.name].push_back(std::move(child));
            }
        }
        return trial;
    }

private:
    void fill(const std::vector<Field>& fields, const std::string& prefix, schema::Fields& values, Trial& trial)
    {
        for (const auto& field : fields) {
            if (random_.one_in(bad_in_)) {
                auto [value, rule] = random_.bad(field);
                if (rule == "foreign") trial.has_foreign_type = true;
                trial.broken[prefix + field.name] = rule == "foreign" ? "type" : rule;
                if (rule != "required") values[field.name] = std::move(value);
            } else if (field.is_required || random_.one_in(2)) {
                values[field.name] = random_.good(field);
            }
        }
    }

    testing::RandomValues random_{seed};
    std::int64_t bad_in_ = 1;
};

merge::Intent intent_of(const schema::Record& record)
{
    merge::Intent intent;
    intent.record = record.id;
    intent.kind = record.kind;
    intent.create = true;
    intent.steps.push_back({{}, {}, false, record.fields});
    for (const auto& [name, children] : record.collections)
        for (const auto& child : children) intent.steps.push_back({name, child.id, true, child.fields});
    return intent;
}

struct Verdict {
    Error error{Errc::ok, {}, {}};
    schema::Record record; ///< as it reads afterwards, each entry by itself

    static Verdict of(const schema::Kind& kind, const RecordId& id, const automerge::Content& before, const automerge::Content& after)
    {
        const auto judged = merge::check_change(kind, id, before, after, {id_from_name<RecordId>("author", "admin"), schema::Role::admin});
        return {judged ? Error{Errc::ok, {}, {}} : judged.error(), merge::read_as_entered(kind, id, after)};
    }
};

/// What a device does with the edit before it says that it is saved, and what the server does with the change that arrives.
std::pair<Verdict, Verdict> judge_at_both_ends(const schema::Record& record)
{
    const auto& kind = *schema::find_kind(record.kind);
    ActorId actor;
    actor.bytes.back() = std::byte{7};
    auto on_device = merge::new_document(kind);
    const auto before = on_device.read().value();
    const auto change = on_device.commit(actor, merge::edits_of(intent_of(record)).value()).value().value();
    const auto device = Verdict::of(kind, record.id, before, on_device.read().value());

    auto on_server = merge::new_document(kind);
    const auto known = on_server.read().value();
    const ByteView bytes{change.bytes};
    on_server.apply(std::span{&bytes, 1}).value();
    return {device, Verdict::of(kind, record.id, known, on_server.read().value())};
}

} // namespace

TEST_CASE("ten thousand random records of every type get the same verdict on the device and on the server", "[record_rules]")
{
    Maker maker;
    int refused = 0;
    for (int i = 0; i < records; ++i) {
        const auto& kind = schema::kinds()[static_cast<std::size_t>(i) % schema::kinds().size()];
        const auto trial = maker.make(kind);
        CAPTURE(seed, i, kind.name);

        // One message for each broken rule, in both languages, and none for a rule that is kept.
        const auto breaches = schema::validate(trial.record);
        std::map<std::string, std::string> said;
        std::map<std::string, std::string> messages;
        for (const auto& breach : breaches) {
            CAPTURE(breach.path, breach.en);
            REQUIRE(said.emplace(breach.path, breach.rule).second);
            REQUIRE_FALSE(breach.en.empty());
            REQUIRE(breach.zh.find("：") != std::string::npos);
            messages[breach.path] = breach.en;
        }
        REQUIRE(said == trial.broken);

        const auto [device, server] = judge_at_both_ends(trial.record);
        REQUIRE(device.error == server.error);
        REQUIRE(device.record == server.record);
        REQUIRE((device.error.code == Errc::ok) == breaches.empty());
        if (device.error.code == Errc::ok) continue;
        if (!trial.has_foreign_type) REQUIRE(schema::validate(server.record) == breaches);
        if (breaches.empty()) continue;
        ++refused;
        CAPTURE(device.error.field, device.error.message);
        REQUIRE(device.error.code == Errc::invalid_value);
        REQUIRE(said.contains(device.error.field));
        if (said.at(device.error.field) != "type") REQUIRE(device.error.message == messages.at(device.error.field));
    }
    CHECK(refused > records / 5); // neither all good nor all bad
    CHECK(refused < records * 4 / 5);
}
