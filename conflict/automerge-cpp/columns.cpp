#include "conflict/automerge-cpp/columns.hpp"

#include "conflict/automerge-cpp/cursor.hpp"

#include <algorithm>
#include <array>

namespace roadbook::automerge {
namespace {

enum class Type : std::uint8_t { group, actor, number, delta, boolean, string, value_meta, value };

// A specification is id << 4 | deflated << 3 | type. These are all that this version can judge, in the order in which
// they must stand. Marks (9 and 10) have no reader here, so nobody could say what such a change does: they are not in
// the list.
enum Column : std::uint32_t {
    object_actor = 0x01,
    object_counter = 0x02,
    key_actor = 0x11,
    key_counter = 0x13,
    key_string = 0x15,
    insert = 0x34,
    action = 0x42,
    value_meta = 0x56,
    value_bytes = 0x57,
    predecessor_group = 0x70,
    predecessor_actor = 0x71,
    predecessor_counter = 0x73,
};
constexpr std::array known_columns{
    object_actor, object_counter, key_actor,   key_counter,       key_string,        insert,
    action,       value_meta,     value_bytes, predecessor_group, predecessor_actor, predecessor_counter};
constexpr std::uint32_t deflated = 0x08;

enum Action : std::uint64_t { make_map = 0, make_list = 2, make_text = 4, make_table = 6, mark = 7 };

bool makes_object(std::uint64_t action)
{
    return action == make_map || action == make_list || action == make_text || action == make_table;
}

Error bad(std::string_view what)
{
    return fail(Errc::bad_change, "This change is damaged or forged: " + std::string{what} + ". It was not taken.");
}

Error too_many(std::uint64_t limit)
{
    return fail(Errc::too_large, Bilingual{"This change has more than " + std::to_string(limit) + " operations. It was not taken; save smaller parts.",
                                           "一次修改超过 " + std::to_string(limit) + " 个操作，未被接受；请分几次保存"});
}

struct Counter {
    const GateLimits& limits;
    std::uint64_t actors;
    std::uint64_t value_bytes_named = 0; ///< by the lengths in value_meta
    std::uint64_t predecessors = 0;      ///< by the counts in predecessor_group
    std::int64_t position = 0;           ///< where the differences of a delta column have led so far
    ColumnCounts counts;
};

/// Operation counters stand as differences. None leads below 0 or beyond what a document may have.
bool see_delta(Cursor& in, std::uint64_t run, Counter& counter)
{
    std::int64_t delta = 0;
    const auto limit = static_cast<std::int64_t>(counter.limits.document_operations_max);
    if (!in.signed_number(delta) || delta < -limit || delta > limit) return false;
    counter.position += delta * static_cast<std::int64_t>(run); // both are bounded: no overflow
    return counter.position >= 0 && counter.position <= limit;
}

/// What stands in a run: checked once, however long the run.
bool see_value(Column column, Cursor& in, std::uint64_t run, std::uint64_t row, Counter& counter)
{
    std::uint64_t number = 0;
    switch (static_cast<Type>(column & 0x07)) {
    case Type::actor:
        return in.number(number) && number < counter.actors;
    case Type::delta:
        return see_delta(in, run, counter);
    case Type::string:
        return in.number(number) && in.skip(number);
    case Type::value_meta:
        if (!in.number(number)) return false;
        if ((number >> 4) > counter.limits.change_bytes_max) return false;
        counter.value_bytes_named += (number >> 4) * run;
        return true;
    case Type::group:
        if (!in.number(number) || number > counter.limits.change_operations_max) return false;
        counter.predecessors += number * run;
        return true;
    case Type::number:
        if (!in.number(number)) return false;
        if (column != action) return number <= counter.limits.document_operations_max;
        if (number >= mark) return false;
        if (makes_object(number)) {
            for (std::uint64_t i = 0; i < run; ++i) counter.counts.makes.push_back(row + i);
        }
        return true;
    default:
        return false;
    }
}

/// Alternating runs of false and true, beginning with false. Only the first may be empty.
Result<std::uint64_t> count_booleans(ByteView data, const GateLimits& limits)
{
    Cursor in{data};
    std::uint64_t rows = 0;
    for (bool first = true; !in.empty(); first = false) {
        std::uint64_t run = 0;
        if (!in.number(run) || (run == 0 && !first)) return bad("a column of yes and no is not well formed");
        if (run > limits.change_operations_max - rows) return too_many(limits.change_operations_max);
        rows += run;
    }
    return rows;
}

/// n > 0: one value n times; n < 0: -n values; 0: that many nulls.
Result<std::uint64_t> count_runs(Column column, ByteView data, Counter& counter)
{
    const auto limit = counter.limits.change_operations_max;
    const bool nullable = column != action && column != predecessor_group && column != predecessor_actor &&
                          column != predecessor_counter && column != value_meta;
    Cursor in{data};
    std::uint64_t rows = 0;
    counter.position = 0;
    while (!in.empty()) {
        std::int64_t length = 0;
        if (!in.signed_number(length)) return bad("a run has no length");
        std::uint64_t run = length < 0 ? 0 - static_cast<std::uint64_t>(length) : static_cast<std::uint64_t>(length);
        if (length == 0 && (!nullable || !in.number(run) || run == 0))
            return bad("a run of nothing is not well formed");
        if (run > limit - rows) return too_many(limit);
        const std::uint64_t values = length < 0 ? run : length > 0 ? 1 : 0;
        for (std::uint64_t i = 0; i < values; ++i) {
            if (!see_value(column, in, length < 0 ? 1 : run, rows + i, counter))
                return bad("a value in a column is not well formed");
        }
        rows += run;
    }
    return rows;
}

Result<std::uint64_t> count_rows(Column column, ByteView data, Counter& counter)
{
    if (column == insert) return count_booleans(data, counter.limits);
    if (column == value_bytes) return data.size();
    return count_runs(column, data, counter);
}

/// Rows of each known column, 0 where it is not there.
using Rows = std::array<std::uint64_t, known_columns.size()>;

std::uint64_t rows_of(const Rows& rows, Column column)
{
    return rows[static_cast<std::size_t>(std::find(known_columns.begin(), known_columns.end(), column) -
                                         known_columns.begin())];
}

struct Found {
    std::size_t index; ///< in known_columns
    std::uint64_t length;
};

/// In rising order, so each at most once, known ones only, not empty.
Result<std::vector<Found>> read_specifications(Cursor& in, const GateLimits& limits)
{
    std::uint64_t count = 0;
    if (!in.number(count)) return bad("it has no columns");
    if (count > limits.columns_max) return fail(Errc::too_large, "This change has too many columns. It was not taken.");
    std::vector<Found> found;
    std::size_t next = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t specification = 0;
        std::uint64_t length = 0;
        if (!in.number(specification) || !in.number(length) || length == 0) return bad("a column is not well formed");
        if ((specification & deflated) != 0) return bad("a column is packed");
        while (next < known_columns.size() && known_columns[next] != specification) ++next;
        if (next == known_columns.size()) return bad("a column is unknown, twice there or out of order");
        found.push_back({next++, length});
    }
    return found;
}

/// Every operation has one row in each column; an absent optional column has only nulls. Predecessors are grouped.
bool lengths_agree(const Rows& rows, const Counter& counter)
{
    const auto operations = counter.counts.operations;
    for (const auto required : {insert, value_meta, predecessor_group})
        if (rows_of(rows, required) != operations) return false;
    for (const auto optional : {object_actor, object_counter, key_actor, key_counter, key_string})
        if (rows_of(rows, optional) != 0 && rows_of(rows, optional) != operations) return false;
    return rows_of(rows, object_actor) == rows_of(rows, object_counter) &&
           rows_of(rows, predecessor_actor) == counter.predecessors &&
           rows_of(rows, predecessor_counter) == counter.predecessors &&
           rows_of(rows, value_bytes) == counter.value_bytes_named;
}

} // namespace

Result<ColumnCounts> count_columns(ByteView metadata, std::uint64_t actors, const GateLimits& limits)
{
    Cursor in{metadata};
    const auto found = read_specifications(in, limits);
    if (!found) return found.error();

    Counter counter{limits, actors, 0, 0, 0, {}};
    Rows rows{};
    for (const auto& [index, length] : *found) {
        ByteView data;
        if (!in.take(length, data)) return bad("it ends within a column");
        const auto counted = count_rows(known_columns[index], data, counter);
        if (!counted) return counted.error();
        rows[index] = *counted;
    }
    if (!in.empty()) return bad("bytes stand behind its columns");
    counter.counts.operations = rows_of(rows, action);
    if (counter.counts.operations == 0) return bad("it does nothing");
    if (!lengths_agree(rows, counter)) return bad("its columns differ in length");
    return std::move(counter.counts);
}

} // namespace roadbook::automerge
