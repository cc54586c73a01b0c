#pragma once
// Between the domain's UTF-8 and Qt's strings.
#include <QString>

#include <string>
#include <string_view>

namespace roadbook::viewmodels {

[[nodiscard]] inline QString to_qt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
[[nodiscard]] inline std::string to_std(const QString& text)
{
    return text.toStdString();
}

} // namespace roadbook::viewmodels
