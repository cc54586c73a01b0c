#include "mobile-app/viewmodels/formats.hpp"

#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/text.hpp"
#include "shared/schema/validation.hpp"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace roadbook::viewmodels {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Formats)
};

QDateTime local(Time time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
}

bool is_chinese(const QLocale& locale)
{
    return locale.language() == QLocale::Chinese;
}

QString day_words(QDate day, QDate today, const QLocale& locale)
{
    switch (today.daysTo(day)) {
    case -1: return Words::tr("Yesterday");
    case 0: return Words::tr("Today");
    case 1: return Words::tr("Tomorrow");
    default: break;
    }
    if (day.year() != today.year()) return locale.toString(day, is_chinese(locale) ? "yyyy年M月d日" : "d MMM yyyy");
    return locale.toString(day, is_chinese(locale) ? "M月d日 ddd" : "ddd d MMM");
}

/// Digits in groups of three, without a detour over floating point.
QString grouped(const std::string& digits)
{
    const auto point = digits.find('.');
    auto text = to_qt(digits);
    const auto whole = static_cast<qsizetype>(point == std::string::npos ? digits.size() : point);
    const qsizetype first = text.startsWith('-') ? 1 : 0;
    for (auto at = whole - 3; at > first; at -= 3) text.insert(at, ',');
    return text;
}

/// "12.500" as "12.5": thousandths that are none only cost reading time.
QString trimmed(std::string digits)
{
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
    return grouped(digits);
}

} // namespace

QString money(const Money& money)
{
    const auto digits = currency_digits(money.currency).value_or(0);
    return grouped(decimal_text(money.minor, digits)) + QChar::Nbsp + to_qt(money.currency);
}

QString moment(Time time, Time now, const QLocale& locale)
{
    const auto at = local(time);
    return day_words(at.date(), local(now).date(), locale) + ' ' + at.toString("HH:mm");
}

QString day(const std::string& iso, Time now, const QLocale& locale)
{
    const auto date = QDate::fromString(to_qt(iso), Qt::ISODate);
    return date.isValid() ? day_words(date, local(now).date(), locale) : to_qt(iso);
}

QString ago(Time time, Time now)
{
    using namespace std::chrono;
    const auto passed = std::max(now - time, Duration{0});
    if (passed < 1min) return Words::tr("just now");
    if (passed < 1h) return Words::tr("%n min ago", nullptr, static_cast<int>(passed / 1min));
    if (passed < 24h) return Words::tr("%n h ago", nullptr, static_cast<int>(passed / 1h));
    return Words::tr("%n day(s) ago", nullptr, static_cast<int>(passed / 24h));
}

QString choice(const schema::Field& field, const std::string& chosen, const Preferences& preferences)
{
    const auto found = std::ranges::find(field.choices, chosen, &schema::Choice::value);
    return found == field.choices.end() ? to_qt(chosen) : preferences.label(found->label);
}

QString value(const schema::Field& field, const schema::Value& value, Time now, const Preferences& preferences)
{
    const auto locale = preferences.locale();
    if (const auto* amount = std::get_if<Money>(&value)) return money(*amount);
    if (const auto* time = std::get_if<Time>(&value)) return moment(*time, now, locale);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        if (field.type == schema::Type::decimal) return trimmed(decimal_text(*number, 3));
        if (field.type == schema::Type::percent) return trimmed(decimal_text(*number, 2)) + QStringLiteral(" %");
        return grouped(std::to_string(*number));
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (field.type == schema::Type::choice) return choice(field, *text, preferences);
        return field.type == schema::Type::date ? day(*text, now, locale) : to_qt(*text);
    }
    return to_qt(schema::format(field, value));
}

} // namespace roadbook::viewmodels
