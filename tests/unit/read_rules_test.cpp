// Who may read what: every role, every record type, by what the record has to do with the reader, as a page for people (golden/read_rules.md). Asked
// of both ends: what the server's feeds hold for a person, and what is on his device after a sync, are the same records.
#include "tests/support/staff.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Role;

namespace {

/// Records of all types about one person.
using Records = std::map<std::string, RecordId>;

Records records_about(Staff& staff, const Colleague& about)
{
    Records made;
    for (const auto& kind : schema::kinds()) {
        if (kind.name == "person") made[kind.name] = about.id;
        else if (kind.name == "territory") made[kind.name] = about.territory;
        else if (kind.name == "account") made[kind.name] = about.account;
        else made[kind.name] = staff.make(kind, about);
    }
    return made;
}

/// What one reader gets of each type, by relation. `work`: of a stranger's customer for whom he has open work.
struct Readings {
    std::map<std::string, Records> by_relation;
};

/// "own, people's, work" -> words; "all" when the stranger's is among them, "-" for none.
std::string in_words(const std::vector<std::string>& seen)
{
    if (seen.empty()) return "-";
    if (std::find(seen.begin(), seen.end(), "others'") != seen.end()) return seen.size() == 4 ? "all" : "others'?";
    std::string words;
    for (const auto& relation : seen) words += (words.empty() ? "" : ", ") + relation;
    return words;
}

class Page {
public:
    Page()
    {
        strangers_ = records_about(staff_, staff_.stranger);
        for (const auto& [role, person] : staff_.people) {
            auto& readings = readings_[role];
            readings.by_relation["own"] = records_about(staff_, person);
            readings.by_relation["people's"] = records_about(staff_, staff_.juniors.at(role));
            readings.by_relation["work"] = records_of_work(person);
            readings.by_relation["others'"] = strangers_;
        }
    }

    std::string written()
    {
        std::map<Role, std::map<std::string, std::string>> cells;
        for (const auto& [role, person] : staff_.people) cells[role] = read(role, person);
        std::string page = R"(# Who may read what
Made by read_rules_test from what is on a device after a sync, and the same in the feeds that the server holds for its person. own: about the reader himself
(his customers, his work, his territory); people's: the same of somebody who reports to him; work: on a stranger's customer for whom the reader has open work;
all: these and a stranger's; -: nothing. Somebody whose access was ended, or who is no person here, reads nothing.

| |)";
        for (const auto& [role, person] : staff_.people) page += fmt::format(" {} |", schema::name(role));
        page += " nobody |\n|---|";
        for (std::size_t i = 0; i <= staff_.people.size(); ++i) page += "---|";
        page += "\n";
        for (const auto& kind : schema::kinds()) {
            page += fmt::format("| {} |", kind.name);
            for (const auto& [role, person] : staff_.people) page += fmt::format(" {} |", cells[role][kind.name]);
            page += " - |\n";
        }
        return page;
    }

    /// A person who was revoked, and one who is none: no grant, no page, no greeting.
    void check_nobody()
    {
        auto& company = staff_.company;
        const auto& gone = staff_.juniors.at(Role::rep);
        Device device{company, "gone", gone.id};
        const server::Caller caller{device->identity()->device, gone.id};
        company.apply(edit(gone.id, "person", {{"deleted_at", company.clock().now()}}));
        CHECK(device.sync().code == Errc::revoked);
        CHECK(company.hub().grants_of(gone.id).grants.scopes().empty());
        for (const auto& scope : {schema::ScopeId::company(), schema::ScopeId::person(gone.id), schema::ScopeId::territory(gone.territory)})
            CHECK(company.hub().read_feed(caller, scope, {0, 0, true}).frame.body_case() == v1::ServerFrame::BODY_NOT_SET);
        CHECK(device->status().records == 0);
        const auto& revoked = staff_.juniors.at(Role::engineer);
        Device other{company, "revoked", revoked.id};
        REQUIRE(company.hub().revoke_person(revoked.id).has_value());
        CHECK(other.sync().code == Errc::revoked);
        CHECK(other->status().records == 0);
    }

private:
    /// One of each type on a stranger's customer, for whom this person has open work.
    Records records_of_work(const Colleague& reader)
    {
        const auto customer = staff_.company.new_record();
        staff_.company.apply(creation(customer, "account", {{"name", text("customer with work")}, {"territory", staff_.stranger.territory}}));
        auto about = staff_.stranger;
        about.account = customer;
        Records made;
        for (const auto& kind : schema::kinds()) {
            const bool is_on_account = std::any_of(kind.fields.begin(), kind.fields.end(), [](const auto& field) { return field.name == "account"; });
            if (is_on_account) made[kind.name] = staff_.make(kind, about, {{"account", customer}});
        }
        made["account"] = customer;
        made["work_order"] = staff_.make(*schema::find_kind("work_order"), about, {{"account", customer}, {"assignee", reader.id}});
        return made;
    }

    std::map<std::string, std::string> read(Role role, const Colleague& person)
    {
        auto& company = staff_.company;
        Device device{company, std::string{schema::name(role)}, person.id};
        REQUIRE(device.sync().code == Errc::ok);
        const auto fed = fed_to({device->identity()->device, person.id, role});
        std::map<std::string, std::string> cells;
        for (const auto& kind : schema::kinds()) {
            std::vector<std::string> seen;
            for (const auto* relation : {"own", "people's", "work", "others'"}) {
                const auto& records = readings_.at(role).by_relation.at(relation);
                const auto found = records.find(kind.name);
                const bool is_as_others = found == records.end(); // a type that has nothing to do with customers
                const auto& id = is_as_others ? strangers_.at(kind.name) : found->second;
                const bool is_here = device->kind_of(id).has_value();
                CAPTURE(schema::name(role), kind.name, relation);
                CHECK(is_here == fed.contains(id));
                CHECK(is_here == device->show(id).has_value());
                if (is_here && !(is_as_others && std::string_view{relation} == "work" && !device->kind_of(strangers_.at(kind.name)))) seen.emplace_back(relation);
            }
            cells[kind.name] = in_words(seen);
        }
        return cells;
    }

    /// The records in all packs that the server has for this caller, and in what goes ahead of them; what he is not granted it has not.
    std::set<RecordId> fed_to(const server::Caller& caller)
    {
        std::set<RecordId> all;
        auto& hub = staff_.company.hub();
        const auto granted = hub.grants_of(caller.person);
        for (const auto& field : granted.grants.scopes()) {
            const auto scope = schema::ScopeId::from(as_bytes(field)).value();
            const auto note = [&](const protocol::v1::RecordList& list) {
                for (const auto& record : list.records()) all.insert(RecordId::from(as_bytes(record.document())).value());
            };
            protocol::ServerSession::Place place{0, 0, true};
            if (const auto ahead = hub.read_ahead(caller, scope, place, protocol::page_bytes_aim); ahead.frame.has_ahead()) note(protocol::records_of(ahead.frame.ahead()).value());
            while (place.packing) {
                const auto read = hub.read_feed(caller, scope, place);
                if (!read.frame.has_pack()) break;
                note(protocol::records_of(read.frame.pack()).value());
                place = read.place;
            }
        }
        return all;
    }

    Staff staff_;
    Records strangers_;
    std::map<Role, Readings> readings_;
};

} // namespace

TEST_CASE("every role may read just what the page of read rules says, from the server's feeds and on the device", "[read_rules]")
{
    Page page;
    const auto actual = page.written();
    page.check_nobody();
    std::ifstream file{std::filesystem::path{ROADBOOK_SOURCE_DIR} / "tests/unit/golden/read_rules.md"};
    std::stringstream golden;
    golden << file.rdbuf();
    if (actual == golden.str()) return;
    const auto made = std::filesystem::temp_directory_path() / "roadbook-read_rules.md";
    std::ofstream{made} << actual;
    FAIL("the page differs; what both ends say now is in " << made.string());
}
