#include "mobile-app/viewmodels/field_words.hpp"

#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"

#include <QCoreApplication>

namespace roadbook::viewmodels {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(FieldWords)
};

/// Not a value, but whether an entry or a record stays.
bool is_about_being_there(std::string_view path)
{
    return path == "deleted_at" || path.ends_with("/removed");
}

} // namespace

QString kind_word(const std::string& kind, const Preferences& preferences)
{
    const auto* described = schema::find_kind(kind);
    return described == nullptr ? to_qt(kind) : preferences.label(described->label);
}

const schema::Field* field_at(const std::string& kind, std::string_view path)
{
    const auto* described = schema::find_kind(kind);
    if (described == nullptr) return nullptr;
    const auto first = path.find_first_of("./");
    if (first == std::string_view::npos) return described->field(path);
    const auto* collection = described->collection(path.substr(0, first));
    return collection == nullptr ? nullptr : collection->field(path.substr(path.find_last_of("./") + 1));
}

QString field_words(const std::string& kind, const std::string& paths, const Preferences& preferences)
{
    QStringList words;
    for (const auto& path : to_qt(paths).split(',', Qt::SkipEmptyParts)) {
        const auto* field = field_at(kind, to_std(path.trimmed()));
        const auto word = field == nullptr ? path.trimmed() : preferences.label(field->label);
        if (!words.contains(word)) words.push_back(word);
    }
    return words.join(QStringLiteral(", "));
}

QString conflict_words(const std::string& kind, std::string_view path, const Preferences& preferences)
{
    if (is_about_being_there(path)) return Words::tr("Taken out by one, edited by another");
    const auto* field = field_at(kind, path);
    return field == nullptr ? to_qt(std::string{path}) : preferences.label(field->label);
}

QString value_words(const std::string& kind, std::string_view path, const schema::Value& kept, Time now, Records& records,
                    const Preferences& preferences)
{
    if (is_about_being_there(path)) return schema::is_empty(kept) ? Words::tr("Keep it, as edited") : Words::tr("Take it out");
    if (schema::is_empty(kept)) return Words::tr("(empty)");
    const auto* field = field_at(kind, path);
    if (field == nullptr) return {};
    if (const auto* reference = std::get_if<RecordId>(&kept)) {
        const auto title = records.title_of(field->target, *reference);
        return title.isEmpty() ? to_qt(reference->text()) : title;
    }
    return value(*field, kept, now, preferences);
}

} // namespace roadbook::viewmodels
