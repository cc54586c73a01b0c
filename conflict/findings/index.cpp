#include "conflict/findings/index.hpp"

#include "conflict/findings/rule.hpp"

#include <algorithm>
#include <cassert>

namespace roadbook::findings {
namespace {

constexpr auto create_tables = R"sql(
    CREATE TABLE finding_state (version INTEGER NOT NULL) STRICT;
    CREATE TABLE finding_mark (
        num    INTEGER PRIMARY KEY,
        record BLOB NOT NULL,
        grp    TEXT NOT NULL,
        tag    TEXT NOT NULL,
        unit   TEXT NOT NULL,
        low    INTEGER NOT NULL,
        high   INTEGER NOT NULL,
        ref    BLOB,
        who    BLOB,
        yields INTEGER NOT NULL,
        compared TEXT NOT NULL,
        apart    TEXT NOT NULL) STRICT;
    CREATE INDEX finding_mark_record ON finding_mark (record);
    CREATE INDEX finding_mark_group ON finding_mark (grp, ref);
    CREATE TABLE finding_row (
        grp      TEXT NOT NULL,
        name     TEXT NOT NULL,
        position INTEGER NOT NULL,
        record   BLOB NOT NULL,
        PRIMARY KEY (grp, name, position)) STRICT, WITHOUT ROWID;
    CREATE INDEX finding_row_name ON finding_row (name);
    CREATE INDEX finding_row_record ON finding_row (record);
    )sql";

constexpr auto select_marks = "SELECT num, grp, tag, unit, low, high, ref, who, yields, compared, apart FROM finding_mark WHERE record = :record";
constexpr auto insert_mark = R"sql(
    INSERT INTO finding_mark (record, grp, tag, unit, low, high, ref, who, yields, compared, apart)
        VALUES (:record, :grp, :tag, :unit, :low, :high, :ref, :who, :yields, :compared, :apart))sql";
constexpr auto delete_mark = "DELETE FROM finding_mark WHERE num = :num";
constexpr auto select_members = "SELECT record, grp, tag, unit, low, high, ref, who, yields, compared, apart FROM finding_mark WHERE grp = :grp LIMIT :most";
constexpr auto select_latest = R"sql(
    SELECT record, grp, tag, unit, low, high, ref, who, yields, compared, apart FROM finding_mark WHERE grp = :grp ORDER BY record DESC LIMIT :most)sql";
constexpr auto select_sums = R"sql(
    SELECT tag, sum(low) FROM finding_mark m
     WHERE grp = :grp AND NOT (yields AND EXISTS (SELECT 1 FROM finding_mark o WHERE o.grp = m.grp AND o.ref = m.ref AND NOT o.yields))
     GROUP BY tag)sql";
constexpr auto select_credit_in = "SELECT DISTINCT grp FROM finding_mark WHERE grp >= 'credit/' AND grp < 'credit0' AND unit = :unit";
constexpr auto select_rows = "SELECT name, record FROM finding_row WHERE grp = :grp ORDER BY name, position";
constexpr auto delete_rows = "DELETE FROM finding_row WHERE grp = :grp";
constexpr auto insert_row = "INSERT INTO finding_row (grp, name, position, record) VALUES (:grp, :name, :position, :record)";
constexpr auto select_names = "SELECT DISTINCT name FROM finding_row ORDER BY name";
constexpr auto select_names_of = "SELECT DISTINCT name FROM finding_row WHERE record = :record ORDER BY name";
constexpr auto select_groups_of = "SELECT grp, record FROM finding_row WHERE name = :name ORDER BY grp, position";

std::optional<RecordId> optional_id(const storage::Statement& rows, int column)
{
    return rows.is_null(column) ? std::nullopt : std::optional{rows.id<RecordId>(column)};
}

Mark mark_at(const storage::Statement& rows)
{
    return {rows.text(1), rows.text(2), rows.text(3), rows.integer(4), rows.integer(5), optional_id(rows, 6), optional_id(rows, 7), rows.integer(8) != 0, rows.text(9),
            rows.text(10)};
}

std::map<std::string, std::int64_t> sums_of(storage::Database& db, const std::string& group)
{
    std::map<std::string, std::int64_t> sums;
    auto rows = db.statement(select_sums);
    rows.bind(":grp", std::string_view{group});
    while (rows.step()) sums[rows.text(0)] = rows.integer(1);
    return sums;
}

Group load(storage::Database& db, const std::string& key)
{
    Group group{key, {}, {}};
    const auto* rule = rule_of(key);
    const bool sums = rule != nullptr && rule->sums;
    if (sums) group.sums = sums_of(db, key);
    if (sums && group.sum() >= 0) return group;
    auto rows = db.statement(sums ? select_latest : select_members);
    rows.bind(":grp", std::string_view{key}).bind(":most", static_cast<std::int64_t>(members_max + 1));
    while (rows.step()) group.members.push_back({rows.id<RecordId>(0), mark_at(rows)});
    std::sort(group.members.begin(), group.members.end(), [](const auto& a, const auto& b) { return std::tie(a.record, a.mark) < std::tie(b.record, b.mark); });
    return group;
}

/// Of the latest day; of two of one day as rules::rate_on() has it. A rate's `unit` is its day and source.
Rate rates(storage::Database& db)
{
    return [&db](std::string_view from, std::string_view to) -> std::optional<std::int64_t> {
        constexpr std::size_t day = 10;
        const auto group = key({"rate", from, to});
        auto rows = db.statement(select_members);
        rows.bind(":grp", std::string_view{group}).bind(":most", std::int64_t{-1});
        std::optional<std::pair<std::string, std::int64_t>> best;
        while (rows.step()) {
            std::pair one{rows.text(3), rows.integer(4)};
            const int later = best ? one.first.substr(0, day).compare(best->first.substr(0, day)) : 1;
            if (later > 0 || (later == 0 && one < *best)) best = std::move(one);
        }
        return best ? std::optional{best->second} : std::nullopt;
    };
}

std::vector<Found> rows_of(storage::Database& db, const std::string& group)
{
    std::vector<Found> found;
    auto rows = db.statement(select_rows);
    rows.bind(":grp", std::string_view{group});
    while (rows.step()) {
        if (found.empty() || found.back().name != rows.text_view(0)) found.push_back({rows.text(0), {}});
        found.back().records.push_back(rows.id<RecordId>(1));
    }
    return found;
}

void add_people(Finding& finding, std::span<const Group> groups)
{
    for (const auto& group : groups)
        for (const auto& member : group.members)
            if (member.mark.who && std::find(finding.records.begin(), finding.records.end(), member.record) != finding.records.end())
                finding.people.push_back(*member.mark.who);
}

template <class T>
void sort_unique(std::vector<T>& all)
{
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

} // namespace

bool Index::prepare()
{
    assert(db_.in_transaction());
    {
        auto table = db_.statement("SELECT 1 FROM sqlite_schema WHERE name = 'finding_state'");
        if (table.step()) {
            auto row = db_.statement("SELECT version FROM finding_state");
            if (row.step() && row.integer(0) == rules_version) return false;
        }
    }
    for (const auto* table : {"finding_row", "finding_mark", "finding_state"}) db_.execute(std::string{"DROP TABLE IF EXISTS "} + table);
    db_.execute(create_tables);
    db_.statement("INSERT INTO finding_state VALUES (:version)").bind(":version", std::int64_t{rules_version}).run();
    return true;
}

std::set<std::string> Index::write_marks(const merge::Merged& merged)
{
    const auto wanted = marks_of(merged);
    std::set<std::string> touched;
    std::vector<std::pair<Mark, std::int64_t>> had;
    {
        auto rows = db_.statement(select_marks);
        rows.bind(":record", merged.record.id);
        while (rows.step()) had.emplace_back(mark_at(rows), rows.integer(0));
    }
    std::sort(had.begin(), had.end());
    const auto has = [&](const Mark& mark) {
        const auto at = std::lower_bound(had.begin(), had.end(), mark, [](const auto& one, const Mark& other) { return one.first < other; });
        return at != had.end() && at->first == mark;
    };
    for (const auto& [mark, num] : had)
        if (!std::binary_search(wanted.begin(), wanted.end(), mark)) {
            db_.statement(delete_mark).bind(":num", num).run();
            touched.insert(mark.group);
        }
    for (const auto& mark : wanted) {
        if (has(mark)) continue;
        db_.statement(insert_mark)
            .bind(":record", merged.record.id)
            .bind(":grp", std::string_view{mark.group})
            .bind(":tag", std::string_view{mark.tag})
            .bind(":unit", std::string_view{mark.unit})
            .bind(":low", mark.low)
            .bind(":high", mark.high)
            .bind(":ref", mark.ref)
            .bind(":who", mark.who)
            .bind(":yields", std::int64_t{mark.yields})
            .bind(":compared", std::string_view{mark.compared})
            .bind(":apart", std::string_view{mark.apart})
            .run();
        touched.insert(mark.group);
    }
    return touched;
}

/// A new rate may take any account that promises in its currency over the limit, or back under it.
void Index::touch(const std::set<std::string>& groups)
{
    for (const auto& group : groups) {
        open_.insert(group);
        if (!group.starts_with(exchange_rates.prefix)) continue;
        const auto currency = group.substr(exchange_rates.prefix.size(), group.rfind('/') - exchange_rates.prefix.size());
        auto rows = db_.statement(select_credit_in);
        rows.bind(":unit", std::string_view{currency});
        while (rows.step()) open_.insert(rows.text(0));
    }
}

void Index::put(const merge::Merged& merged)
{
    put_later(merged);
    settle();
}

void Index::put_later(const merge::Merged& merged)
{
    touch(write_marks(merged));
}

void Index::settle()
{
    for (const auto& group : std::exchange(open_, {})) judge(group);
}

void Index::remove(const RecordId& record)
{
    merge::Merged gone;
    gone.record.id = record;
    put(gone);
}

void Index::forget()
{
    open_.clear();
    changed_.clear();
}

void Index::judge(const std::string& key)
{
    const auto* rule = rule_of(key);
    if (rule == nullptr) return;
    const auto before = rows_of(db_, key);
    auto now = rule->judge(load(db_, key), rates(db_));
    std::sort(now.begin(), now.end());
    if (now == before) return;
    if (!before.empty()) db_.statement(delete_rows).bind(":grp", std::string_view{key}).run();
    for (const auto& found : now) {
        std::int64_t position = 0;
        for (const auto& record : found.records)
            db_.statement(insert_row)
                .bind(":grp", std::string_view{key})
                .bind(":name", std::string_view{found.name})
                .bind(":position", position++)
                .bind(":record", record)
                .run();
    }
    std::vector<Found> differing;
    std::set_symmetric_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(differing));
    for (auto& found : differing) changed_.insert(std::move(found.name));
}

std::int64_t Index::count()
{
    auto rows = db_.statement("SELECT count(DISTINCT name) FROM finding_row");
    rows.step();
    return rows.integer(0);
}

std::vector<std::string> Index::names()
{
    std::vector<std::string> all;
    auto rows = db_.statement(select_names);
    while (rows.step()) all.push_back(rows.text(0));
    return all;
}

std::vector<Finding> Index::all(const Source& source)
{
    std::vector<Finding> found;
    for (const auto& name : names())
        if (auto finding = find(name, source)) found.push_back(std::move(*finding));
    return found;
}

std::vector<Finding> Index::of(const RecordId& record, const Source& source)
{
    std::vector<std::string> named;
    {
        auto rows = db_.statement(select_names_of);
        rows.bind(":record", record);
        while (rows.step()) named.push_back(rows.text(0));
    }
    std::vector<Finding> found;
    for (const auto& name : named)
        if (auto finding = find(name, source)) found.push_back(std::move(*finding));
    return found;
}

std::optional<Finding> Index::find(const std::string& name, const Source& source)
{
    Finding finding;
    finding.name = name;
    finding.rule = name.substr(0, name.find('/'));
    std::vector<std::string> keys;
    {
        auto rows = db_.statement(select_groups_of);
        rows.bind(":name", std::string_view{name});
        while (rows.step()) {
            if (keys.empty() || keys.back() != rows.text_view(0)) keys.push_back(rows.text(0));
            const auto record = rows.id<RecordId>(1);
            if (std::find(finding.records.begin(), finding.records.end(), record) == finding.records.end()) finding.records.push_back(record);
        }
    }
    const auto* rule = keys.empty() ? nullptr : rule_of(keys.front());
    if (rule == nullptr) return std::nullopt;
    std::vector<Group> groups;
    for (const auto& key : keys) groups.push_back(load(db_, key));
    add_people(finding, groups);
    const auto rate = rates(db_);
    rule->explain(finding, groups, {source, rate, [this](const std::string& key) { return load(db_, key); }});
    sort_unique(finding.people);
    return finding;
}

std::vector<RecordId> Index::said_apart()
{
    std::vector<RecordId> records;
    auto rows = db_.statement("SELECT DISTINCT record FROM finding_mark WHERE apart <> '' ORDER BY record");
    while (rows.step()) records.push_back(rows.id<RecordId>(0));
    return records;
}

std::vector<RecordId> Index::records_in(const std::string& group)
{
    std::vector<RecordId> records;
    for (const auto& member : load(db_, group).members) records.push_back(member.record);
    sort_unique(records);
    return records;
}

} // namespace roadbook::findings
