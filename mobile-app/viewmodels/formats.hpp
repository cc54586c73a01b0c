#pragma once
// Values as people read them, in the language of the app and the zone of the machine. For forms and files there is schema::format.
#include "shared/base/clock.hpp"
#include "shared/base/money.hpp"
#include "shared/schema/kind.hpp"

#include <QLocale>
#include <QString>

namespace roadbook::viewmodels {

class Preferences;

/// "1,280.00 CNY": the amount exact, the currency always said.
[[nodiscard]] QString money(const Money& money);
/// "Today 14:30", "Tue 24 Nov 14:30", "12 Mar 2025"; in Chinese "今天 14:30", "11月24日 周二 14:30".
[[nodiscard]] QString moment(Time time, Time now, const QLocale& locale);
/// A calendar day as the schema keeps it ("2026-11-22") in the same words, without the hour. What is no day stays as it is.
[[nodiscard]] QString day(const std::string& iso, Time now, const QLocale& locale);
/// "just now", "5 min ago", "3 h ago", "2 days ago".
[[nodiscard]] QString ago(Time time, Time now);
/// A field's value; a reference as its id, since names are the caller's to know.
[[nodiscard]] QString value(const schema::Field& field, const schema::Value& value, Time now, const Preferences& preferences);
/// The label of the chosen one; its name when this version does not know it.
[[nodiscard]] QString choice(const schema::Field& field, const std::string& chosen, const Preferences& preferences);

} // namespace roadbook::viewmodels
