#include "mobile-app/gallery/sample_records.hpp"

#include <string>

namespace roadbook::gallery {
namespace {

using schema::Record;
using schema::Value;
using std::string;

schema::Fields fields_of(std::initializer_list<std::pair<const char*, Value>> given)
{
    schema::Fields fields;
    for (const auto& [name, value] : given) fields[name] = value;
    return fields;
}

Record record(const char* kind, std::string_view name, std::initializer_list<std::pair<const char*, Value>> given)
{
    Record made;
    made.id = sample_id(name);
    made.kind = kind;
    made.fields = fields_of(given);
    return made;
}

Time at(const char* iso)
{
    return time_from_text(iso).value();
}

Money eur(std::int64_t minor)
{
    return {minor, "EUR"};
}

struct Line {
    const char* product;
    std::int64_t thousandths;
    std::int64_t cents;
};

/// Gives `record` these lines, in this order.
Record with_lines(Record record, std::initializer_list<Line> lines)
{
    auto& children = record.collections["lines"];
    for (const auto& line : lines) {
        const auto number = std::to_string(children.size());
        children.push_back({id_from_name<ChildId>(record.id.text(), number),
                            fields_of({{"position", string(1, static_cast<char>('a' + children.size()))},
                                       {"description", string{line.product}},
                                       {"quantity", line.thousandths},
                                       {"unit_price", eur(line.cents)}})});
    }
    return record;
}

struct Customer {
    const char* id;
    const char* name;
    const char* code;
    const char* street;
    const char* postal_code;
    const char* city;
    const char* country;
    const char* phone;
};

Record account(const Customer& customer)
{
    auto made = record("account", customer.id,
                       {{"name", string{customer.name}},
                        {"code", string{customer.code}},
                        {"territory", sample_id("territory")},
                        {"street", string{customer.street}},
                        {"postal_code", string{customer.postal_code}},
                        {"city", string{customer.city}},
                        {"country", string{customer.country}},
                        {"phone", string{customer.phone}}});
    return made;
}

void add_people(std::vector<Record>& all)
{
    all.push_back(record("person", "nancy", {{"name", string{"Nancy Davolio"}}, {"role", string{"rep"}}}));
    all.push_back(record("person", "steven", {{"name", string{"Steven Buchanan"}}, {"role", string{"manager"}}}));
    all.push_back(record("territory", "territory", {{"name", string{"Central Europe"}}, {"holder", sample_id("nancy")}}));
}

void add_accounts(std::vector<Record>& all)
{
    constexpr Customer customers[] = {
        {"alfreds", "Alfreds Futterkiste", "ALFKI", "Obere Str. 57", "12209", "Berlin", "Germany", "030-0074321"},
        {"blauer", "Blauer See Delikatessen", "BLAUS", "Forsterstr. 57", "68306", "Mannheim", "Germany", "0621-08460"},
        {"chop", "Chop-suey Chinese", "CHOPS", "Hauptstr. 29", "3012", "Bern", "Switzerland", "0452-076545"},
        {"drachenblut", "Drachenblut Delikatessen", "DRACD", "Walserweg 21", "52066", "Aachen", "Germany", "0241-039123"},
        {"ernst", "Ernst Handel", "ERNSH", "Kirchgasse 6", "8010", "Graz", "Austria", "7675-3425"},
        {"frankenversand", "Frankenversand", "FRANK", "Berliner Platz 43", "80805", "München", "Germany", "089-0877310"},
        {"koniglich", "Königlich Essen", "KOENE", "Maubelstr. 90", "14776", "Brandenburg", "Germany", "0555-09876"},
        {"lehmanns", "Lehmanns Marktstand", "LEHMS", "Magazinweg 7", "60528", "Frankfurt a.M.", "Germany", "069-0245984"},
        {"ottilies", "Ottilies Käseladen", "OTTIK", "Mehrheimerstr. 369", "50739", "Köln", "Germany", "0221-0644327"},
        {"piccolo", "Piccolo und mehr", "PICCO", "Geislweg 14", "5020", "Salzburg", "Austria", "6562-9722"},
        {"quick", "QUICK-Stop", "QUICK", "Taucherstraße 10", "01307", "Cunewalde", "Germany", "0372-035188"},
        {"richter", "Richter Supermarkt", "RICSU", "Grenzacherweg 237", "1203", "Genève", "Switzerland", "0897-034214"},
        {"toms", "Toms Spezialitäten", "TOMSP", "Luisenstr. 48", "44087", "Münster", "Germany", "0251-031259"},
        {"huatai", "华泰机电有限公司", "HTJD", "中山路 188 号", "310000", "杭州", "中国", "0571-8765 4321"},
        {"chaoyang", "朝阳五金贸易公司", "CYWJ", "建国路 93 号", "100022", "北京", "中国", "010-6588 2210"},
        {"xinguang", "新光精密仪器厂", "XGJM", "工业园区 6 栋", "215000", "苏州", "中国", "0512-6680 1177"},
    };
    for (const auto& customer : customers) all.push_back(account(customer));
    for (auto& made : all)
        if (made.id == sample_id("alfreds")) {
            made.fields["tier"] = string{"a"};
            made.fields["industry"] = string{"Food retail"};
            made.fields["credit_limit"] = eur(1'500'000);
        }
}

void add_visits(std::vector<Record>& all)
{
    const auto alfreds = sample_id("alfreds");
    all.push_back(record("visit", "visit-demo",
                         {{"subject", string{"Autumn order and shelf plan"}},
                          {"account", alfreds},
                          {"owner", sample_id("nancy")},
                          {"planned_at", at("2026-11-23T10:30:00Z")},
                          {"status", string{"planned"}},
                          {"next_step", string{"Bring the new price list"}},
                          {"notes", string{"Maria wants to see the cheese range first.\nAsk about the second cold store."}}}));
    all.push_back(record("visit", "visit-tasting",
                         {{"subject", string{"Tasting with the kitchen"}},
                          {"account", alfreds},
                          {"planned_at", at("2026-11-12T13:00:00Z")},
                          {"status", string{"done"}},
                          {"outcome", string{"Will list three products"}}}));
    all.push_back(record("visit", "visit-complaint",
                         {{"subject", string{"Late delivery of October"}},
                          {"account", alfreds},
                          {"planned_at", at("2026-10-29T08:15:00Z")},
                          {"status", string{"done"}},
                          {"outcome", string{"Settled with a credit note"}}}));
    all.push_back(record("visit", "visit-first",
                         {{"subject", string{"First call"}},
                          {"account", alfreds},
                          {"planned_at", at("2025-09-02T09:00:00Z")},
                          {"status", string{"cancelled"}}}));
    all.push_back(record("visit", "visit-huatai",
                         {{"subject", string{"年度框架协议洽谈"}},
                          {"account", sample_id("huatai")},
                          {"planned_at", at("2026-11-24T02:00:00Z")},
                          {"status", string{"planned"}}}));
}

void add_quotes_and_orders(std::vector<Record>& all)
{
    const auto alfreds = sample_id("alfreds");
    all.push_back(with_lines(record("quote", "quote-1042",
                                    {{"number", string{"Q-1042"}},
                                     {"account", alfreds},
                                     {"status", string{"sent"}},
                                     {"valid_until", string{"2026-12-15"}},
                                     {"discount", std::int64_t{500}}}),
                             {{"Chai", 12'000, 1'800}, {"Rössle Sauerkraut", 20'000, 4'560}, {"Raclette Courdavault", 6'000, 5'500}}));
    all.push_back(with_lines(record("quote", "quote-1007",
                                    {{"number", string{"Q-1007"}},
                                     {"account", alfreds},
                                     {"status", string{"accepted"}},
                                     {"valid_until", string{"2026-10-31"}}}),
                             {{"Spegesild", 10'000, 1'200}, {"Flotemysost", 4'000, 2'150}}));
    const struct {
        const char* number;
        const char* day;
        const char* status;
        std::int64_t cents;
    } orders[] = {{"10643", "2026-11-16", "confirmed", 4'560}, {"10692", "2026-10-03", "delivered", 4'390},
                  {"10702", "2026-09-13", "delivered", 1'000}, {"10835", "2026-06-15", "delivered", 5'500},
                  {"10952", "2026-04-16", "delivered", 2'500}};
    for (const auto& order : orders)
        all.push_back(with_lines(record("order", order.number,
                                        {{"number", string{order.number}},
                                         {"account", alfreds},
                                         {"ordered_on", string{order.day}},
                                         {"status", string{order.status}},
                                         {"freight", eur(2'946)}}),
                                 {{"Rössle Sauerkraut", 15'000, order.cents}, {"Chartreuse verte", 21'000, 1'800}}));
}

void add_contacts(std::vector<Record>& all)
{
    all.push_back(record("contact", "maria",
                         {{"name", string{"Maria Anders"}},
                          {"account", sample_id("alfreds")},
                          {"title", string{"Sales Representative"}},
                          {"phone", string{"030-0074321"}}}));
    all.push_back(record("contact", "wang",
                         {{"name", string{"王建国"}},
                          {"account", sample_id("huatai")},
                          {"title", string{"采购经理"}},
                          {"phone", string{"138 0571 2266"}}}));
}

} // namespace

Time sample_now()
{
    return at("2026-11-23T09:20:00Z");
}

RecordId sample_id(std::string_view name)
{
    return id_from_name<RecordId>("sample", name);
}

std::vector<Record> sample_records()
{
    std::vector<Record> all;
    add_people(all);
    add_accounts(all);
    add_visits(all);
    add_quotes_and_orders(all);
    add_contacts(all);
    return all;
}

} // namespace roadbook::gallery
