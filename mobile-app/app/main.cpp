// roadbook: the app. Makes the objects, joins them, and shows the window; the replica opens meanwhile on its own thread.
#include "mobile-app/app/live_enroller.hpp"
#include "mobile-app/app/live_records.hpp"
#include "mobile-app/app/live_sync.hpp"
#include "mobile-app/app/options.hpp"
#include "mobile-app/app/screenshot.hpp"
#include "shared/base/log.hpp"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QSysInfo>
#include <QtQml/QQmlExtensionPlugin>

#include <iostream>

Q_IMPORT_QML_PLUGIN(Roadbook_ViewModelsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_ComponentsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_PagesPlugin)

namespace {

using namespace roadbook;

constexpr QSize phone{412, 915};

/// All that lives as long as the window, in the order in which it is made.
struct Desk {
    explicit Desk(const app::Options& options)
        : preferences{QString::fromStdString((options.data / "app.ini").string())},
          thread{options.data, options.pin, listener()},
          records{thread},
          sync{thread},
          enroller{thread, QSysInfo::machineHostName().toStdString()},
          view_model{{records, sync, enroller, preferences, system_clock()}}
    {
        preferences.overrule(options.language, options.look);
    }

    /// Comes from the event loop, so everything is made by then.
    app::ReplicaThread::Listener listener()
    {
        return {.opened =
                    [this](const storage::OpenOptions& database, const app::News& news) {
                        sync.heard(news);
                        records.opened(database, news);
                    },
                .failed = [this](const Error& why) { records.failed(why); },
                .news =
                    [this](const app::News& news) {
                        sync.heard(news);
                        records.heard(news);
                    }};
    }

    viewmodels::Preferences preferences;
    app::ReplicaThread thread;
    app::LiveRecords records;
    app::LiveSync sync;
    app::LiveEnroller enroller;
    viewmodels::AppViewModel view_model;
};

bool show(QQuickView& view, Desk& desk, bool motion)
{
    view.engine()->addImportPath("qrc:/qt/qml");
    view.setTitle("Roadbook");
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.setInitialProperties({{"app", QVariant::fromValue(&desk.view_model)}, {"motion", motion}});
    view.setSource(QUrl{"qrc:/qt/qml/Roadbook/Pages/AppRoot.qml"});
    if (view.rootObject() == nullptr) return false;
    view.resize(phone);
    view.show();
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    QElapsedTimer since_start;
    since_start.start();
    const auto options = app::read_options(argc, argv);
    if (!options.proceed) return options.status;
    log::start(options.verbose ? log::Level::debug : log::Level::warning);

    QGuiApplication application{argc, argv};
    QGuiApplication::setApplicationName("roadbook");
    QGuiApplication::setApplicationVersion(ROADBOOK_VERSION);
    Desk desk{options};
    QQuickView view;
    QObject::connect(
        &view, &QQuickWindow::frameSwapped, &view, [&] { log::debug("first_frame", "ms={}", since_start.elapsed()); }, Qt::SingleShotConnection);
    if (!show(view, desk, options.screenshot.empty())) {
        std::cerr << "roadbook: the screens could not be loaded: a QML module is missing, see the lines above\n";
        return 1;
    }
    if (!options.screenshot.empty()) app::take_screenshot(view, desk.view_model, desk.records, options);
    return application.exec();
}
