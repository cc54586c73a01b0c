#include "tests/qml/audit.hpp"

#include <QAccessible>
#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QQuickItem>
#include <QQuickWindow>

#include <algorithm>
#include <array>

namespace roadbook::tests {
namespace {

bool is_control(const QQuickItem& item)
{
    constexpr std::array kinds{"QQuickAbstractButton", "QQuickTextField", "QQuickTextArea", "QQuickMouseArea"};
    return std::ranges::any_of(kinds, [&](const char* kind) { return item.inherits(kind); });
}

template <class Visit>
void visit_visible(QQuickItem* item, const Visit& visit)
{
    if (item == nullptr || !item->isVisible()) return;
    visit(*item);
    for (auto* child : item->childItems()) visit_visible(child, visit);
}

QString describe(const QQuickItem& item)
{
    return item.objectName().isEmpty() ? QString{"a nameless "} + item.metaObject()->className() : item.objectName();
}

} // namespace

QStringList Audit::problems(QQuickItem* root)
{
    QStringList found;
    visit_visible(root, [&](QQuickItem& item) {
        if (!is_control(item)) return;
        if (item.objectName().isEmpty()) found.push_back(describe(item) + " below " + describe(*item.parentItem()) + " has no objectName");
        if (name_of(&item).isEmpty()) found.push_back(describe(item) + " has no accessible name");
        if (item.width() < touch_least || item.height() < touch_least)
            found.push_back(describe(item) + QString{" is %1 x %2"}.arg(item.width()).arg(item.height()));
    });
    return found;
}

int Audit::controls(QQuickItem* root)
{
    int count = 0;
    visit_visible(root, [&](const QQuickItem& item) { count += is_control(item) ? 1 : 0; });
    return count;
}

QString Audit::name_of(QQuickItem* item)
{
    auto* interface = QAccessible::queryAccessibleInterface(item);
    return interface == nullptr ? QString{} : interface->text(QAccessible::Name);
}

QStringList Audit::words(QQuickItem* root)
{
    QStringList words;
    visit_visible(root, [&](const QQuickItem& item) {
        if (item.inherits("QQuickText") && !item.property("text").toString().isEmpty()) words.push_back(item.property("text").toString().replace(QChar::Nbsp, ' '));
    });
    return words;
}

void Audit::draw(QQuickItem* item)
{
    QCoreApplication::processEvents();
    if (item != nullptr && item->window() != nullptr) (void)item->window()->grabWindow();
}

void Audit::preedit(QQuickItem* input, const QString& text)
{
    QInputMethodEvent event{text, {}};
    QCoreApplication::sendEvent(input, &event);
}

} // namespace roadbook::tests
