// The app over a real replica: its own thread, its own reading connection, and the program as a process without a display.
#include "mobile-app/app/live_enroller.hpp"
#include "mobile-app/app/live_records.hpp"
#include "mobile-app/app/live_sync.hpp"
#include "mobile-app/replica/open.hpp"
#include "mobile-app/viewmodels/app_view_model.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <QCoreApplication>
#include <QImage>
#include <QTimer>

#include <catch2/catch.hpp>

#include <csignal>

using namespace roadbook;
using namespace roadbook::app;
using Catch::Matchers::Contains;
using testing::TempFolder;
using viewmodels::RecordSource;
using viewmodels::SyncState;

namespace {

constexpr auto patience = std::chrono::seconds{30};

void need_application()
{
    static int argc = 1;
    static char name[] = "app_test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication application{argc, argv};
}

/// Runs the event loop until it is so; false when it never comes to be.
bool eventually(const std::function<bool()>& is_so)
{
    bool late = false;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, [&] { late = true; });
    limit.start(patience);
    while (!is_so() && !late) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return is_so();
}

/// A device of an administrator, who may write everything, with one account; its server does not listen.
class Folder {
public:
    Folder()
    {
        const auto replica = open();
        replica::Identity me;
        me.device = new_id<DeviceId>(system_clock().now(), system_random());
        me.token = system_random().bytes(32);
        me.person = new_id<RecordId>(system_clock().now(), system_random());
        me.person_name = "Nancy Davolio";
        me.role = schema::Role::admin;
        me.server = "wss://127.0.0.1:1";
        replica->keep_identity(me);
        merge::Intent person;
        person.record = me.person;
        person.kind = "person";
        person.create = true;
        person.steps = {{{}, {}, false, {{"name", me.person_name}, {"role", std::string{"admin"}}}}};
        REQUIRE(replica->save(person).has_value());
        const auto territory = replica->add("territory", {{"name", std::string{"North"}}, {"holder", me.person}}).value().record;
        account = replica->add("account", {{"name", std::string{"Alfreds Futterkiste"}}, {"city", std::string{"Berlin"}}, {"territory", territory}}).value().record;
    }
    [[nodiscard]] std::unique_ptr<replica::Replica> open() const { return replica::open_device(path()).value(); }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "device"; }

    RecordId account;

private:
    TempFolder folder_;
};

/// 10,000 accounts as a screen reads them, in Chinese and English.
void make_accounts(const std::filesystem::path& file)
{
    auto database = storage::Database::open({.path = file, .read_only = false, .key = {}, .vfs = {}}).value();
    storage::ReadModel records{database};
    storage::Transaction transaction{database};
    (void)records.prepare();
    for (int i = 0; i < 10'000; ++i) {
        schema::Record account;
        account.id = id_from_name<RecordId>("many", std::to_string(i));
        account.kind = "account";
        account.fields["name"] = (i % 2 == 0 ? "华泰机电 " : "Alfreds Futterkiste ") + std::to_string(i);
        account.fields["city"] = std::string{i % 3 == 0 ? "杭州" : "Berlin"};
        account.fields["phone"] = "030-" + std::to_string(100'000 + i);
        records.put(account);
    }
    transaction.commit();
}

/// The app without its window.
struct App {
    explicit App(const std::filesystem::path& folder) : thread{folder, {}, listener()}
    {
        need_application();
        view_model = std::make_unique<viewmodels::AppViewModel>(
            viewmodels::AppViewModel::Sources{records, sync, enroller, preferences, system_clock()});
    }
    ReplicaThread::Listener listener()
    {
        return {.opened = [this](const auto& database, const News& news) { sync.heard(news), records.opened(database, news); },
                .failed = [this](const Error& why) { records.failed(why); },
                .news = [this](const News& news) { sync.heard(news), records.heard(news); }};
    }
    bool opens()
    {
        return eventually([&] { return records.state() != RecordSource::State::opening; });
    }
    viewmodels::Edit visit(const RecordId& account, const char* subject) const
    {
        return {"visit", {}, {{"account", account}, {"subject", std::string{subject}}}};
    }

    viewmodels::Preferences preferences{QString{}};
    ReplicaThread thread;
    LiveRecords records{thread};
    LiveSync sync{thread};
    LiveEnroller enroller{thread, "test"};
    std::unique_ptr<viewmodels::AppViewModel> view_model;
};

} // namespace

TEST_CASE("what the app saves is durable, read by its own connection, and marked as unsent", "[app]")
{
    need_application();
    const Folder folder;
    std::optional<Result<RecordId>> answer;
    {
        App app{folder.path()};
        app.records.save(app.visit(folder.account, "Tasting"), [&](const auto& said) { answer = said; }); // before it is open
        REQUIRE(app.opens());
        REQUIRE(app.records.state() == RecordSource::State::open);
        REQUIRE(eventually([&] { return answer && app.records.overview().unsent.size() == 4; }));
        REQUIRE(answer->has_value());

        const auto visit = app.records.get(**answer, "visit");
        REQUIRE((visit && *visit));
        REQUIRE(schema::text_of(**visit, "subject") == "Tasting");
        REQUIRE(app.records.overview().unsent.back().fields == "account, owner, subject");
        REQUIRE(app.records.search("berl", "account", 10)->size() == 1);
        REQUIRE(app.records.overview().person->name == "Nancy Davolio");
        app.view_model->customers()->setQuery("alfreds");
        REQUIRE(app.view_model->customers()->rows()->rows().at(0).unsent);
    }
    REQUIRE(folder.open()->list({.kind = "visit", .filters = {}, .order = {}})->size() == 1);
}

TEST_CASE("a refused edit comes back with its reason, and nothing is saved", "[app]")
{
    need_application();
    const Folder folder;
    App app{folder.path()};
    std::optional<Result<RecordId>> answer;
    app.records.save({"visit", {}, {{"account", folder.account}, {"subject", std::string{"x"}}, {"status", std::string{"nonsense"}}}},
                     [&](const auto& said) { answer = said; });
    REQUIRE(eventually([&] { return answer.has_value(); }));
    REQUIRE(answer->error().code == Errc::invalid_value);
    REQUIRE(answer->error().field == "status");
    REQUIRE(app.opens());
    REQUIRE(app.records.count("visit").value() == 0);
}

TEST_CASE("without a server the app is offline with its edits counted, and ends at once", "[app]")
{
    need_application();
    const Folder folder;
    const auto started = std::chrono::steady_clock::now();
    {
        App app{folder.path()};
        REQUIRE(eventually([&] { return app.sync.picture().state == SyncState::offline && app.sync.picture().unsent == 3; }));
        REQUIRE_FALSE(app.sync.picture().trouble); // no network is no trouble
        app.sync.sync_now();
    }
    REQUIRE(std::chrono::steady_clock::now() - started < patience);
}

TEST_CASE("each key of a search among 10,000 customers is answered within 50 ms", "[app]")
{
    need_application();
    constexpr auto target = std::chrono::milliseconds{50};
    constexpr int slack = 2; // for a loaded machine; alone it takes 10 ms
    const Folder folder;
    const TempFolder many;
    make_accounts(many / "many.db");
    App app{folder.path()};
    REQUIRE(app.opens());
    app.records.opened({.path = many / "many.db", .read_only = true}, {});
    auto& customers = *app.view_model->customers();
    REQUIRE(customers.total() == 10'000);
    std::chrono::steady_clock::duration longest{};
    for (const auto* words : {"华泰机电 42", "alfreds 9", "030-1001", "berlin"}) {
        QString typed;
        for (const auto letter : QString{words}) {
            typed += letter;
            const auto pressed = std::chrono::steady_clock::now();
            customers.setQuery(typed);
            longest = std::max(longest, std::chrono::steady_clock::now() - pressed);
            REQUIRE(customers.rows()->count() > 0);
        }
    }
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(longest);
    CAPTURE(took.count());
    CHECK(took < slack * target);
}

TEST_CASE("a folder that another process uses is said so, and is left alone", "[app]")
{
    need_application();
    const Folder folder;
    const auto other = folder.open();
    App app{folder.path()};
    REQUIRE(app.opens());
    REQUIRE(app.view_model->state() == viewmodels::AppViewModel::Failed);
    REQUIRE(app.records.failure().code == Errc::storage_busy);
}

TEST_CASE("a new device is signed out, and a mistyped address costs no code", "[app]")
{
    need_application();
    const TempFolder folder;
    App app{folder / "new"};
    REQUIRE(app.opens());
    REQUIRE(app.view_model->state() == viewmodels::AppViewModel::SignedOut);
    std::optional<Result<void>> answer;
    app.enroller.enrol({"http://here", "CODE", ""}, [&](const auto& said) { answer = said; });
    REQUIRE(answer);
    REQUIRE(answer->error().field == "server");
    answer.reset();
    app.enroller.enrol({"127.0.0.1:1", "CODE", ""}, [&](const auto& said) { answer = said; });
    REQUIRE(eventually([&] { return answer.has_value(); }));
    REQUIRE(answer->error().code == Errc::link_lost);
}

TEST_CASE("a device enrols in the app, gets its customers, and what it saves reaches the server", "[app]")
{
    need_application();
    const TempFolder folder;
    const std::filesystem::path roadbookd = ROADBOOKD;
    const auto data = (folder / "server").string();
    REQUIRE(testing::run_process(roadbookd, {"import", "northwind", ROADBOOK_SOURCE_DIR "/packaging/demo-data/northwind", "--data", data}).status == 0);
    testing::Process server{roadbookd, {"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "off"}};
    const auto listening = QString::fromStdString(server.read_line()).split(' '); // listening URL fingerprint PIN
    REQUIRE(listening.size() == 4);
    const auto code = testing::run_process(roadbookd, {"admin", "--data", data, "code", "Nancy Davolio"}).out;
    const auto enrol = [&](App& app, const std::string& with) {
        std::optional<Result<void>> answer;
        app.enroller.enrol({listening[1].toStdString(), with, listening[3].toStdString()}, [&](const auto& said) { answer = said; });
        REQUIRE(eventually([&] { return answer.has_value(); }));
        return *answer ? Errc::ok : answer->error().code;
    };
    App app{folder / "device"};
    REQUIRE(app.opens());
    CHECK(enrol(app, "NOT-A-CODE") == Errc::bad_code);
    REQUIRE(enrol(app, code.substr(0, code.find('\n'))) == Errc::ok);
    REQUIRE(eventually([&] { return app.sync.picture().state == SyncState::synced; }));
    CHECK(app.view_model->state() == viewmodels::AppViewModel::Ready);
    CHECK(app.view_model->personName() == "Nancy Davolio");
    auto& customers = *app.view_model->customers();
    REQUIRE(customers.rows()->count() > 1);

    const std::unique_ptr<viewmodels::VisitViewModel> visit{app.view_model->newVisit(customers.rows()->rows().front().id)};
    visit->setSubject("Tasting");
    visit->save();
    REQUIRE(eventually([&] { return visit->state() == viewmodels::VisitViewModel::Saved; }));
    REQUIRE(eventually([&] { return app.sync.picture().state == SyncState::synced && app.sync.picture().unsent == 0; }));
    CHECK_FALSE(visit->unsent());

    server.signal(SIGTERM);
    CHECK(server.wait().status == 0);
    visit->setOutcome("Will order");
    visit->save();
    REQUIRE(eventually([&] { return app.sync.picture().state == SyncState::offline && app.sync.picture().unsent == 1; }));
    CHECK(visit->unsent());
}

TEST_CASE("the pill's picture of the replica's news", "[app]")
{
    using Link = sync::Watch::State;
    News news;
    const auto state = [&](Link link) {
        news.link = link;
        return picture_of(news).state;
    };
    CHECK(state(Link::connecting) == SyncState::syncing); // the very first time
    news.last_success = system_clock().now();
    CHECK(state(Link::connecting) == SyncState::synced);
    CHECK(state(Link::synced) == SyncState::synced);
    CHECK(state(Link::offline) == SyncState::offline);
    news.overview.unsent.resize(3);
    CHECK(state(Link::synced) == SyncState::to_send);
    CHECK(state(Link::offline) == SyncState::offline);
    news.overview.refused.resize(1);
    news.overview.conflicts.resize(1);
    CHECK(state(Link::offline) == SyncState::to_review);
    CHECK(state(Link::syncing) == SyncState::syncing);
    CHECK(picture_of(news).to_review == 2);
    news.tally.records_received = 40;
    news.tally.records_expected = 100;
    CHECK(picture_of(news).done == 40);
    CHECK(picture_of(news).total == 103);
    news.trouble = fail(Errc::link_lost, "gone");
    CHECK_FALSE(picture_of(news).trouble);
    news.trouble = fail(Errc::tls_failed, "foreign");
    CHECK(picture_of(news).trouble);
}

TEST_CASE("the program takes pictures without a display, of a new device and of one with data", "[app]")
{
    const std::filesystem::path program = ROADBOOK_APP_PROGRAM;
    const Folder folder;
    const TempFolder made;
    const auto picture = (made / "page.png").string();
    const auto shoot = [&](const std::filesystem::path& data, const std::string& page) {
        return testing::run_process(program, {"--data", data.string(), "--screenshot", picture, "--page", page, "--language", "zh", "--theme", "dark"});
    };
    for (const auto* page : {"customers", "account", "sync", "more", "review"}) {
        std::filesystem::remove(picture);
        const auto ended = shoot(folder.path(), page);
        INFO(page << ": " << ended.err);
        REQUIRE(ended.status == 0);
        REQUIRE(QImage{QString::fromStdString(picture)}.size() == QSize{412, 915});
    }
    CHECK(shoot(made / "new", "customers").status == 0);
    const auto unknown = shoot(folder.path(), "nowhere");
    CHECK(unknown.status == 1);
    CHECK_THAT(unknown.err, Contains("no page or record 'nowhere'"));
    const auto held = folder.open();
    const auto busy = shoot(folder.path(), "customers");
    CHECK(busy.status == 1);
    CHECK_THAT(busy.err, Contains("已经打开"));
    CHECK(testing::run_process(program, {"--nonsense"}).status == 2);
}
