// roadbook-gallery: every component and screen of the app over sample records, to look at, or as pictures.
#include <CLI/CLI.hpp>

#include <QGuiApplication>
#include <QLoggingCategory>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QStyleHints>
#include <QtQml/QQmlExtensionPlugin>

#include <ctime>
#include <filesystem>
#include <iostream>

Q_IMPORT_QML_PLUGIN(Roadbook_ViewModelsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_ComponentsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_PagesPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_GalleryPlugin)

namespace {

struct Wish {
    std::string shots; ///< a folder: write pictures and end
    std::string page = "customers";
    bool chinese = false;
    bool dark = false;
    int text_percent = 100;
    int width = 412; ///< of a phone
    int height = 915;
    bool list = false;
};

void settle(QQuickView& view, const QString& page)
{
    QCoreApplication::processEvents();
    (void)view.grabWindow();
    QMetaObject::invokeMethod(view.rootObject(), "settle", Q_ARG(QVariant, page));
}

void show(QQuickView& view, const QString& page, bool chinese, bool dark, int percent)
{
    QMetaObject::invokeMethod(view.rootObject(), "clear");
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // its sheets, and the translation of its language
    QMetaObject::invokeMethod(view.rootObject(), "show", Q_ARG(QVariant, page), Q_ARG(QVariant, chinese), Q_ARG(QVariant, dark),
                              Q_ARG(QVariant, percent));
}

/// The same bytes on every run: own fonts and clock, no animation, no blinking cursor, the software renderer.
void be_deterministic()
{
    qputenv("TZ", "UTC");
    tzset();
    qputenv("QT_QUICK_BACKEND", "software");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
}

int write_shots(QQuickView& view, const Wish& wish)
{
    std::filesystem::create_directories(wish.shots);
    const auto pages = view.rootObject()->property("pages").toStringList();
    int written = 0;
    for (const auto& page : pages)
        for (const bool chinese : {false, true})
            for (const bool dark : {false, true}) {
                if (!wish.page.empty() && page.toStdString() != wish.page) continue;
                show(view, page, chinese, dark, wish.text_percent);
                settle(view, page);
                const auto name = page + (chinese ? "-zh" : "-en") + (dark ? "-dark" : "-light") + ".png";
                const auto path = QString::fromStdString(wish.shots) + '/' + name;
                if (!view.grabWindow().save(path)) {
                    std::cerr << "roadbook-gallery: cannot write " << path.toStdString() << '\n';
                    return 1;
                }
                ++written;
            }
    std::cout << written << " pictures in " << wish.shots << '\n';
    return written > 0 ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    Wish wish;
    CLI::App cli{"Every component and screen of the Roadbook app, over sample records."};
    cli.add_option("--shots", wish.shots, "write pictures of all pages (or of --page) into this folder, and end");
    auto* page = cli.add_option("--page", wish.page, "the page to show; --list names them");
    cli.add_flag("--chinese", wish.chinese);
    cli.add_flag("--dark", wish.dark);
    cli.add_option("--text", wish.text_percent, "size of text in percent")->check(CLI::Range(85, 200));
    cli.add_option("--width", wish.width, "of the window, in pixels")->check(CLI::Range(320, 4'000))->capture_default_str();
    cli.add_option("--height", wish.height, "of the window, in pixels")->check(CLI::Range(320, 4'000))->capture_default_str();
    cli.add_flag("--list", wish.list, "name the pages, and end");
    CLI11_PARSE(cli, argc, argv);
    if (!wish.shots.empty() || wish.list) be_deterministic();
    if (page->count() == 0 && !wish.shots.empty()) wish.page.clear();

    QGuiApplication app{argc, argv};
    QGuiApplication::styleHints()->setCursorFlashTime(0);
    QGuiApplication::setApplicationVersion(ROADBOOK_VERSION);
    QQuickView view;
    view.engine()->addImportPath("qrc:/qt/qml");
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.setSource(QUrl{"qrc:/qt/qml/Roadbook/Gallery/Gallery.qml"});
    if (view.rootObject() == nullptr) return 1;
    view.resize(wish.width, wish.height);
    if (wish.list) {
        for (const auto& name : view.rootObject()->property("pages").toStringList()) std::cout << name.toStdString() << '\n';
        return 0;
    }
    view.show();
    if (!wish.shots.empty()) return write_shots(view, wish);
    show(view, QString::fromStdString(wish.page), wish.chinese, wish.dark, wish.text_percent);
    settle(view, QString::fromStdString(wish.page));
    return app.exec();
}
