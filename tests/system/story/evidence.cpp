#include "tests/system/story/evidence.hpp"

#include "tests/support/sqlcipher_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>

namespace roadbook::story {
namespace {

/// A reference shows the title of its record where that one is on the device, too: the id is what was written.
Json without_titles(Json json)
{
    if (json.is_object() && json.size() == 2 && json.contains("id") && json.contains("title")) return json["id"];
    if (json.is_structured())
        for (auto& inner : json) inner = without_titles(inner);
    return json;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// The candidates without what follows from the clocks of a connection.
Json claims(const Json& conflict)
{
    auto all = Json::array();
    for (const auto& candidate : conflict.at("candidates"))
        all.push_back({{"value", without_titles(candidate.at("value"))}, {"person", candidate.at("person")}, {"device", candidate.at("device")}, {"shown", candidate.at("shown")}});
    return all;
}

using Texts = std::map<std::string, std::string>;

std::string first_difference(const Texts& mine, const Texts& theirs, std::string_view what)
{
    for (const auto& [key, text] : mine) {
        const auto other = theirs.find(key);
        if (other == theirs.end()) return fmt::format("only one has {} {}", what, key);
        if (other->second != text) return fmt::format("{} {}: {} / {}", what, key, text, other->second);
    }
    for (const auto& [key, text] : theirs)
        if (!mine.contains(key)) return fmt::format("only one has {} {}", what, key);
    return {};
}

bool is_part(const Texts& mine, const Texts& theirs)
{
    return std::all_of(mine.begin(), mine.end(), [&](const auto& one) {
        const auto other = theirs.find(one.first);
        return other != theirs.end() && other->second == one.second;
    });
}

void collect_texts(const Json& json, std::size_t shortest, std::set<std::string>& texts)
{
    if (json.is_object() && json.contains("id") && json.contains("title")) return; // a reference: another record's name
    if (json.is_object() && json.contains("minor")) return;                         // money: kept as a number
    if (json.is_structured())
        for (const auto& inner : json) collect_texts(inner, shortest, texts);
    if (json.is_string() && json.get<std::string>().size() >= shortest) texts.insert(json.get<std::string>());
}

} // namespace

std::string Evidence::difference_from(const Evidence& other) const
{
    for (const auto& found : {first_difference(records, other.records, "record"), first_difference(totals, other.totals, "total"),
                              first_difference(conflicts, other.conflicts, "conflict")})
        if (!found.empty()) return found;
    return {};
}

bool Evidence::is_part_of(const Evidence& other) const
{
    return is_part(records, other.records) && is_part(totals, other.totals) && is_part(conflicts, other.conflicts);
}

Evidence evidence_of(const Device& device)
{
    Evidence evidence;
    std::vector<std::string> with_totals;
    const auto status = device.ask({"status"});
    for (const auto& [kind, count] : status.at("kinds").items()) {
        const auto listed = device.ask({"list", kind});
        for (const auto& record : listed.at("records")) {
            const auto id = record.at("id").get<std::string>();
            auto fields = record;
            fields.erase("unsent");
            evidence.records[id] = without_titles(fields).dump();
            if (kind == "quote" || kind == "order" || kind == "expense_report") with_totals.push_back("show " + id);
        }
    }
    for (const auto& shown : device.batch(with_totals)) evidence.totals[shown.at("id")] = shown.at("totals").dump();
    const auto conflicts = device.ask({"conflicts", "--all"});
    for (const auto& conflict : conflicts.at("conflicts"))
        evidence.conflicts[fmt::format("{} {}", conflict.at("record").get<std::string>(), conflict.at("path").get<std::string>())] = claims(conflict).dump();
    return evidence;
}

/// The replica's pages in clear, whatever SQLite thinks of them; any other file as it lies there.
std::string clear_bytes(const std::filesystem::path& file)
{
    constexpr std::size_t key_at = 40; // behind the head of the key's file, while the device has no PIN
    constexpr std::size_t key_bytes = 32;
    const auto raw = testing::read_file(file);
    const auto name = file.filename().string();
    if (name != "replica.db" && name != "replica.db-wal") return raw;
    const auto slot = testing::read_file(file.parent_path() / "key");
    const auto key = to_bytes(as_bytes(std::string_view{slot}.substr(key_at, key_bytes)));
    return name == "replica.db" ? testing::decrypted_pages(raw, key) : testing::decrypted_log(raw, key);
}

std::set<std::string> texts_found(const std::filesystem::path& folder, const std::set<std::string>& texts)
{
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        const auto bytes = lower(clear_bytes(entry.path()));
        for (const auto& text : texts) {
            const auto wanted = lower(text);
            const std::boyer_moore_horspool_searcher searcher{wanted.begin(), wanted.end()};
            if (std::search(bytes.begin(), bytes.end(), searcher) != bytes.end()) found.insert(text);
        }
    }
    return found;
}

std::set<std::string> telling_texts(const std::vector<Json>& records, std::size_t shortest)
{
    std::set<std::string> texts;
    for (const auto& record : records) {
        collect_texts(record.at("fields"), shortest, texts);
        for (const auto& [name, children] : record.at("collections").items())
            for (const auto& child : children) collect_texts(child.at("fields"), shortest, texts);
    }
    return texts;
}

} // namespace roadbook::story
