#include "shared/exchange/csv_export.hpp"

#include "shared/exchange/cell.hpp"
#include "shared/exchange/columns.hpp"
#include "shared/schema/validation.hpp"

#include <algorithm>

namespace roadbook::exchange {
namespace {

using schema::Collection;
using schema::Field;

constexpr std::string_view line_end = "\r\n"; // RFC 4180

std::string quoted(const std::string& cell)
{
    const bool is_plain = cell.find_first_of(",;\t\"\r\n") == std::string::npos && !cell.starts_with(' ') && !cell.ends_with(' ');
    if (is_plain) return cell;
    std::string made{'"'};
    for (const char c : cell) {
        if (c == '"') made += '"';
        made += c;
    }
    return made + '"';
}

class Writer {
public:
    Writer(const schema::Kind& kind, const CsvExport& options) : kind_{kind}, options_{options} {}

    std::string write(std::span<const schema::Record> records)
    {
        header();
        for (const auto& record : records)
            if (!record.deleted_at) rows(record);
        return std::move(text_);
    }

private:
    [[nodiscard]] std::string label_of(const Collection* collection, const Field& field) const
    {
        const auto say = [&](std::string_view name, const schema::Label& label) {
            return std::string{options_.header == CsvExport::Header::english ? label.en : options_.header == CsvExport::Header::chinese ? label.zh : name};
        };
        auto name = say(field.name, field.label);
        if (collection != nullptr) name = say(collection->name, collection->label) + "." + name;
        const auto read = column_of(kind_, name); // two fields may share a label, or a label be the name of another
        if (read && read->what == Column::What::field && read->field == &field) return name;
        return (collection != nullptr ? collection->name + "." : std::string{}) + field.name;
    }

    void header()
    {
        cell("id");
        if (options_.external_id_of) cell("external_id");
        const auto columns = [&](const Collection* collection, const std::vector<Field>& fields) {
            for (const auto& field : fields) {
                cell(label_of(collection, field));
                if (has_title(field)) cell((collection != nullptr ? collection->name + "." : std::string{}) + field.name + ".title");
            }
        };
        columns(nullptr, kind_.fields);
        for (const auto& collection : kind_.collections) {
            cell(collection.name + ".id");
            cell(collection.name + ".position");
            columns(&collection, collection.fields);
        }
        end_row();
    }

    [[nodiscard]] bool has_title(const Field& field) const { return field.type == schema::Type::reference && options_.title_of; }

    void rows(const schema::Record& record)
    {
        bool any = false;
        for (const auto& collection : kind_.collections) {
            const auto children = record.collections.find(collection.name);
            if (children == record.collections.end()) continue;
            for (const auto& child : children->second) {
                if (child.removed) continue;
                row(record, !any, &collection, &child);
                any = true;
            }
        }
        if (!any) row(record, true, nullptr, nullptr);
    }

    void row(const schema::Record& record, bool is_first, const Collection* collection, const schema::Child* child)
    {
        static const schema::Fields none;
        cell(record.id.text());
        if (options_.external_id_of) cell(guarded(options_.external_id_of(record.id)));
        values(kind_.fields, is_first ? record.fields : none);
        for (const auto& one : kind_.collections) {
            const auto* here = &one == collection ? child : nullptr;
            const auto position = here != nullptr ? here->fields.find("position") : none.end();
            const auto* text = here != nullptr && position != here->fields.end() ? std::get_if<std::string>(&position->second) : nullptr;
            cell(here != nullptr ? here->id.text() : "");
            cell(text != nullptr ? *text : "");
            values(one.fields, here != nullptr ? here->fields : none);
        }
        end_row();
    }

    void values(const std::vector<Field>& declared, const schema::Fields& fields)
    {
        for (const auto& field : declared) {
            const auto value = fields.find(field.name);
            const bool is_text = field.type == schema::Type::text || field.type == schema::Type::note;
            auto text = value == fields.end() ? std::string{} : schema::format(field, value->second);
            cell(is_text ? guarded(std::move(text)) : text);
            if (!has_title(field)) continue;
            const auto* id = value == fields.end() ? nullptr : std::get_if<RecordId>(&value->second);
            cell(id != nullptr ? guarded(options_.title_of(*id)) : "");
        }
    }

    void cell(const std::string& text)
    {
        if (!at_start_) text_ += ',';
        at_start_ = false;
        text_ += quoted(text);
    }
    void end_row()
    {
        text_ += line_end;
        at_start_ = true;
    }

    const schema::Kind& kind_;
    const CsvExport& options_;
    std::string text_;
    bool at_start_ = true;
};

} // namespace

std::string export_csv(const schema::Kind& kind, std::span<const schema::Record> records, const CsvExport& options)
{
    return Writer{kind, options}.write(records);
}

std::string csv_row(std::initializer_list<std::string> cells)
{
    std::string text;
    for (const auto& cell : cells) text += (text.empty() && &cell == cells.begin() ? "" : ",") + quoted(cell);
    return text += line_end;
}

} // namespace roadbook::exchange
