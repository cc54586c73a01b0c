// What a device refuses before it says "saved", the server refuses, too, of a device that did not look: with the same field and the same words.
// A real replica and a real hub, each with the same edit; the hub gets it as a change made without the device's checks.
#include "tests/support/office.hpp"
#include "tests/support/random_values.hpp"
#include "tests/support/raw_author.hpp"

using namespace roadbook;
using namespace roadbook::testing;

namespace {

constexpr int edits = 10'000;
constexpr std::uint64_t seed = 20'261'122;
constexpr std::size_t batch_size = 250;

/// What an author is told; code "ok": nothing, it was taken.
struct Told {
    std::string code, field, en, zh;
    bool operator==(const Told&) const = default;

    static Told of(const Result<replica::Saved>& saved)
    {
        if (saved) return {"ok", {}, {}, {}};
        return {std::string{name(saved.error().code)}, saved.error().field, saved.error().message, saved.error().message_zh};
    }
    static Told of(const v1::Answer& answer)
    {
        if (answer.status() == v1::ACCEPTED) return {"ok", {}, {}, {}};
        if (answer.status() != v1::REFUSED) return {v1::Status_Name(answer.status()), {}, {}, {}};
        return {answer.code(), answer.field(), answer.reason(), answer.reason_zh()};
    }
};

std::ostream& operator<<(std::ostream& out, const Told& told)
{
    return out << told.code << " " << told.field << ": " << told.en << " / " << told.zh;
}

/// One person with a device that checks and another one that does not.
struct Author {
    Device device, tampered;
    RawAuthor raw;
    Author(Company& company, const std::string& name, const RecordId& person)
        : device{company, name, person}, tampered{company, name + "'s other", person}, raw{company, tampered}
    {
        REQUIRE(device.sync().code == Errc::ok);
    }
};

/// A record of each type that the edits are about and refer to.
class World {
public:
    Company company;
    RecordId admin = hire_admin();
    Author root{company, "root", admin};

    World()
    {
        targets_ = {{"person", company.ann}, {"territory", company.north}, {"account", company.acme}, {"product", company.widget}};
        for (bool any = true; any;) {
            any = false;
            for (const auto& kind : schema::kinds())
                if (!edited_.contains(kind.name) && can_be_made(kind)) any = true, make(kind);
        }
        REQUIRE(edited_.size() == schema::kinds().size());
        REQUIRE(root.device.sync().code == Errc::ok);
    }

    [[nodiscard]] RecordId edited(const schema::Kind& kind) const { return edited_.at(kind.name); }
    [[nodiscard]] std::optional<RecordId> target(const std::string& kind) const
    {
        const auto found = targets_.find(kind);
        return found == targets_.end() ? std::nullopt : std::optional{found->second};
    }

    /// What a record of this type needs, and where it is to be seen.
    [[nodiscard]] static bool is_needed(const schema::Kind& kind, const schema::Field& field)
    {
        return field.is_required || field.name == kind.owner || std::any_of(kind.scopes.begin(), kind.scopes.end(), [&](const auto& rule) { return rule.field == field.name; });
    }

private:
    RecordId hire_admin()
    {
        const auto id = company.new_record();
        company.apply(creation(id, "person", {{"name", text("Root")}, {"role", text("admin")}}));
        return id;
    }

    [[nodiscard]] bool can_be_made(const schema::Kind& kind) const
    {
        return std::all_of(kind.fields.begin(), kind.fields.end(), [&](const auto& field) {
            return field.type != schema::Type::reference || !is_needed(kind, field) || field.target == kind.name || target(field.target);
        });
    }

    void make(const schema::Kind& kind)
    {
        RandomValues values{seed};
        schema::Fields fields;
        for (const auto& field : kind.fields) {
            if (!is_needed(kind, field) || field.target == kind.name) continue;
            if (field.type == schema::Type::reference) fields[field.name] = *target(field.target);
            else if (field.type == schema::Type::choice) fields[field.name] = std::string{field.choices.front().value};
            else fields[field.name] = values.good(field);
        }
        const auto id = company.new_record();
        const auto answer = root.raw.commit(root.raw.change(creation(id, kind.name, std::move(fields))).value());
        CAPTURE(kind.name, answer.field(), answer.reason());
        REQUIRE(answer.status() == v1::ACCEPTED);
        root.raw.keep(id);
        edited_[kind.name] = id;
        targets_.try_emplace(kind.name, id);
    }

    std::map<std::string, RecordId> targets_;
    std::map<std::string, RecordId> edited_;
};

/// Edits of all types: new records, changes of one that is there, new entries in it; most with one thing wrong.
class Maker {
public:
    explicit Maker(World& world) : world_{world} {}

    struct Trial {
        merge::Intent intent;
        bool is_wrong = false;
    };

    Trial make(const schema::Kind& kind, bool rep)
    {
        by_rep_ = rep;
        Trial trial;
        wrong_ = !values_.one_in(5);
        const bool creates = values_.one_in(2);
        auto& intent = trial.intent = creates ? creation(world_.company.new_record(), kind.name, {}) : edit(world_.edited(kind), kind.name, {});
        const auto* collection = kind.collections.empty() || values_.one_in(2) ? nullptr : &kind.collections[static_cast<std::size_t>(values_.pick(0, std::ssize(kind.collections) - 1))];
        // Where the one wrong value stands: in the entry if there is one, else in the record.
        if (creates) fill(kind.fields, &kind, collection == nullptr ? victim(kind.fields) : nullptr, intent.steps.front().values);
        else if (collection == nullptr) change(kind, intent.steps.front().values);
        if (collection != nullptr) {
            intent.steps.push_back({collection->name, values_.fresh<ChildId>(), true, {{"position", std::string{"ab"}}}});
            fill(collection->fields, nullptr, victim(collection->fields), intent.steps.back().values);
        }
        trial.is_wrong = std::exchange(did_wrong_, false);
        return trial;
    }

private:
    [[nodiscard]] const schema::Field* victim(const std::vector<schema::Field>& fields)
    {
        if (!wrong_ || fields.empty()) return nullptr;
        const auto& field = fields[static_cast<std::size_t>(values_.pick(0, std::ssize(fields) - 1))];
        return field.type == schema::Type::boolean && values_.one_in(2) ? nullptr : &field;
    }

    void fill(const std::vector<schema::Field>& fields, const schema::Kind* kind, const schema::Field* victim, schema::Fields& made)
    {
        for (const auto& field : fields) {
            if (&field == victim) put_bad(field, made);
            else if ((kind != nullptr ? World::is_needed(*kind, field) : field.is_required) || values_.one_in(3)) (void)put_good(field, made);
        }
    }

    void change(const schema::Kind& kind, schema::Fields& made)
    {
        const auto& field = kind.fields[static_cast<std::size_t>(values_.pick(0, std::ssize(kind.fields) - 1))];
        if (wrong_) put_bad(field, made);
        else (void)put_good(field, made);
    }

    bool put_good(const schema::Field& field, schema::Fields& made)
    {
        if (field.type != schema::Type::reference) return made[field.name] = values_.good(field), true;
        const auto target = world_.target(field.target);
        if (target) made[field.name] = *target;
        return target.has_value();
    }

    void put_bad(const schema::Field& field, schema::Fields& made)
    {
        did_wrong_ = true;
        // One that nobody but those who make such records could have known before the server did, as a product in a rep's quote.
        const bool is_known_first = by_rep_ && field.type == schema::Type::reference && !schema::find_kind(field.target)->creators.has(schema::Role::rep);
        if (is_known_first && !values_.one_in(3)) made[field.name] = values_.fresh<RecordId>();
        else made[field.name] = values_.bad(field).first;
    }

    World& world_;
    RandomValues values_{seed};
    bool wrong_ = false, did_wrong_ = false, by_rep_ = false;
};

/// Can this person see all that an edit of this type is about or refers to?
bool sees_all(World& world, Device& device, const schema::Kind& kind)
{
    const auto is_here = [&](const schema::Field& field) {
        const auto target = world.target(field.target);
        return field.type != schema::Type::reference || !target || device->kind_of(*target);
    };
    return device->kind_of(world.edited(kind)) && std::all_of(kind.fields.begin(), kind.fields.end(), is_here) &&
           std::all_of(kind.collections.begin(), kind.collections.end(),
                       [&](const auto& collection) { return std::all_of(collection.fields.begin(), collection.fields.end(), is_here); });
}

} // namespace

TEST_CASE("ten thousand random edits get the same answer from a replica and from the hub, field and words", "[both_ends]")
{
    World world;
    Author rep{world.company, "ann", world.company.ann};
    std::set<std::string> of_rep;
    for (const auto& kind : schema::kinds())
        if (sees_all(world, rep.device, kind)) of_rep.insert(kind.name);
    REQUIRE(of_rep.size() > schema::kinds().size() / 3);

    rep.raw.know(world.root.raw);

    Maker maker{world};
    struct Sent {
        v1::PushedChange change;
        Told on_device;
        std::string what;
    };
    std::map<Author*, std::vector<Sent>> waiting;
    int taken = 0, refused = 0;
    const auto flush = [&](Author& author) {
        std::vector<v1::PushedChange> changes;
        for (const auto& sent : waiting[&author]) changes.push_back(sent.change);
        const auto answers = author.raw.commit(changes);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto& sent = waiting[&author][i];
            CAPTURE(seed, sent.what);
            REQUIRE(Told::of(answers[i]) == sent.on_device);
        }
        waiting[&author].clear();
    };
    for (int i = 0; i < edits; ++i) {
        const auto& kind = schema::kinds()[static_cast<std::size_t>(i) % schema::kinds().size()];
        const bool by_rep = i % 3 == 0 && of_rep.contains(kind.name);
        auto& author = by_rep ? rep : world.root;
        const auto trial = maker.make(kind, by_rep);
        CAPTURE(seed, i, kind.name);
        auto change = author.raw.change(trial.intent);
        if (!change) continue; // it changes nothing
        const auto told = Told::of(author.device->save(trial.intent));
        CAPTURE(told);
        if (trial.is_wrong) REQUIRE(told.code != "ok");
        if (told.code != "ok") REQUIRE((!told.en.empty() && !told.zh.empty()));
        if (told.code == "ok" && !trial.intent.create) author.raw.keep(trial.intent.record); // both ends go on from it
        ++(told.code == "ok" ? taken : refused);
        waiting[&author].push_back({std::move(*change), told, std::to_string(i) + " " + kind.name});
        if (waiting[&author].size() == batch_size) flush(author);
    }
    flush(rep);
    flush(world.root);
    CHECK(taken > edits / 10);
    CHECK(refused > edits / 2);
}

namespace {

/// One account made by Ann's two hands, and edits of it that both are told of.
struct Both {
    Company company;
    Author ann{company, "ann", company.ann};
    RecordId account = company.new_record();
    RecordId visit = company.new_record();

    Both()
    {
        for (const auto& made : {creation(account, "account", {{"name", text("Acre")}, {"territory", company.north}}),
                                 creation(visit, "visit", {{"subject", text("Call")}, {"account", account}, {"owner", company.ann}})}) {
            REQUIRE(ann.raw.commit(ann.raw.change(made).value()).status() == v1::ACCEPTED);
            ann.raw.keep(made.record);
        }
        REQUIRE(ann.device.sync().code == Errc::ok);
    }

    /// What both ends say of it; they must agree.
    Told told(const merge::Intent& intent)
    {
        const auto sent = ann.raw.commit(ann.raw.change(intent).value());
        if (sent.status() == v1::ACCEPTED) ann.raw.keep(intent.record);
        const auto on_device = Told::of(ann.device->save(intent));
        CHECK(Told::of(sent) == on_device);
        return on_device;
    }
};

} // namespace

TEST_CASE("what is too large in the sum of many edits is refused by both with its field", "[both_ends]")
{
    Both both;
    constexpr std::size_t part = 4'900, entries = 200; // of one edit: a change holds 5,000 operations
    std::string notes;
    for (Told told{"ok", {}, {}, {}}; told.code == "ok";) {
        notes += std::string(part, 'n');
        told = both.told(edit(both.account, "account", {{"notes", notes}}));
        REQUIRE((told.code == "ok") == (notes.size() <= schema::note_bytes_max));
        if (told.code == "ok") continue;
        CHECK(told.field == "notes");
        CHECK(told.en == "Notes: is 68600 bytes long; at most 65536 fit");
    }
    for (std::size_t made = 0; made <= schema::children_max; made += entries) {
        auto intent = edit(both.account, "account", {});
        for (std::size_t i = 0; i < entries; ++i)
            intent.steps.push_back({"traits", new_id<ChildId>(both.company.clock().now(), both.company.chance()), true, {{"name", text("t")}}});
        const auto told = both.told(intent);
        REQUIRE((told.code == "ok") == (made + entries <= schema::children_max));
        if (told.code != "ok") CHECK(told.field == "traits");
    }
    CHECK(both.ann.device->status().unsent == 13 + 5); // and nothing of what was saved before is lost
}

TEST_CASE("a note of two megabytes is refused by both, and costs neither of them long", "[both_ends]")
{
    Both both;
    const auto intent = edit(both.account, "account", {{"phone", text("1")}, {"notes", std::string(2 << 20, 'n')}});
    const auto refused = both.ann.device->save(intent);
    REQUIRE(refused.has_error());
    CHECK(refused.error().field == "notes");
    CHECK_THAT(refused.error().message, Catch::Contains("is 2097152 bytes long"));
    CHECK_THAT(refused.error().message_zh, Catch::Contains("最多 65536 字节"));
    CHECK(both.ann.device->outbox().empty());

    v1::PushedChange pushed;
    pushed.set_document(protocol::to_field(both.account));
    pushed.set_change(std::string(2 << 20, 'n')); // it is not looked into
    const auto answer = both.ann.raw.commit(pushed);
    CHECK(answer.code() == "too_large");
    CHECK_FALSE(answer.reason().empty());
    CHECK_FALSE(answer.reason_zh().empty());
}

TEST_CASE("a bad value among good ones is named by both, and the good ones are there to be saved without it", "[both_ends]")
{
    Both both;
    using schema::Fields;
    using schema::Value;
    const auto good = Fields{{"phone", text("030 1")}, {"city", text("Graz")}};
    const std::vector<std::tuple<std::string, Value, std::string>> bad{
        {"website", std::string{"a\x01z"}, "has the invisible character U+0001"},
        {"tier", text("platinum"), "must be one of"},
        {"name", Value{}, "must be filled in"},
        {"parent", both.account, "close a circle"},
    };
    for (const auto& [field, value, words] : bad) {
        auto fields = good;
        fields[field] = value;
        const auto told = both.told(edit(both.account, "account", fields));
        CHECK(told.code == "invalid_value");
        CHECK(told.field == field);
        CHECK_THAT(told.en, Catch::Contains(words));
    }
    CHECK(schema::is_empty(server_value(both.company, both.account, "phone")));
    CHECK(both.company.hub().quarantine().size() == bad.size()); // whole, with the good values
    CHECK(both.told(edit(both.account, "account", good)).code == "ok");
    CHECK(server_value(both.company, both.account, "city") == text("Graz"));
    CHECK(device_value(both.ann.device, both.account, "city") == text("Graz"));
}

TEST_CASE("money beyond the greatest amount, a product that is none and a day that is none are named by both", "[both_ends]")
{
    Both both;
    const auto quote = [&](schema::Fields fields, schema::Fields line) {
        fields["account"] = both.account;
        auto intent = creation(both.company.new_record(), "quote", std::move(fields));
        intent.steps.push_back({"lines", new_id<ChildId>(both.company.clock().now(), both.company.chance()), true, std::move(line)});
        return intent;
    };
    const schema::Fields line{{"product", both.company.widget}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{500, "EUR"}}};
    auto dear = line;
    dear["unit_price"] = Money{INT64_MAX, "EUR"};
    auto unknown = line;
    unknown["product"] = both.company.new_record();
    const auto money = both.told(quote({}, dear));
    CHECK_THAT(money.field, Catch::StartsWith("lines/") && Catch::EndsWith("/unit_price"));
    CHECK_THAT(money.en, Catch::Contains("must be at most"));
    const auto product = both.told(quote({}, unknown));
    CHECK_THAT(product.field, Catch::StartsWith("lines/") && Catch::EndsWith("/product"));
    CHECK_THAT(product.en, Catch::Contains("there is no product"));
    const auto day = both.told(quote({{"valid_until", text("1/0/2026")}}, line));
    CHECK(day.field == "valid_until");
    CHECK(day.en == "Valid until: is no date: write it as 2026-01-31");
    CHECK(both.told(quote({}, line)).code == "ok");
}

TEST_CASE("a circle of territories or in the reporting line is refused by the server when its author could have known", "[both_ends]")
{
    Company company;
    const auto admin = company.new_record();
    company.apply(creation(admin, "person", {{"name", text("Root")}, {"role", text("admin")}}));
    Author root{company, "root", admin};
    for (const auto& [kind, field] : {std::pair{"territory", "parent"}, std::pair{"person", "reports_to"}}) {
        CAPTURE(kind);
        std::vector<RecordId> chain;
        for (int i = 0; i < 3; ++i) {
            chain.push_back(company.new_record());
            schema::Fields fields{{"name", text("x")}};
            if (kind == std::string{"person"}) fields["role"] = text("manager");
            if (i > 0) fields[field] = chain[static_cast<std::size_t>(i - 1)];
            REQUIRE(root.raw.commit(root.raw.change(creation(chain.back(), kind, fields)).value()).status() == v1::ACCEPTED);
            root.raw.keep(chain.back());
        }
        REQUIRE(root.device.sync().code == Errc::ok);
        const auto closing = edit(chain.front(), kind, {{field, chain.back()}});
        // All links are this author's own: he knows them.
        const auto own = Told::of(root.raw.commit(root.raw.change(closing).value()));
        CHECK(own.field == field);
        CHECK(own == Told::of(root.device->save(closing)));
        CHECK_THAT(own.zh, Catch::Contains("会形成循环"));
        // As import and administration do it.
        CHECK(company.hub().apply(std::span{&closing, 1}, admin).front().error().field == field);
        // Two edits in one batch, none of which closes a circle alone.
        const auto left = company.new_record(), right = company.new_record();
        for (const auto& id : {left, right}) {
            schema::Fields fields{{"name", text("y")}};
            if (kind == std::string{"person"}) fields["role"] = text("manager");
            REQUIRE(root.raw.commit(root.raw.change(creation(id, kind, fields)).value()).status() == v1::ACCEPTED);
            root.raw.keep(id);
        }
        const auto answers = root.raw.commit({root.raw.change(edit(left, kind, {{field, right}})).value(), root.raw.change(edit(right, kind, {{field, left}})).value()});
        CHECK(answers.front().status() == v1::ACCEPTED);
        CHECK(answers.back().status() == v1::REFUSED);
    }
}

TEST_CASE("a circle that two managers close apart is nobody's fault: both edits are taken, whoever comes first", "[both_ends]")
{
    Company company;
    const auto admin = company.new_record();
    company.apply(creation(admin, "person", {{"name", text("Root")}, {"role", text("admin")}}));
    Device mona{company, "mona", company.mona}, root{company, "root", admin};
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(root.sync().code == Errc::ok);
    REQUIRE(mona->set(company.north, {{"parent", company.south}}).has_value());
    REQUIRE(root->set(company.south, {{"parent", company.north}}).has_value());
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(root.sync().code == Errc::ok);
    CHECK(root->refused().empty());
    CHECK(server_value(company, company.north, "parent") == schema::Value{company.south});
    CHECK(server_value(company, company.south, "parent") == schema::Value{company.north});

    // Once both know, the same edit is refused: by the device, and of one that does not look by the server.
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(root->set(company.south, {{"parent", schema::Value{}}}).has_value());
    REQUIRE(root.sync().code == Errc::ok);
    CHECK(root->set(company.south, {{"parent", company.north}}).error().field == "parent");
    CHECK(company.hub().quarantine().empty());
}

TEST_CASE("an edit says how far its author knew the tree, however long it waits to be sent", "[both_ends]")
{
    Company company;
    Device mona{company, "mona", company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(mona->set(company.north, {{"parent", company.south}}).has_value());
    const auto known = outgoing(mona).changes(0).company_seq();
    CHECK(known > 0);
    company.apply(edit(company.south, "territory", {{"parent", company.north}}));
    CHECK(outgoing(mona).changes(0).company_seq() == known);
    REQUIRE(mona.sync().code == Errc::ok);
    CHECK(mona->refused().empty()); // it could not know
    REQUIRE(mona->set(company.acme, {{"phone", text("1")}}).has_value());
    CHECK(outgoing(mona).changes(0).company_seq() == 0); // no tree: not a byte for it
}
