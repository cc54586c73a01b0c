// Parts that do not fit with each other: golden cases, and what holds for any choice.
#include "golden_table.hpp"
#include "shared/rules/fits.hpp"

#include <algorithm>
#include <random>

using namespace roadbook;

namespace {

RecordId id_of(const std::string& name)
{
    auto id = id_from_name<RecordId>("fits rules", name);
    std::copy_n(reinterpret_cast<const std::byte*>(name.data()), 2, id.bytes.begin()); // ids that sort like the names
    return id;
}

schema::Record a_product(const std::string& name)
{
    static const std::map<char, std::string> categories{{'P', "printer"}, {'T', "toner"}, {'C', "cable"}, {'S', "software"}};
    schema::Record product;
    product.id = id_of(name);
    product.kind = "product";
    product.fields = {{"name", name}, {"category", categories.at(name.front())}};
    return product;
}

/// "T1 only printer:P1 because chip": the rule goes to its product
void add_rule(std::map<std::string, schema::Record>& products, const std::string& text)
{
    std::istringstream words{text};
    std::string part, relation, what, word;
    words >> part >> relation >> what;
    schema::Child rule;
    rule.fields["relation"] = relation == "only" ? "fits_only" : relation;
    if (what == "a") {
        words >> word;
        rule.fields["category"] = word;
    } else {
        if (const auto colon = what.find(':'); colon != std::string::npos) {
            rule.fields["category"] = what.substr(0, colon);
            what.erase(0, colon + 1);
        }
        rule.fields["product"] = id_of(what);
    }
    if (words >> word >> word) rule.fields["reason"] = word;
    products.at(part).collections["fits"].push_back(rule);
}

std::map<std::string, schema::Record> all_products()
{
    std::map<std::string, schema::Record> products;
    for (const auto* name : {"P1", "P2", "P3", "T1", "C1", "C2", "S1"}) products[name] = a_product(name);
    return products;
}

/// Names for products that a rule names but nobody chose: the caller looks them up.
rules::Part with_names(rules::Part part)
{
    for (auto& rule : part.fits)
        for (const auto& [name, product] : all_products())
            if (rule.product == product.id) rule.product_name = name;
    return part;
}

} // namespace

TEST_CASE("which parts do not fit, and why, is as the table says", "[rules]")
{
    for (const auto& row : test::golden("fits.md", "parts")) {
        CAPTURE(row.at("case"));
        auto products = all_products();
        for (const auto& rule : test::split(row.at("rules"), ';')) add_rule(products, rule);
        std::vector<rules::Part> chosen;
        for (const auto& name : test::split(row.at("chosen"), ';')) chosen.push_back(with_names(rules::part_from(products.at(name))));
        std::string en, zh;
        for (const auto& misfit : rules::misfits_of(chosen)) {
            en += (en.empty() ? "" : ", ") + misfit.why.en;
            zh += (zh.empty() ? "" : ", ") + misfit.why.zh;
        }
        CHECK(en == row.at("misfits"));
        CHECK(zh == row.at("in Chinese"));
    }
}

TEST_CASE("a rule that names nothing, or a relation of a newer version, says nothing", "[rules]")
{
    auto product = a_product("P1");
    product.collections["fits"].resize(2);
    product.collections["fits"][0].fields = {{"relation", "requires"}};
    product.collections["fits"][1].fields = {{"relation", "glued_to"}, {"category", "cable"}};
    CHECK(rules::part_from(product).fits.empty());
    rules::Part part = rules::part_from(product);
    part.fits.push_back({rules::Relation::requires_, id_of("S1"), "", "", ""});
    CHECK(rules::misfits_of(std::vector{part}).at(0).why.en == "P1 requires " + id_of("S1").text() + ", which is not chosen");
}

TEST_CASE("whatever is chosen: the order of parts and rules decides nothing, and parts without rules always fit", "[rules]")
{
    std::mt19937 random{20260701}; // a fixed seed: a failure can be looked at again
    const std::vector<std::string> names{"P1", "P2", "P3", "T1", "C1", "C2", "S1"};
    const std::vector<std::string> targets{"P1", "C1", "S1", "a printer", "a cable", "printer:P1", "cable:C2"};
    const std::vector<std::string> relations{"requires", "excludes", "only"};
    const auto any = [&](const auto& all) { return all[random() % all.size()]; };
    for (int round = 0; round < 500; ++round) {
        CAPTURE(round);
        auto products = all_products();
        for (auto count = random() % 8; count > 0; --count)
            add_rule(products, any(names) + " " + any(relations) + " " + any(targets) + (random() % 2 ? " because fuse" : ""));
        std::vector<rules::Part> chosen;
        for (auto count = random() % 6; count > 0; --count) chosen.push_back(rules::part_from(products.at(any(names))));
        const auto misfits = rules::misfits_of(chosen);
        for (const auto& misfit : misfits) {
            const auto part = std::find_if(chosen.begin(), chosen.end(), [&](const auto& one) { return one.id == misfit.part; });
            REQUIRE((part != chosen.end() && !part->fits.empty() && misfit.other != misfit.part));
        }
        std::shuffle(chosen.begin(), chosen.end(), random);
        for (auto& part : chosen) std::shuffle(part.fits.begin(), part.fits.end(), random);
        REQUIRE(rules::misfits_of(chosen) == misfits);
        for (auto& part : chosen) part.fits.clear();
        REQUIRE(rules::misfits_of(chosen).empty());
    }
}
