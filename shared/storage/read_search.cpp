// Search as people type: titles that begin so, then titles with such a word, then records that say so elsewhere.
#include "shared/storage/read_model.hpp"
#include "shared/storage/read_record.hpp"
#include "shared/storage/search_text.hpp"

#include <algorithm>
#include <unordered_set>

namespace roadbook::storage {
namespace {

constexpr int hits_max = 1'000; // more is no answer to what somebody typed

/// A record that was found, before it is read.
struct Candidate {
    const KindPlan* plan = nullptr;
    std::int64_t row = 0;
    std::string key; ///< folded title: what equals are ordered by
    RecordId id;
};

void sort_by_title(std::vector<Candidate>& candidates)
{
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.key != b.key ? a.key < b.key : a.id < b.id;
    });
}

/// One search: its stages add to `found` until there are `limit`.
class Search {
public:
    Search(Database& db, const KindPlan* only, int limit) : db_{db}, only_{only}, limit_{static_cast<std::size_t>(limit)} {}

    [[nodiscard]] bool is_full() const { return found_.size() >= limit_; }
    [[nodiscard]] const std::vector<Candidate>& found() const { return found_; }

    void titles_that_begin(const std::string& key)
    {
        std::vector<Candidate> stage;
        for (const auto& plan : plans())
            if ((!only_ || only_ == &plan) && db_.has_table(plan.table)) titles_that_begin(plan, key, stage);
        add(std::move(stage));
    }

    void matches(const std::string& expression)
    {
        const auto last_row = (std::int64_t{1} << row_bits) - 1;
        auto rows = db_.statement("SELECT rowid FROM read__search WHERE read__search MATCH :expression AND rowid BETWEEN :first AND :last "
                                  "LIMIT :limit");
        rows.bind(":expression", expression);
        rows.bind(":first", only_ ? only_->first_row : 0).bind(":last", only_ ? only_->first_row + last_row : INT64_MAX);
        rows.bind(":limit", static_cast<std::int64_t>(limit_ + found_.size())); // those found before may come again
        std::vector<Candidate> stage;
        while (rows.step()) {
            const auto row = rows.integer(0);
            const auto& plan = plans()[static_cast<std::size_t>(row >> row_bits)];
            if (!seen_.contains(row)) stage.push_back(candidate(plan, row - plan.first_row));
        }
        add(std::move(stage));
    }

private:
    void titles_that_begin(const KindPlan& plan, const std::string& key, std::vector<Candidate>& stage)
    {
        const auto end = key + '\xff'; // after every text that begins with key
        auto rows = db_.statement(plan.select_title);
        rows.bind(":from", key).bind(":to", end).bind(":limit", static_cast<std::int64_t>(limit_));
        while (rows.step()) stage.push_back({&plan, rows.integer(0), rows.text(2), rows.id<RecordId>(1)});
    }

    Candidate candidate(const KindPlan& plan, std::int64_t row)
    {
        auto rows = db_.statement(plan.select_key);
        rows.bind_at(1, row);
        Candidate made{&plan, row, {}, {}};
        if (rows.step()) {
            made.id = rows.id<RecordId>(0);
            made.key = rows.text(1);
        }
        return made;
    }

    void add(std::vector<Candidate> stage)
    {
        sort_by_title(stage);
        for (auto& one : stage)
            if (!is_full() && seen_.insert(one.plan->first_row + one.row).second) found_.push_back(std::move(one));
    }

    Database& db_;
    const KindPlan* only_;
    std::size_t limit_;
    std::vector<Candidate> found_;
    std::unordered_set<std::int64_t> seen_;
};

/// The searched fields that say what was typed; else the first two that say anything.
std::string detail_of(const schema::Record& record, const schema::Kind& kind, std::string_view typed)
{
    constexpr std::size_t shown_max = 2;
    std::vector<std::string> matched, others;
    for (const auto& field : kind.fields) {
        if (!field.is_searched || field.name == kind.title || field.type == schema::Type::note) continue;
        auto text = text_of(record, field.name);
        if (!text.empty()) (mentions(text, typed) ? matched : others).push_back(std::move(text));
    }
    std::string detail;
    const auto& shown = matched.empty() ? others : matched;
    for (std::size_t i = 0; i < std::min(shown.size(), shown_max); ++i) {
        if (!detail.empty()) detail += " · ";
        detail += shown[i];
    }
    return detail;
}

Hit hit_of(Database& db, const Candidate& candidate, std::string_view typed)
{
    const auto& plan = *candidate.plan;
    auto rows = db.statement(plan.select_by_row);
    rows.bind_at(1, candidate.row);
    if (!rows.step()) return {};
    const auto record = read_record(db, plan, rows).record;
    return {record.id, plan.kind->name, text_of(record, plan.kind->title), detail_of(record, *plan.kind, typed)};
}

} // namespace

std::vector<Hit> ReadModel::search(std::string_view text, std::string_view kind, int limit)
{
    const auto* only = kind.empty() ? nullptr : find_plan(kind);
    const auto expression = match_expression(text);
    if (expression.empty() || (!kind.empty() && !only)) return {};
    Search search{db_, only, std::clamp(limit, 0, hits_max)};
    search.titles_that_begin(title_key(text));
    if (!search.is_full()) search.matches("{title initials} : (" + expression + ")");
    if (!search.is_full()) search.matches(expression);
    std::vector<Hit> hits;
    for (const auto& candidate : search.found()) hits.push_back(hit_of(db_, candidate, text));
    return hits;
}

} // namespace roadbook::storage
