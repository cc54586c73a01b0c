#include "shared/base/article.hpp"
#include "shared/exchange/import_plan.hpp"

#include "shared/exchange/row_groups.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::exchange {
namespace {

using schema::Field;
using schema::Record;
using schema::Value;
using What = Column::What;

constexpr std::string_view id_space = "import"; // ids of imported records follow from their keys
constexpr std::size_t shown_max = 60;           // of a value in the table of changes

/// Places for children in the order of the file: "aaaa", "aaab" ... as many as a record may have.
std::string position_at(std::size_t number)
{
    constexpr std::size_t letters = 26;
    std::string position(4, 'a');
    for (auto at = position.rbegin(); at != position.rend(); ++at, number /= letters) *at = static_cast<char>('a' + number % letters);
    return position;
}

/// Nothing for an empty value.
std::optional<std::string> shown(const Field& field, const Value& value)
{
    auto text = schema::format(field, value);
    if (text.empty()) return std::nullopt;
    if (text.size() <= shown_max) return text;
    auto end = shown_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end; // not within a character
    return text.substr(0, end) + "...";
}

/// Reads one record of the sheet.
class RecordReader {
public:
    RecordReader(const schema::Kind& kind, const Grid& grid, Known& known, const ImportOptions& options, const Index& in_file)
        : kind_{kind}, grid_{grid}, known_{known}, options_{options}, in_file_{in_file}
    {
    }

    Record read(const RowGroup& group, const RecordId& id, std::vector<Bilingual>& faults)
    {
        faults_ = &faults;
        Record record;
        record.id = id;
        record.kind = kind_.name;
        record.fields = fields_of(*group.rows.front(), nullptr);
        for (const auto& collection : kind_.collections)
            if (grid_.has(collection)) record.collections[collection.name] = children_of(group, collection, id);
        return record;
    }

private:
    schema::Fields fields_of(const CsvRow& row, const schema::Collection* collection)
    {
        schema::Fields fields;
        for (std::size_t i = 0; i < grid_.columns().size(); ++i) {
            const auto& column = grid_.columns()[i];
            const bool is_title = column.what == What::title && !grid_.find(What::field, collection, column.field);
            if (column.collection != collection || (column.what != What::field && !is_title)) continue;
            auto value = value_of(row, *column.field, collection, row.cells[i]);
            if (value) fields[column.field->name] = std::move(*value);
            else faults_->push_back(at_line(row.line, value.error()));
        }
        return fields;
    }

    Result<Value> value_of(const CsvRow& row, const Field& field, const schema::Collection* collection, std::string_view cell)
    {
        if (field.type == schema::Type::reference) return reference_of(row, field, collection, cell);
        return read_cell(field, cell, field.type == schema::Type::money ? currency_of(row, field, collection) : std::string_view{}, options_.reading);
    }

    /// Its own currency column, else the part's, else a field of the record that is called so.
    std::string_view currency_of(const CsvRow& row, const Field& field, const schema::Collection* collection) const
    {
        for (const auto* of : {&field, static_cast<const Field*>(nullptr)})
            if (const auto at = grid_.find(What::currency, collection, of)) return row.cells[*at];
        if (const auto* own = collection != nullptr ? collection->field("currency") : kind_.field("currency"); own != nullptr)
            if (const auto at = grid_.find(What::field, collection, own); at && field.type == schema::Type::money) {
                const auto said = trimmed(row.cells[*at]);
                const auto amount = grid_.find(What::field, collection, &field);
                const bool names_its_own = amount && row.cells[*amount].find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
                if (!names_its_own) return said;
            }
        return {};
    }

    Result<Value> reference_of(const CsvRow& row, const Field& field, const schema::Collection* collection, std::string_view cell)
    {
        auto word = trimmed(unguarded(cell));
        if (word.empty())
            if (const auto title = grid_.find(What::title, collection, &field)) word = trimmed(unguarded(row.cells[*title]));
        if (word.empty()) return Value{};
        const auto* target = schema::find_kind(field.target);
        auto found = known_.index(*target).called(word);
        if (found.empty() && target == &kind_) found = in_file_.called(word);
        if (found.size() == 1) return Value{found.front()};
        const auto what = std::string{word.substr(0, shown_max)};
        if (found.empty())
            return fail(Errc::invalid_value, Bilingual{fmt::format("{}: there is no {} '{}'", field.label.en, target->name, what),
                                                       fmt::format("{}：没有{}“{}”", field.label.zh, target->label.zh, what)}, field.name);
        return fail(Errc::invalid_value,
                    Bilingual{fmt::format("{}: {} records are called '{}': name one by its id, external id, code or number", field.label.en, found.size(), what),
                              fmt::format("{}：有 {} 条记录叫“{}”，请用其 id、外部编号、代码或编号指明", field.label.zh, found.size(), what)},
                    field.name);
    }

    bool speaks_of(const CsvRow& row, const schema::Collection& collection) const
    {
        for (std::size_t i = 0; i < grid_.columns().size(); ++i)
            if (grid_.columns()[i].collection == &collection && !trimmed(row.cells[i]).empty()) return true;
        return false;
    }

    std::vector<schema::Child> children_of(const RowGroup& group, const schema::Collection& collection, const RecordId& record)
    {
        std::vector<schema::Child> children;
        std::set<ChildId> seen;
        for (const auto* row : group.rows) {
            if (!speaks_of(*row, collection)) continue;
            const auto number = children.size();
            schema::Child child{id_from_name<ChildId>(id_space, fmt::format("{}/{}/{}", record.text(), collection.name, number)), fields_of(*row, &collection)};
            if (const auto at = grid_.find(What::id, &collection, nullptr); at && !trimmed(row->cells[*at]).empty()) {
                if (const auto id = ChildId::parse(trimmed(row->cells[*at]))) child.id = *id;
                else faults_->push_back(at_line(row->line, Bilingual{fmt::format("{}.id is no id: leave it empty for a new one", collection.name),
                                                                      fmt::format("{}.id 不是编号（id），新条目请留空", collection.name)}));
            }
            const auto position = grid_.find(What::position, &collection, nullptr);
            child.fields["position"] = position && !row->cells[*position].empty() ? row->cells[*position] : position_at(number);
            if (!seen.insert(child.id).second) 
                faults_->push_back(at_line(row->line, Bilingual{fmt::format("{} stands above already", child.id.text()), fmt::format("{} 在上方已出现过", child.id.text())}));
            children.push_back(std::move(child));
        }
        return children;
    }

    const schema::Kind& kind_;
    const Grid& grid_;
    Known& known_;
    const ImportOptions& options_;
    const Index& in_file_;
    std::vector<Bilingual>* faults_ = nullptr;
};

/// A record as it would be once the edit is made.
Record after(Record record, const Edit& edit)
{
    for (const auto& step : edit.steps) {
        if (step.collection.empty()) {
            for (const auto& [name, value] : step.values) record.fields[name] = value;
            continue;
        }
        auto& children = record.collections[step.collection];
        auto child = std::find_if(children.begin(), children.end(), [&](const schema::Child& one) { return one.id == step.child; });
        if (child == children.end()) child = children.insert(children.end(), schema::Child{step.child, {}, false});
        for (const auto& [name, value] : step.values) {
            if (name == "removed") child->removed = true;
            else child->fields[name] = value;
        }
    }
    return record;
}

class Planner {
public:
    Planner(const schema::Kind& kind, Grid grid, Known& known, const ImportOptions& options)
        : kind_{kind}, grid_{std::move(grid)}, known_{known}, options_{options}
    {
    }

    ImportPlan plan()
    {
        ImportPlan made{kind_.name, {}, grid_.sheet().broken};
        auto groups = grid_.groups();
        for (auto& group : groups) made.records.push_back(identify(group));
        RecordReader reader{kind_, grid_, known_, options_, in_file_};
        for (std::size_t i = 0; i < groups.size(); ++i) compare(made.records[i], groups[i], reader);
        order(made.records);
        return made;
    }

private:
    /// Which record a group is about, and that it is in the file, before any reference is read.
    PlannedRecord identify(RowGroup& group)
    {
        PlannedRecord planned;
        const auto& row = *group.rows.front();
        planned.line = row.line;
        if (const auto at = grid_.find(What::external_id, nullptr, nullptr)) planned.external_id = trimmed(unguarded(row.cells[*at]));
        if (const auto* title = kind_.field(kind_.title)) planned.title = grid_.cell(row, *title);
        if (planned.title.empty()) planned.title = group.key.text;
        if (group.key.how == RowKey::How::none) return planned;
        const auto id = id_of(group, planned.external_id);
        if (!id) {
            group.faults.push_back(at_line(row.line, id.error()));
            return planned;
        }
        planned.id = *id;
        if (const auto [other, is_new] = lines_.emplace(*id, row.line); !is_new) {
            group.faults.push_back(at_line(row.line, Bilingual{fmt::format("line {} is about the same record", other->second),
                                                               fmt::format("第 {} 行说的是同一条记录", other->second)}));
            return planned;
        }
        std::vector<std::string> keys;
        for (const auto* field : key_fields(kind_)) keys.emplace_back(trimmed(grid_.cell(row, *field)));
        in_file_.add(*id, planned.external_id, keys, planned.title);
        return planned;
    }

    Result<RecordId> id_of(const RowGroup& group, const std::string& external_id)
    {
        const auto& [how, text, field] = group.key;
        if (how == RowKey::How::id) {
            const auto id = RecordId::parse(text);
            if (!id || id->is_nil())
                return fail(Errc::invalid_value, Bilingual{fmt::format("'{}' is no id: another system's goes into a column external_id", text.substr(0, shown_max)),
                                                           fmt::format("“{}”不是编号（id），其他系统的编号请放在 external_id 列", text.substr(0, shown_max))});
            return *id;
        }
        const auto& index = known_.index(kind_);
        auto found = how == RowKey::How::external_id ? index.by_external_id(text) : how == RowKey::How::key ? index.by_key(text) : index.by_title(text);
        if (how == RowKey::How::external_id && found.empty()) found = by_code(*group.rows.front());
        if (found.size() > 1)
            return fail(Errc::invalid_value, Bilingual{fmt::format("{} records are called '{}': name one by its id", found.size(), text.substr(0, shown_max)),
                                                       fmt::format("有 {} 条记录叫“{}”，请用其 id 指明", found.size(), text.substr(0, shown_max))});
        if (!found.empty()) return found.front();
        return id_from_name<RecordId>(id_space, fmt::format("{} {} {}", kind_.name, field != nullptr ? field->name : "", external_id.empty() ? text : external_id));
    }

    /// A record that people made before the other system's list came: it is known by its code, and has no external id yet.
    std::vector<RecordId> by_code(const CsvRow& row)
    {
        for (const auto* field : key_fields(kind_))
            if (const auto code = trimmed(grid_.cell(row, *field)); !code.empty())
                if (auto found = known_.index(kind_).by_key(code); found.size() == 1) return found;
        return {};
    }

    void compare(PlannedRecord& planned, RowGroup& group, RecordReader& reader)
    {
        auto& notes = planned.notes;
        notes = std::move(group.faults);
        const auto wanted = planned.id.is_nil() ? Record{} : reader.read(group, planned.id, notes);
        if (notes.empty()) settle(planned, wanted);
        if (!notes.empty() && planned.outcome != Outcome::change) planned.outcome = Outcome::refused;
    }

    void settle(PlannedRecord& planned, const Record& wanted)
    {
        planned.said = texts_of(wanted);
        const auto is = known_.record(planned.id);
        if (is && is->kind != kind_.name) return refuse(planned, wrong_kind(*is));
        const auto& memory = known_.memory(planned.id);
        const bool comes_back = is && is->deleted_at && memory.is_undone;
        if (is && is->deleted_at && !comes_back)
            return refuse(planned, deleted(*is->deleted_at));
        planned.difference = is ? change(*is, wanted, memory.texts, Absent::stays, options_.empty_clears) : creation(wanted);
        if (comes_back) planned.difference.edit.steps.insert(planned.difference.edit.steps.begin(), Edit::Step{{}, {}, false, {{"deleted_at", Value{}}}});
        check(planned, is ? *is : Record{planned.id, kind_.name, {}, {}, {}, {}});
        if (!planned.notes.empty()) return;
        planned.outcome = !is ? Outcome::create : planned.difference.is_none() ? Outcome::unchanged : Outcome::change;
        if (planned.outcome == Outcome::change) note_changes(planned, *is);
    }

    /// The rules that the import would break; those that people broke before are theirs.
    void check(PlannedRecord& planned, const Record& is) const
    {
        auto made = after(is, planned.difference.edit);
        made.fields.erase("deleted_at");
        made.deleted_at.reset();
        const auto before = schema::validate(is);
        for (const auto& breach : schema::validate(made))
            if (planned.difference.edit.create || std::find(before.begin(), before.end(), breach) == before.end())
                refuse(planned, {breach.en, breach.zh});
    }

    void note_changes(PlannedRecord& planned, const Record& is) const
    {
        for (const auto& step : planned.difference.edit.steps) {
            if (step.values.contains("deleted_at")) planned.notes.push_back({"comes back", "恢复"});
            if (!step.collection.empty()) continue;
            for (const auto& [name, value] : step.values)
                if (const auto* field = kind_.field(name)) planned.notes.push_back(changed(*field, is[name], value));
        }
        const auto& made = planned.difference;
        const auto count = [&](int number, std::string_view en, std::string_view zh) {
            if (number > 0) planned.notes.push_back({fmt::format("{} of its items {}", number, en), fmt::format("{} 条明细{}", number, zh)});
        };
        count(made.children_created, "made", "新增");
        count(made.children_changed, "changed", "更改");
        count(made.children_removed, "removed", "移除");
    }

    static void refuse(PlannedRecord& planned, const Bilingual& why) { planned.notes.push_back(at_line(planned.line, why)); }

    static Bilingual wrong_kind(const Record& is)
    {
        const auto* kind = schema::find_kind(is.kind);
        return {fmt::format("{} is {}", is.id.text(), with_article(is.kind)), fmt::format("{} 是{}", is.id.text(), kind == nullptr ? std::string_view{is.kind} : kind->label.zh)};
    }

    static Bilingual deleted(Time at)
    {
        const auto day = to_text(at).substr(0, std::string_view{"2026-11-22"}.size());
        return {fmt::format("it was deleted on {}: bring it back first, or leave the row out", day), fmt::format("已于 {} 删除，请先恢复，或去掉这一行", day)};
    }

    static Bilingual changed(const Field& field, const Value& was, const Value& is)
    {
        const auto from = shown(field, was), to = shown(field, is);
        return {fmt::format("{}: {} -> {}", field.name, from.value_or("(empty)"), to.value_or("(empty)")),
                fmt::format("{}：{} -> {}", field.label.zh, from.value_or("（空）"), to.value_or("（空）"))};
    }

    /// What others refer to first: a record that hangs on one that is not there yet would wait for ever.
    static void order(std::vector<PlannedRecord>& records)
    {
        std::map<RecordId, std::size_t> places;
        for (std::size_t i = 0; i < records.size(); ++i) places.emplace(records[i].id, i);
        std::vector<PlannedRecord> ordered;
        ordered.reserve(records.size());
        std::vector<Visit> visits(records.size(), Visit::waiting);
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < records.size(); ++i) {
            open.push_back(i);
            while (!open.empty()) { // not by recursion: a reporting line may be as long as the file
                const auto at = open.back();
                if (visits[at] == Visit::waiting) visits[at] = Visit::open;
                const auto needed = visits[at] == Visit::taken ? std::nullopt : next_needed(records[at], places, visits);
                if (needed) {
                    open.push_back(*needed);
                    continue;
                }
                open.pop_back();
                if (std::exchange(visits[at], Visit::taken) != Visit::taken) ordered.push_back(std::move(records[at]));
            }
        }
        records = std::move(ordered);
    }

    enum class Visit { waiting, open, taken };
    static std::optional<std::size_t> next_needed(const PlannedRecord& planned, const std::map<RecordId, std::size_t>& places, const std::vector<Visit>& visits)
    {
        for (const auto& step : planned.difference.edit.steps)
            for (const auto& [name, value] : step.values) {
                const auto* id = std::get_if<RecordId>(&value);
                const auto place = id != nullptr ? places.find(*id) : places.end();
                if (place != places.end() && visits[place->second] == Visit::waiting) return place->second; // an open one: it is a circle
            }
        return std::nullopt;
    }

    const schema::Kind& kind_;
    Grid grid_;
    Known& known_;
    const ImportOptions& options_;
    Index in_file_;
    std::map<RecordId, int> lines_;
};

} // namespace

std::string_view name(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::create: return "create";
    case Outcome::change: return "change";
    case Outcome::unchanged: return "unchanged";
    case Outcome::refused: break;
    }
    return "refused";
}

int ImportPlan::count(Outcome outcome) const noexcept
{
    return static_cast<int>(std::count_if(records.begin(), records.end(), [&](const PlannedRecord& one) { return one.outcome == outcome; }));
}

Result<ImportPlan> plan_import(const schema::Kind& kind, const Sheet& sheet, Known& known, const ImportOptions& options)
{
    auto grid = Grid::of(kind, sheet, options);
    if (!grid) return grid.error();
    return Planner{kind, std::move(*grid), known, options}.plan();
}

} // namespace roadbook::exchange
