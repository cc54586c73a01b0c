#include "tests/simulation/ledger.hpp"

namespace roadbook::simulation {

void Ledger::wrote(const std::string& record, const std::string& path, const std::string& value, std::set<std::string> seen, Fate fate)
{
    ++edits;
    cells[{record, path}].writes.push_back({value, std::move(seen), fate, false});
}

void Ledger::noted(const std::string& record, const std::string& text, Fate fate)
{
    ++edits;
    notes[record].emplace_back(text, fate);
}

void Ledger::made(const std::string& record, const std::string& kind, Fate fate)
{
    ++edits;
    records[record] = {kind, fate};
}

void Ledger::spent(const std::string& record, std::int64_t minor, Fate fate)
{
    ++edits;
    items[record].emplace_back(minor, fate);
}

void Ledger::refused(const std::string& record, const std::string& path, const std::string& value)
{
    const auto cell = cells.find({record, path});
    if (cell == cells.end()) return;
    for (auto& write : cell->second.writes)
        if (write.value == value && !write.refused) {
            write.refused = true;
            ++refusals;
        }
}

namespace {

/// What an edit replaced: what its author saw, and behind a refused value what that one had replaced.
void add_replaced(const Ledger::Cell& cell, const Ledger::Cell::Write& write, std::set<std::string>& into)
{
    for (const auto& value : write.seen) {
        if (!into.insert(value).second) continue;
        for (const auto& other : cell.writes)
            if (other.value == value && other.refused) add_replaced(cell, other, into);
    }
}

} // namespace

std::set<std::string> Ledger::Cell::live() const
{
    std::set<std::string> replaced;
    for (const auto& write : writes)
        if (!write.refused) add_replaced(*this, write, replaced);
    std::set<std::string> alive;
    for (const auto& write : writes)
        if (!write.refused && write.fate == Fate::confirmed && !replaced.contains(write.value)) alive.insert(write.value);
    return alive;
}

std::set<std::string> Ledger::Cell::possible() const
{
    // If any edit's fate is unknown, what it would have replaced may be there as well.
    bool unsure = false;
    std::set<std::string> values;
    for (const auto& write : writes) {
        unsure = unsure || write.fate == Fate::unknown;
        if (!write.refused) values.insert(write.value);
    }
    return unsure ? values : live();
}

} // namespace roadbook::simulation
