#pragma once
// How the app looks and speaks, as its user chose.
#include "shared/schema/kind.hpp"

#include <QLocale>
#include <QObject>
#include <QSettings>
#include <QTranslator>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>

namespace roadbook::viewmodels {

/// Kept in one small file, which holds no business data. Owns the translator: a new language is in force when languageChanged comes.
/// Threads: GUI.
class Preferences : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("one for the app, made by main")
    Q_PROPERTY(Language language READ language WRITE setLanguage NOTIFY languageChanged)
    Q_PROPERTY(Look look READ look WRITE setLook NOTIFY lookChanged)
    Q_PROPERTY(int textPercent READ textPercent WRITE setTextPercent NOTIFY textPercentChanged)

public:
    enum Language { English, Chinese };
    Q_ENUM(Language)
    enum Look { Light, Dark };
    Q_ENUM(Look)

    static constexpr int text_percent_least = 85;
    static constexpr int text_percent_greatest = 200; ///< beyond it a word no longer fits a phone's line

    /// Empty `file`: nothing is kept. Without a choice kept, the language is the machine's.
    explicit Preferences(const QString& file, QObject* parent = nullptr);
    ~Preferences() override;

    [[nodiscard]] Language language() const { return language_; }
    [[nodiscard]] Look look() const { return look_; }
    [[nodiscard]] int textPercent() const { return text_percent_; }
    void setLanguage(Language language);
    void setLook(Look look);
    void setTextPercent(int percent);
    /// For this run only; what is kept stays as it is.
    void overrule(std::optional<Language> language, std::optional<Look> look);

    [[nodiscard]] QLocale locale() const;
    [[nodiscard]] QString label(const schema::Label& label) const;

signals:
    void languageChanged();
    void lookChanged();
    void textPercentChanged();

private:
    void load_translation();
    void keep(const char* name, const QVariant& value);

    std::unique_ptr<QSettings> file_;
    QTranslator translator_;
    Language language_ = English;
    Look look_ = Light;
    int text_percent_ = 100;
};

} // namespace roadbook::viewmodels
