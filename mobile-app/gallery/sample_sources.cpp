#include "mobile-app/gallery/sample_sources.hpp"

#include "shared/schema/validation.hpp"

#include <QStringList>

#include <algorithm>
#include <ranges>

namespace roadbook::gallery {
namespace {

/// For ordering and searching: as a person compares, not as bytes.
QString key_of(const schema::Record& record, const std::string& field)
{
    const auto* described = schema::find_kind(record.kind)->field(field);
    return described == nullptr ? QString{} : QString::fromStdString(schema::format(*described, record[field]));
}

bool fits(const schema::Record& record, const storage::Query& query)
{
    return record.kind == query.kind && std::ranges::all_of(query.filters, [&](const storage::Filter& filter) {
               return record[filter.field] == filter.value;
           });
}

} // namespace

Result<std::vector<schema::Record>> SampleRecords::list(const storage::Query& query)
{
    std::vector<schema::Record> found;
    for (const auto& record : records_)
        if (fits(record, query)) found.push_back(record);
    std::ranges::stable_sort(found, [&](const auto& a, const auto& b) {
        const auto order = key_of(a, query.order).compare(key_of(b, query.order), Qt::CaseInsensitive);
        return query.descending ? order > 0 : order < 0;
    });
    if (found.size() > static_cast<std::size_t>(query.limit)) found.resize(static_cast<std::size_t>(query.limit));
    return found;
}

Result<std::vector<storage::Hit>> SampleRecords::search(const std::string& text, const std::string& kind, int limit)
{
    const auto words = QString::fromStdString(text).split(' ', Qt::SkipEmptyParts);
    std::vector<storage::Hit> hits;
    for (const auto& record : list({.kind = kind, .filters = {}, .order = "name"}).value()) {
        QString all;
        for (const auto& field : schema::find_kind(kind)->fields)
            if (field.is_searched) all += key_of(record, field.name) + '\n';
        const auto matches = [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); };
        if (std::ranges::all_of(words, matches) && hits.size() < static_cast<std::size_t>(limit))
            hits.push_back({record.id, kind, schema::text_of(record, "name"), {}});
    }
    return hits;
}

Result<std::optional<schema::Record>> SampleRecords::get(const RecordId& id, const std::string& kind)
{
    const auto found = std::ranges::find(records_, id, &schema::Record::id);
    if (found == records_.end() || found->kind != kind) return std::optional<schema::Record>{};
    return std::optional{*found};
}

Result<std::int64_t> SampleRecords::count(const std::string& kind)
{
    return std::ranges::count(records_, kind, &schema::Record::kind);
}

void SampleRecords::save(viewmodels::Edit edit, Answer answer)
{
    saved.push_back(edit);
    auto run = [this, edit = std::move(edit), answer = std::move(answer)] {
        const auto result = store(edit);
        answer(result);
        if (result) changed_();
    };
    if (hold) held_.push_back(std::move(run));
    else run();
}

Result<RecordId> SampleRecords::store(const viewmodels::Edit& edit)
{
    if (refuse) return *refuse;
    const auto id = edit.record.value_or(id_from_name<RecordId>("new", std::to_string(records_.size())));
    if (!edit.record) {
        records_.emplace_back();
        records_.back().id = id;
        records_.back().kind = edit.kind;
    }
    auto& record = *std::ranges::find(records_, id, &schema::Record::id);
    for (const auto& [name, value] : edit.fields) record.fields[name] = value;
    const auto* title = schema::find_kind(edit.kind);
    view.unsent.push_back({id, edit.kind, schema::text_of(record, title->title), {}, now});
    return id;
}

void SampleRecords::resolve(const RecordId& record, const std::string& path, const schema::Value&, Answer answer)
{
    std::erase_if(view.conflicts, [&](const auto& conflict) { return conflict.record == record && conflict.path == path; });
    answer(record);
    changed_();
}

void SampleRecords::answer_held()
{
    for (const auto& run : std::exchange(held_, {})) run();
}

void SampleRecords::put(schema::Record record)
{
    remove(record.id);
    records_.push_back(std::move(record));
}

void SampleRecords::remove(const RecordId& id)
{
    std::erase_if(records_, [&](const auto& record) { return record.id == id; });
}

void SampleRecords::changed()
{
    changed_();
}

void SampleSync::show(viewmodels::SyncPicture picture)
{
    shown = std::move(picture);
    changed_();
}

} // namespace roadbook::gallery
