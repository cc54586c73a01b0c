#include "tests/simulation/ledger.hpp"

#include <algorithm>

namespace roadbook::simulation {

void Ledger::wrote(const std::string& record, const std::string& path, const std::string& value, std::set<std::string> seen, Fate fate)
{
    cells[{record, path}].writes.push_back({written(fate), value, std::move(seen)});
}

void Ledger::noted(const std::string& record, const std::string& text, Fate fate)
{
    notes[record].push_back({written(fate), text});
}

void Ledger::made(const std::string& record, const std::string& kind, Fate fate)
{
    records[record] = {written(fate), kind};
}

void Ledger::spent(const std::string& record, std::int64_t minor, Fate fate)
{
    items[record].push_back({written(fate), minor});
}

void Ledger::refused(const std::string& record, const std::string& path, const std::string& value, bool is)
{
    const auto cell = cells.find({record, path});
    if (cell == cells.end()) return;
    for (auto& write : cell->second.writes)
        if (write.value == value) note(write, is);
}

void Ledger::refused_creation(const std::string& record, bool is)
{
    if (const auto made = records.find(record); made != records.end()) note(made->second, is);
}

void Ledger::refused_spending(const std::string& record, std::int64_t minor, bool is)
{
    for (auto& one : items[record])
        if (one.minor == minor && one.refused != is) return note(one, is);
}

void Ledger::refused_note(const std::string& record, const std::string& text, bool is)
{
    for (auto& one : notes[record])
        if (text.find(one.text) != std::string::npos) note(one, is);
}

void Ledger::note(Written& one, bool is_refused)
{
    if (one.refused == is_refused) return;
    one.refused = is_refused;
    refusals += is_refused ? 1 : -1;
}

/// All that was ever written, with its record.
template <class Change>
void Ledger::each(Change change)
{
    for (auto& [key, cell] : cells)
        for (auto& write : cell.writes) change(key.first, write);
    for (auto& [record, texts] : notes)
        for (auto& one : texts) change(record, one);
    for (auto& [record, one] : records) change(record, one);
    for (auto& [record, all] : items)
        for (auto& one : all) change(record, one);
}

void Ledger::doubt(const std::string& device, std::int64_t since)
{
    each([&](const std::string&, Written& one) {
        if (one.device == device && one.number > since) one.fate = Fate::unknown;
    });
}

void Ledger::doubt_if(const std::function<bool(const std::string&, const std::string&)>& doubtful)
{
    each([&](const std::string& record, Written& one) {
        if (one.fate == Fate::confirmed && doubtful(record, one.device)) one.fate = Fate::unknown;
    });
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
        if (write.must_be_there() && !replaced.contains(write.value)) alive.insert(write.value);
    return alive;
}

std::set<std::string> Ledger::Cell::live_with(const std::set<std::string>& found) const
{
    auto taken = *this;
    for (auto& write : taken.writes)
        if (found.contains(write.value)) write.refused = false;
    return taken.live();
}

bool Ledger::Cell::is_unsure() const
{
    return std::any_of(writes.begin(), writes.end(), [](const Write& write) { return write.fate == Fate::unknown; });
}

std::set<std::string> Ledger::Cell::possible() const
{
    // If any edit's fate is unknown, what it would have replaced may be there as well.
    if (!is_unsure()) return live();
    std::set<std::string> values;
    for (const auto& write : writes)
        if (!write.refused) values.insert(write.value);
    return values;
}

} // namespace roadbook::simulation
