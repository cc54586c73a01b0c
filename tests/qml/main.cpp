// The screens under Qt Quick Test: real components and view-models, sample records, no display.
#include "tests/qml/audit.hpp"

#include <QAccessible>
#include <QQmlEngine>
#include <QtQml/QQmlExtensionPlugin>
#include <QtQuickTest>

Q_IMPORT_QML_PLUGIN(Roadbook_ViewModelsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_ComponentsPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_PagesPlugin)
Q_IMPORT_QML_PLUGIN(Roadbook_GalleryPlugin)

namespace roadbook::tests {
namespace {

/// Before Qt starts: no display is needed, the software renderer draws the same everywhere, and days are those of the samples.
[[maybe_unused]] const bool prepared = [] {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    qputenv("TZ", "UTC");
    qputenv("LC_ALL", "C.UTF-8");
    return true;
}();

} // namespace

class Setup : public QObject {
    Q_OBJECT

public slots:
    void applicationAvailable() { QAccessible::setActive(true); }
    void qmlEngineAvailable(QQmlEngine* engine)
    {
        engine->addImportPath("qrc:/qt/qml");
        qmlRegisterSingletonInstance("Roadbook.Tests", 1, 0, "Audit", &audit_);
    }

private:
    Audit audit_;
};

} // namespace roadbook::tests

QUICK_TEST_MAIN_WITH_SETUP(screens, roadbook::tests::Setup)
#include "main.moc"
