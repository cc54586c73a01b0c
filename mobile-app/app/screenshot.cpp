#include "mobile-app/app/screenshot.hpp"

#include "mobile-app/viewmodels/text.hpp"

#include <QCoreApplication>
#include <QQuickItem>
#include <QQuickView>
#include <QTimer>

#include <iostream>

namespace roadbook::app {
namespace {

using viewmodels::AppViewModel;
using viewmodels::to_qt;

constexpr auto look_again = std::chrono::milliseconds{50};
constexpr auto patience = std::chrono::seconds{60}; // a replica of 100,000 records that is rebuilt opens within this
constexpr auto settling = std::chrono::milliseconds{400}; // layout, and the first answer of the network

void end(int status, const QString& message = {})
{
    if (!message.isEmpty()) std::cerr << "roadbook: " << message.toStdString() << '\n';
    QCoreApplication::exit(status);
}

/// The named record, or the first of its list; empty if there is none.
QString record_id(viewmodels::RecordSource& records, const std::string& kind, const QString& named)
{
    if (!named.isEmpty()) return named;
    const auto first = records.list({.kind = kind, .filters = {}, .order = kind == "visit" ? "planned_at" : "", .descending = kind == "visit", .limit = 1});
    return first && !first->empty() ? to_qt(first->front().id.text()) : QString{};
}

bool open_page(QObject& root, viewmodels::RecordSource& records, const QString& page)
{
    const auto name = page.section(':', 0, 0);
    const auto call = [&](const char* method, const QString& argument) { return QMetaObject::invokeMethod(&root, method, Q_ARG(QVariant, argument)); };
    if (name == "customers" || name == "sync" || name == "more") return call("go", name);
    if (name == "review") return QMetaObject::invokeMethod(&root, "openReview");
    if (name != "account" && name != "visit") return false;
    const auto id = record_id(records, name.toStdString(), page.section(':', 1));
    return RecordId::parse(id.toStdString()) && call(name == "account" ? "openAccount" : "openVisit", id);
}

void write_picture(QQuickView& view, const AppViewModel& app, const Options& options)
{
    if (!view.grabWindow().save(to_qt(options.screenshot))) return end(1, "the picture could not be written to " + to_qt(options.screenshot));
    if (app.state() == AppViewModel::Failed) return end(1, app.failureTitle() + ": " + app.failureDetail());
    end(0);
}

} // namespace

void take_screenshot(QQuickView& view, AppViewModel& app, viewmodels::RecordSource& records, const Options& options)
{
    auto* timer = new QTimer{&view};
    QObject::connect(timer, &QTimer::timeout, &view, [&view, &app, &records, options, timer] {
        if (app.state() == AppViewModel::Opening) return;
        timer->stop();
        if (app.state() == AppViewModel::Ready && !open_page(*view.rootObject(), records, to_qt(options.page)))
            return end(1, "there is no page or record '" + to_qt(options.page) + "'");
        QTimer::singleShot(settling, &view, [&view, &app, options] { write_picture(view, app, options); });
    });
    timer->start(look_again);
    QTimer::singleShot(patience, &view, [] { end(1, "the data did not open in time"); });
}

} // namespace roadbook::app
