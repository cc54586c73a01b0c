// `preview`: receives what colleagues saved and sends nothing, then says what the merge with one's own unsent edits is.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/sync_view.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace roadbook::headless {
namespace {

/// A record with unsent edits, as it would be once they are sent.
struct Merge {
    RecordId record;
    std::string kind, title;
    std::int64_t unsent = 0;
    std::optional<replica::Shown> shown; ///< nothing: it was handed over meanwhile
    std::vector<const replica::NamedConflict*> clashes; ///< one of whose values is unsent
};

bool is_unsent(const replica::NamedCandidate& candidate)
{
    return candidate.by && !candidate.by->received_at;
}

std::vector<Merge> merges_of(replica::Replica& replica)
{
    std::vector<Merge> all;
    std::map<RecordId, std::size_t> places;
    for (const auto& entry : replica.outbox()) {
        const auto [place, is_new] = places.try_emplace(entry.record, all.size());
        if (is_new) all.push_back({entry.record, entry.kind, entry.title, 0, std::nullopt, {}});
        ++all[place->second].unsent;
    }
    for (auto& merge : all) {
        if (auto shown = replica.show(merge.record)) merge.shown = std::move(*shown);
        if (!merge.shown) continue;
        for (const auto& conflict : merge.shown->conflicts)
            if (std::any_of(conflict.candidates.begin(), conflict.candidates.end(), is_unsent)) merge.clashes.push_back(&conflict);
    }
    return all;
}

Json json_of(const Merge& merge, Titles& titles)
{
    Json json{{"record", merge.record.text()}, {"kind", merge.kind}, {"title", merge.title}, {"unsent", merge.unsent}, {"handed_over", !merge.shown}};
    auto& conflicts = json["conflicts"] = Json::array();
    for (const auto* conflict : merge.clashes) conflicts.push_back(headless::json_of(*conflict, merge.shown->merged.record, titles));
    return json;
}

std::string text_of(const Merge& merge, Titles& titles, const Form& form)
{
    auto text = fmt::format("\n{} {}: {}", merge.kind, one_line(merge.title), counted(merge.unsent, "unsent edit", "unsent edits"));
    if (!merge.shown) return text + "; handed over to a colleague meanwhile: it will still arrive, marked late\n";
    if (merge.clashes.empty()) return text + "; joins what others wrote without a question\n";
    text += fmt::format("; {} with what others wrote\n", counted(std::ssize(merge.clashes), "field clashes", "fields clash"));
    for (const auto* conflict : merge.clashes) text += headless::text_of(*conflict, merge.shown->merged.record, titles, form);
    return text;
}

} // namespace

Result<Answer> run(const PreviewCall&, replica::Replica& replica, const Form& form)
{
    const auto report = sync::receive_only(replica);
    if (!report) return report.error();
    const auto merges = merges_of(replica);
    Titles titles{replica};
    if (form.json) {
        Json json{{"received", headless::json_of(report->tally)}, {"records", Json::array()}};
        for (const auto& merge : merges) json["records"].push_back(json_of(merge, titles));
        return Answer{std::move(json)};
    }
    auto text = fmt::format("received what others saved; nothing was sent: {} in\n", bytes_text(report->bytes_in));
    if (merges.empty()) text += "nothing of yours waits to be sent\n";
    for (const auto& merge : merges) text += text_of(merge, titles, form);
    return Answer{std::move(text)};
}

} // namespace roadbook::headless
