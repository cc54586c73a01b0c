// Settling what people wrote apart: choosing, keeping both, many alike, joining, and taking it back.
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace roadbook;
using namespace roadbook::testing;
using merge::Clash;

namespace {

std::string text(const char* value)
{
    return value;
}

schema::Fields a_line(const RecordId& product, std::int64_t quantity, std::int64_t minor)
{
    return {{"product", product}, {"quantity", quantity * 1000}, {"unit_price", Money{minor, "CNY"}}};
}

/// Ann, and Ben who covers for her, have one customer; Mona leads both.
struct Office {
    Company company;
    std::unique_ptr<Device> ann, ben, mona;

    Office()
    {
        auto cover = edit(company.north, "territory", {});
        cover.steps = {{"covers", new_id<ChildId>(company.clock().now(), company.chance()), true,
                        {{"person", company.ben}, {"from", text("2020-01-01")}, {"position", text("a")}}}};
        company.apply(cover);
        ann = std::make_unique<Device>(company, "ann", company.ann);
        ben = std::make_unique<Device>(company, "ben", company.ben);
        mona = std::make_unique<Device>(company, "mona", company.mona);
        sync({ann.get(), ben.get(), mona.get()});
    }
    static void sync(const std::vector<Device*>& order)
    {
        for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    }
    /// Everybody has everything, whoever came first.
    void settle(const std::vector<Device*>& order)
    {
        sync(order);
        sync({ann.get(), ben.get(), mona.get()});
    }
    RecordId a_quote()
    {
        const auto quote = (*ann)->add("quote", {{"account", company.acme}, {"currency", text("CNY")}, {"owner", company.ann}}).value().record;
        return quote;
    }
};

std::string line_path(const ChildId& line, const char* field)
{
    return "lines/" + line.text() + "/" + field;
}

} // namespace

TEST_CASE("a resolution that was wrong is taken back, and both values stand side by side again", "[resolving]")
{
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    const auto quote = office.a_quote();
    const auto line = ann->add_item(quote, "lines", a_line(office.company.widget, 10, 100'00)).value();
    office.settle({&ann, &ben, &mona});
    const auto path = line_path(line, "quantity");
    REQUIRE(ann->set_item(quote, "lines", line, {{"quantity", std::int64_t{12'000}}}).has_value());
    REQUIRE(ben->set_item(quote, "lines", line, {{"quantity", std::int64_t{8'000}}}).has_value());
    office.settle({&ben, &ann, &mona});
    REQUIRE(mona->resolve(quote, path, std::int64_t{9'000}, "half way").value().changed);
    office.settle({&mona, &ann, &ben});
    CHECK(ann->conflicts().empty());

    const auto undone = mona->undo(quote, std::nullopt, "they agreed otherwise").value();
    CHECK(undone.edits == 2);
    CHECK(undone.kept == 0);
    office.settle({&mona, &ann, &ben});
    for (auto* device : {&ann, &ben, &mona}) {
        const auto conflicts = (*device)->conflicts();
        REQUIRE(conflicts.size() == 1);
        std::set<std::int64_t> values;
        for (const auto& candidate : conflicts.front().candidates) values.insert(std::get<std::int64_t>(candidate.value));
        CHECK(values == std::set<std::int64_t>{8'000, 12'000});
    }
    REQUIRE(ann->resolve(quote, path, std::int64_t{8'000}, "agreed").value().changed);
    office.settle({&ann, &ben, &mona});
    CHECK(mona->conflicts().empty());
}

TEST_CASE("taking back the choice of one of the values opens the conflict again, too", "[resolving]")
{
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    const auto quote = office.a_quote();
    const auto line = ann->add_item(quote, "lines", a_line(office.company.widget, 10, 100'00)).value();
    office.settle({&ann, &ben, &mona});
    REQUIRE(ann->set_item(quote, "lines", line, {{"quantity", std::int64_t{12'000}}}).has_value());
    REQUIRE(ben->set_item(quote, "lines", line, {{"quantity", std::int64_t{8'000}}}).has_value());
    REQUIRE(ben->remove_item(quote, "lines", line).has_value());
    office.settle({&ben, &ann, &mona});
    const auto before = ann->conflicts();
    REQUIRE(before.size() == 2);
    for (const auto& conflict : before) {
        const bool is_quantity = conflict.clash == Clash::values;
        for (const auto& candidate : conflict.candidates) {
            CAPTURE(conflict.path, &candidate - conflict.candidates.data());
            REQUIRE(mona->resolve(quote, conflict.path, is_quantity ? candidate.value : schema::Value{candidate.value == schema::Value{true}}, "this one").value().changed);
            CHECK(mona->conflicts().size() == 1);
            REQUIRE(mona->undo(quote, std::nullopt, "no").value().edits > 0);
            office.settle({&mona, &ann, &ben});
            for (auto* device : {&ann, &ben, &mona}) CHECK((*device)->conflicts().size() == 2);
        }
    }
    CHECK(mona->refused().empty());
}

TEST_CASE("taking an edit back leaves what others have written since, and says so", "[resolving]")
{
    Office office;
    auto& ann = *office.ann;
    const auto acme = office.company.acme;
    REQUIRE(ann->set(acme, {{"phone", text("1")}, {"city", text("Rome")}}).has_value());
    REQUIRE(ann->set(acme, {{"phone", text("2")}, {"city", text("Oslo")}, {"notes", text("moved")}}).has_value());
    const auto change = ann->history(acme).value().back().change;
    REQUIRE(ann->set(acme, {{"phone", text("3")}}).has_value());
    const auto undone = ann->undo(acme, change, "").value();
    CHECK(undone.kept == 1);
    const auto record = ann->show(acme).value().merged.record;
    CHECK(record["phone"] == schema::Value{text("3")});
    CHECK(record["city"] == schema::Value{text("Rome")});
    CHECK(schema::text_of(record, "notes").empty());

    CHECK(ann->undo(acme, change, "").error().code == Errc::not_allowed); // nothing of it is left
    CHECK(ann->undo(acme, Hash{}, "").error().code == Errc::not_found);
    const auto quote = office.a_quote();
    CHECK(ann->undo(quote, std::nullopt, "").error().code == Errc::bad_argument); // that edit made it
    const auto line = ann->add_item(quote, "lines", a_line(office.company.widget, 1, 100)).value();
    REQUIRE(ann->undo(quote, std::nullopt, "").has_value());
    CHECK(ann->show(quote).value().merged.record.collections.at("lines").front().removed);
    REQUIRE(ann->undo(quote, std::nullopt, "").has_value());
    CHECK_FALSE(ann->show(quote).value().merged.record.collections.at("lines").front().removed);
    REQUIRE(office.ann->sync().code == Errc::ok);
    CHECK(ann->refused().empty());
    CHECK(line == ann->show(quote).value().merged.record.collections.at("lines").front().id);
}

TEST_CASE("a line that one took out and another edited waits for a person, who keeps or removes it", "[resolving]")
{
    const bool stays = GENERATE(true, false);
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    const auto quote = office.a_quote();
    const auto line = ann->add_item(quote, "lines", a_line(office.company.widget, 10, 100'00)).value();
    office.settle({&ann, &ben, &mona});
    REQUIRE(ann->remove_item(quote, "lines", line).has_value());
    REQUIRE(ben->set_item(quote, "lines", line, {{"quantity", std::int64_t{3'000}}}).has_value());
    office.settle({&ann, &ben, &mona});
    for (auto* device : {&ann, &ben, &mona}) {
        const auto conflicts = (*device)->conflicts();
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts.front().clash == Clash::removed);
        CHECK(conflicts.front().candidates.front().person_name == "Ben");
        CHECK(conflicts.front().candidates.back().person_name == "Ann");
    }
    const auto path = line_path(line, "removed");
    REQUIRE((stays ? mona->keep_both(quote, path, "they want it") : mona->resolve(quote, path, true, "not wanted")).value().changed);
    office.settle({&mona, &ann, &ben});
    CHECK(ann->conflicts().empty());
    CHECK(ann->show(quote).value().merged.record.collections.at("lines").front().removed == !stays);
}

TEST_CASE("two telephone numbers are kept both, and a hundred conflicts alike are settled at once", "[resolving]")
{
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    REQUIRE(ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(ben->set(office.company.acme, {{"phone", text("2")}}).has_value());
    const auto quote = office.a_quote();
    std::vector<ChildId> lines;
    for (int i = 0; i < 20; ++i)
        lines.push_back(ann->add_item(quote, "lines", {{"description", text("x")}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{100, "CNY"}}}).value());
    office.settle({&ann, &ben, &mona});
    REQUIRE(ann->keep_both(office.company.acme, "phone", "both work").value().changed);
    const auto phone = schema::text_of(ann->show(office.company.acme).value().merged.record, "phone");
    CHECK((phone == "1 / 2" || phone == "2 / 1"));

    for (const auto& line : lines) {
        REQUIRE(ann->set_item(quote, "lines", line, {{"quantity", std::int64_t{5'000}}}).has_value());
        REQUIRE(ben->set_item(quote, "lines", line, {{"quantity", std::int64_t{7'000}}}).has_value());
    }
    office.settle({&ann, &ben, &mona});
    CHECK(mona->keep_both(quote, line_path(lines.front(), "quantity"), "no").error().code == Errc::bad_argument);
    CHECK(mona->resolve_alike({"quote", "lines", "unit_price", false, std::nullopt}, "none").empty());
    CHECK(mona->resolve_alike({"quote", "lines", "quantity", false, office.company.mona}, "not hers").empty());
    const auto settled = mona->resolve_alike({"quote", "lines", "quantity", false, office.company.ben}, "Ben asked last");
    CHECK(settled.size() == 20);
    for (const auto& one : settled) CHECK((one.saved.has_value() && one.value == schema::Value{std::int64_t{7'000}}));
    office.settle({&mona, &ann, &ben});
    CHECK(ann->conflicts().empty());
}

TEST_CASE("one product that two added apart is joined, or kept as two lines", "[resolving]")
{
    const bool join = GENERATE(true, false);
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    const auto quote = office.a_quote();
    office.settle({&ann, &ben, &mona});
    const auto first = ann->add_item(quote, "lines", a_line(office.company.widget, 2, 100)).value();
    const auto second = ben->add_item(quote, "lines", a_line(office.company.widget, 3, 100)).value();
    CHECK(ann->join(quote, "lines", first, "").error().code == Errc::not_found);
    office.settle({&ann, &ben, &mona});
    REQUIRE(mona->show(quote).value().merged.twins.size() == 1);
    REQUIRE((join ? mona->join(quote, "lines", second, "one order") : mona->keep_twins(quote, "lines", second, "two deliveries")).value().changed);
    office.settle({&mona, &ann, &ben});
    for (auto* device : {&ann, &ben, &mona}) {
        const auto merged = (*device)->show(quote).value().merged;
        CHECK(merged.twins.empty());
        CHECK(merged.conflicts.empty());
        std::vector<std::int64_t> quantities;
        for (const auto& line : merged.record.collections.at("lines"))
            if (!line.removed) quantities.push_back(std::get<std::int64_t>(line.fields.at("quantity")));
        std::sort(quantities.begin(), quantities.end());
        CHECK(quantities == (join ? std::vector<std::int64_t>{5'000} : std::vector<std::int64_t>{2'000, 3'000}));
    }
}

TEST_CASE("lines that differ in more than their quantity are not joined unseen", "[resolving]")
{
    Office office;
    auto &ann = *office.ann, &ben = *office.ben;
    const auto quote = office.a_quote();
    office.settle({&ann, &ben, office.mona.get()});
    const auto first = ann->add_item(quote, "lines", a_line(office.company.widget, 2, 100)).value();
    (void)ben->add_item(quote, "lines", a_line(office.company.widget, 3, 92)).value();
    office.settle({&ann, &ben, office.mona.get()});
    const auto refused = ann->join(quote, "lines", first, "").error();
    CHECK(refused.code == Errc::bad_argument);
    CHECK(refused.field == "unit_price");
}

TEST_CASE("a customer that one deleted and another edited is shown to both until a manager decides", "[resolving]")
{
    Office office;
    auto &ann = *office.ann, &ben = *office.ben, &mona = *office.mona;
    REQUIRE(mona->set(office.company.acme, {{"deleted_at", office.company.clock().now()}}).has_value());
    REQUIRE(ben->set(office.company.acme, {{"phone", text("7")}}).has_value());
    office.settle({&mona, &ben, &ann});
    for (auto* device : {&ann, &ben, &mona}) {
        const auto conflicts = (*device)->conflicts();
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts.front().clash == Clash::deleted);
        CHECK((*device)->count("account") > 0);
    }
    REQUIRE(mona->resolve(office.company.acme, "deleted_at", office.company.clock().now(), "it is gone").value().changed);
    office.settle({&mona, &ben, &ann});
    for (auto* device : {&ann, &ben, &mona}) {
        CHECK((*device)->conflicts().empty());
        CHECK((*device)->show(office.company.acme).value().merged.record.deleted_at.has_value());
    }
}
