#include "mobile-app/viewmodels/preferences.hpp"

#include "mobile-app/viewmodels/text.hpp"

#include <QCoreApplication>

#include <algorithm>

namespace roadbook::viewmodels {
namespace {

Preferences::Language language_of_machine()
{
    return QLocale::system().language() == QLocale::Chinese ? Preferences::Chinese : Preferences::English;
}

} // namespace

Preferences::Preferences(const QString& file, QObject* parent) : QObject{parent}, language_{language_of_machine()}
{
    if (!file.isEmpty()) {
        file_ = std::make_unique<QSettings>(file, QSettings::IniFormat);
        const auto language = file_->value("language").toString();
        if (!language.isEmpty()) language_ = language == "zh" ? Chinese : English;
        look_ = file_->value("look").toString() == "dark" ? Dark : Light;
        text_percent_ =
            std::clamp(file_->value("text_percent", text_percent_).toInt(), text_percent_least, text_percent_greatest);
    }
    load_translation();
}

Preferences::~Preferences() = default;

void Preferences::setLanguage(Language language)
{
    if (language == language_) return;
    language_ = language;
    keep("language", language == Chinese ? "zh" : "en");
    load_translation();
    emit languageChanged();
}

void Preferences::setLook(Look look)
{
    if (look == look_) return;
    look_ = look;
    keep("look", look == Dark ? "dark" : "light");
    emit lookChanged();
}

void Preferences::setTextPercent(int percent)
{
    percent = std::clamp(percent, text_percent_least, text_percent_greatest);
    if (percent == text_percent_) return;
    text_percent_ = percent;
    keep("text_percent", percent);
    emit textPercentChanged();
}

void Preferences::overrule(std::optional<Language> language, std::optional<Look> look)
{
    auto file = std::move(file_); // nothing is written without it
    if (language) setLanguage(*language);
    if (look) setLook(*look);
    file_ = std::move(file);
}

QLocale Preferences::locale() const
{
    return language_ == Chinese ? QLocale{QLocale::Chinese, QLocale::China} : QLocale{QLocale::English, QLocale::UnitedKingdom};
}

QString Preferences::label(const schema::Label& label) const
{
    return to_qt(language_ == Chinese ? label.zh : label.en);
}

void Preferences::load_translation()
{
    QCoreApplication::removeTranslator(&translator_);
    // English has a file, too: "1 quote", "2 quotes".
    const auto name = language_ == Chinese ? QStringLiteral("roadbook_zh") : QStringLiteral("roadbook_en");
    if (translator_.load(name, QStringLiteral(":/i18n"))) QCoreApplication::installTranslator(&translator_);
}

void Preferences::keep(const char* name, const QVariant& value)
{
    if (file_) file_->setValue(name, value);
}

} // namespace roadbook::viewmodels
