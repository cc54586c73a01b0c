// What the view-models decide, without a screen.
#include "mobile-app/gallery/sample_records.hpp"
#include "mobile-app/gallery/sample_sources.hpp"
#include "mobile-app/viewmodels/app_view_model.hpp"
#include "mobile-app/viewmodels/field_words.hpp"
#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

#include <ctime>

using namespace roadbook;
using namespace roadbook::viewmodels;
using namespace std::chrono_literals;

namespace {

/// Qt's translations and timers want an application; one for the process, in a zone where days are those of the samples.
void need_application()
{
    static const bool zone = [] {
        qputenv("TZ", "UTC");
        tzset();
        return true;
    }();
    static int argc = 1;
    static char name[] = "viewmodels_test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication application{argc, argv};
    (void)zone;
}

struct World {
    World()
    {
        need_application();
        clock.time = gallery::sample_now();
        records.view.person = Person{gallery::sample_id("nancy"), "Nancy Davolio", schema::Role::rep, "wss://here"};
        preferences = std::make_unique<Preferences>(QString{});
        preferences->setLanguage(Preferences::English);
        app = std::make_unique<AppViewModel>(AppViewModel::Sources{records, sync, enroller, *preferences, clock});
    }
    QString id(const char* name) const { return to_qt(gallery::sample_id(name).text()); }

    gallery::SampleClock clock;
    gallery::SampleRecords records{gallery::sample_records(), gallery::sample_now()};
    gallery::SampleSync sync;
    gallery::SampleEnroller enroller;
    std::unique_ptr<Preferences> preferences;
    std::unique_ptr<AppViewModel> app;
};

std::vector<Row> rows_of(std::initializer_list<const char*> ids)
{
    std::vector<Row> rows;
    for (const auto* id : ids) rows.push_back({.id = id});
    return rows;
}

QString plain(QString text)
{
    return text.replace(QChar::Nbsp, ' ');
}

} // namespace

TEST_CASE("a list of rows changes by the least step", "[viewmodels]")
{
    need_application();
    RowsModel model;
    int removed = 0, inserted = 0, changed = 0;
    QObject::connect(&model, &QAbstractItemModel::rowsRemoved, [&](const QModelIndex&, int a, int b) { removed += b - a + 1; });
    QObject::connect(&model, &QAbstractItemModel::rowsInserted, [&](const QModelIndex&, int a, int b) { inserted += b - a + 1; });
    QObject::connect(&model, &QAbstractItemModel::dataChanged, [&] { ++changed; });

    model.show(rows_of({"a", "b", "c", "d"}));
    REQUIRE(inserted == 4);
    model.show(rows_of({"a", "b", "x", "c", "d"}));
    REQUIRE((inserted == 5 && removed == 0));
    model.show(rows_of({"a", "d"}));
    REQUIRE((inserted == 5 && removed == 3));
    auto rows = rows_of({"a", "d"});
    rows[1].title = "new";
    model.show(rows);
    REQUIRE((inserted == 5 && removed == 3 && changed == 1));
    REQUIRE(model.rows() == rows);
    model.show(rows_of({"d", "a"}));
    REQUIRE(model.rows()[0].id == "d");
    REQUIRE(model.count() == 2);
}

TEST_CASE("a list asks for more once, and only while there is more", "[viewmodels]")
{
    need_application();
    RowsModel model;
    int asked = 0;
    QObject::connect(&model, &RowsModel::moreWanted, [&] { ++asked; });
    model.show(rows_of({"a"}), true);
    REQUIRE(model.canFetchMore({}));
    model.fetchMore({});
    REQUIRE(asked == 1);
    REQUIRE_FALSE(model.canFetchMore({}));
}

TEST_CASE("money is shown exactly, in groups of three", "[viewmodels]")
{
    REQUIRE(plain(money({128000, "CNY"})) == "1,280.00 CNY");
    REQUIRE(plain(money({-123456789, "EUR"})) == "-1,234,567.89 EUR");
    REQUIRE(plain(money({1000, "JPY"})) == "1,000 JPY");
    REQUIRE(plain(money({1234, "KWD"})) == "1.234 KWD");
    REQUIRE(plain(money({-50, "EUR"})) == "-0.50 EUR");
    REQUIRE(plain(money({-100000, "EUR"})) == "-1,000.00 EUR");
}

TEST_CASE("moments are said as people say them, in both languages", "[viewmodels]")
{
    need_application();
    Preferences preferences{QString{}};
    const auto now = gallery::sample_now();
    preferences.setLanguage(Preferences::English);
    REQUIRE(moment(now + 70min, now, preferences.locale()) == "Today 10:30");
    REQUIRE(moment(now - 10h, now, preferences.locale()) == "Yesterday 23:20");
    REQUIRE(moment(now + 48h, now, preferences.locale()) == "Wed 25 Nov 09:20");
    REQUIRE(day("2025-03-12", now, preferences.locale()) == "12 Mar 2025");
    REQUIRE(day("no day", now, preferences.locale()) == "no day");
    REQUIRE(ago(now - 59s, now) == "just now");
    REQUIRE(ago(now + 5min, now) == "just now"); // a clock that went back
    REQUIRE(ago(now - 119s, now) == "1 min ago");
    preferences.setLanguage(Preferences::Chinese);
    REQUIRE(moment(now + 48h, now, preferences.locale()) == "11月25日 周三 09:20");
    REQUIRE(day("2025-03-12", now, preferences.locale()) == "2025年3月12日");
    REQUIRE(ago(now - 3h, now) == "3 小时前");
}

TEST_CASE("values are shown by the type of their field", "[viewmodels]")
{
    World world;
    Records records{world.records};
    const auto words = [&](const char* path, const schema::Value& value) {
        return plain(value_words("quote", path, value, world.clock.time, records, *world.preferences));
    };
    REQUIRE(words("lines/x/quantity", std::int64_t{12'500}) == "12.5");
    REQUIRE(words("lines/x/quantity", std::int64_t{1'000'000}) == "1,000");
    REQUIRE(words("discount", std::int64_t{500}) == "5 %");
    REQUIRE(words("lines.unit_price", Money{4560, "EUR"}) == "45.60 EUR");
    REQUIRE(words("status", std::string{"sent"}) == "Sent");
    REQUIRE(words("status", std::string{"of a newer version"}) == "of a newer version");
    REQUIRE(words("account", gallery::sample_id("alfreds")) == "Alfreds Futterkiste");
    REQUIRE(words("number", {}) == "(empty)");
    REQUIRE(field_words("quote", "discount, lines.discount, lines.quantity", *world.preferences) == "Discount on the whole, Discount, Quantity");
}

TEST_CASE("every failure has words in both languages: what happened, what is safe, what to do", "[viewmodels]")
{
    need_application();
    Preferences preferences{QString{}};
    std::vector<QString> english;
    for (const auto language : {Preferences::English, Preferences::Chinese}) {
        preferences.setLanguage(language);
        for (int code = 1; code <= static_cast<int>(Errc::internal); ++code) {
            const auto words = words_for(static_cast<Errc>(code));
            CAPTURE(name(static_cast<Errc>(code)));
            REQUIRE_FALSE(words.title.isEmpty());
            REQUIRE_FALSE(words.advice.isEmpty());
            if (language == Preferences::English) english.push_back(words.title);
            else REQUIRE(words.title != english[static_cast<std::size_t>(code) - 1]);
        }
    }
}

TEST_CASE("the files of both languages have no gap", "[viewmodels]")
{
    for (const auto* language : {"en", "zh"}) {
        QFile file{QString{ROADBOOK_SOURCE_DIR "/mobile-app/ui/i18n/roadbook_%1.ts"}.arg(language)};
        REQUIRE(file.open(QIODevice::ReadOnly));
        const auto text = QString::fromUtf8(file.readAll());
        CAPTURE(language);
        REQUIRE_FALSE(text.contains("unfinished"));
        REQUIRE_FALSE(text.contains(QRegularExpression{"<(translation|numerusform)>\\s*</"}));
    }
}

TEST_CASE("preferences are there again after a restart, and out of range they are put right", "[viewmodels]")
{
    need_application();
    QTemporaryDir folder;
    const auto file = folder.filePath("preferences.ini");
    {
        Preferences preferences{file};
        preferences.setLanguage(Preferences::Chinese);
        preferences.setLook(Preferences::Dark);
        preferences.setTextPercent(1'000);
        REQUIRE(preferences.textPercent() == Preferences::text_percent_greatest);
    }
    const Preferences again{file};
    REQUIRE(again.language() == Preferences::Chinese);
    REQUIRE(again.look() == Preferences::Dark);
    REQUIRE(again.textPercent() == Preferences::text_percent_greatest);
}

TEST_CASE("drafts are bounded: the oldest goes first", "[viewmodels]")
{
    Drafts drafts;
    for (std::size_t i = 0; i <= Drafts::drafts_max; ++i) drafts.keep(QString::number(i), {{"subject", std::string{"x"}}});
    REQUIRE(drafts.of("0").empty());
    REQUIRE(drafts.of("1").size() == 1);
    drafts.keep("1", {});
    REQUIRE(drafts.of("1").empty());
}

TEST_CASE("the customers come in pages, and a search reads each hit once", "[viewmodels]")
{
    World world;
    for (int i = 0; i < 250; ++i) {
        schema::Record account;
        account.id = id_from_name<RecordId>("many", std::to_string(i));
        account.kind = "account";
        account.fields["name"] = "Customer " + std::to_string(i);
        world.records.put(account);
    }
    world.records.changed();
    auto& customers = *world.app->customers();
    REQUIRE(customers.total() == 266);
    REQUIRE(customers.rows()->count() == CustomersViewModel::page);
    customers.rows()->fetchMore({});
    REQUIRE(customers.rows()->count() == 2 * CustomersViewModel::page);
    customers.rows()->fetchMore({});
    REQUIRE(customers.rows()->count() == 266);
    REQUIRE_FALSE(customers.rows()->canFetchMore({}));
    customers.setQuery(" customer 249 ");
    REQUIRE(customers.rows()->count() == 1);
    REQUIRE(customers.state() == CustomersViewModel::Ready);
}

TEST_CASE("edits that wait for days are called overdue, also while the network is away", "[viewmodels]")
{
    World world;
    auto& sync = *world.app->sync();
    world.records.view.unsent.push_back({gallery::sample_id("alfreds"), "account", "Alfreds", "phone", world.clock.time - 71h});
    world.records.changed();
    REQUIRE_FALSE(sync.overdue());
    world.clock.time += 2h;
    REQUIRE(sync.overdue());
}

TEST_CASE("the pill counts in the grammar of its language", "[viewmodels]")
{
    World world;
    auto& sync = *world.app->sync();
    SyncPicture picture;
    picture.state = SyncState::to_send;
    picture.unsent = 1;
    world.sync.show(picture);
    REQUIRE(sync.headline() == "1 edit waits to be sent");
    picture.unsent = 2;
    world.sync.show(picture);
    REQUIRE(sync.headline() == "2 edits wait to be sent");
    world.preferences->setLanguage(Preferences::Chinese);
    REQUIRE(sync.headline() == "2 项修改等待发送");
    picture.state = SyncState::syncing;
    world.sync.show(picture);
    REQUIRE(sync.pill() == "正在同步");
    REQUIRE(sync.progress() < 0); // nothing known yet: no bar that lies
}

TEST_CASE("a visit sends only what was changed, and nothing when it was changed back", "[viewmodels]")
{
    World world;
    const std::unique_ptr<VisitViewModel> visit{world.app->visit(world.id("visit-demo"))};
    visit->setOutcome("Order");
    REQUIRE(visit->dirty());
    visit->setOutcome("");
    REQUIRE_FALSE(visit->dirty());
    visit->save();
    REQUIRE(world.records.saved.empty());

    visit->planHour(14);
    visit->save();
    REQUIRE(world.records.saved.size() == 1);
    REQUIRE(world.records.saved[0].fields == schema::Fields{{"planned_at", *time_from_text("2026-11-23T14:30:00Z")}});
    REQUIRE(visit->state() == VisitViewModel::Saved);
    REQUIRE(visit->unsent());
}

TEST_CASE("a new visit becomes an existing one with its first save", "[viewmodels]")
{
    World world;
    const std::unique_ptr<VisitViewModel> visit{world.app->newVisit(world.id("alfreds"))};
    REQUIRE(visit->isNew());
    visit->save();
    REQUIRE(world.records.saved.empty()); // no subject yet
    visit->setSubject("Tasting");
    visit->save();
    REQUIRE_FALSE(visit->isNew());
    REQUIRE_FALSE(world.records.saved[0].record);
    REQUIRE(world.records.saved[0].fields.at("account") == schema::Value{gallery::sample_id("alfreds")});
    visit->setOutcome("Good");
    visit->save();
    REQUIRE(world.records.saved[1].record);
    REQUIRE(world.records.saved[1].fields == schema::Fields{{"outcome", std::string{"Good"}}});
    REQUIRE(std::unique_ptr<VisitViewModel>{world.app->newVisit(world.id("alfreds"))}->subject().isEmpty());
}

TEST_CASE("a page's view-model never outlives the app that it borrows from", "[viewmodels]")
{
    QPointer<VisitViewModel> visit;
    {
        World world;
        visit = world.app->visit(world.id("visit-demo"));
        visit->setOutcome("typed");
        REQUIRE(world.app->account("no id") == nullptr);
    }
    REQUIRE(visit.isNull());
}

TEST_CASE("an enrolment sends trimmed words and a fingerprint in one form", "[viewmodels]")
{
    World world;
    auto& enrolment = *world.app->enrolment();
    enrolment.setProperty("server", " wss://here ");
    enrolment.setProperty("code", " K7PQ ");
    enrolment.setProperty("fingerprint", QString{"AB:"}.repeated(31) + "cd");
    enrolment.enrol();
    REQUIRE(world.enroller.requests.size() == 1);
    REQUIRE(world.enroller.requests[0].server == "wss://here");
    REQUIRE(world.enroller.requests[0].code == "K7PQ");
    REQUIRE(world.enroller.requests[0].trust.starts_with("sha256:AB:"));
    world.enroller.waiting(Result<void>{});
    REQUIRE(enrolment.state() == EnrolmentViewModel::Enrolled);
    REQUIRE(enrolment.property("code").toString().isEmpty());
}
