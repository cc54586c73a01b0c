#include "mobile-app/headless/endorsement_view.hpp"

#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

using Standing = merge::Endorsed::Standing;

/// Stable: scripts read it.
std::string_view state_of(const merge::Endorsed& read)
{
    if (read.standing == Standing::does_not_fit) return "not_valid";
    if (read.rejects) return "rejected";
    if (read.standing == Standing::changed_since) return "changed_since";
    return read.step > 0 && !read.counts ? "waiting" : "valid";
}

std::string state_words(const merge::Endorsed& read)
{
    const auto said = read.step > 0 ? "approved" : "signed";
    if (read.standing == Standing::does_not_fit) return fmt::format("not valid: {}", read.why.en);
    if (read.rejects) return read.standing == Standing::holds ? "rejected" : "rejected then, changed since";
    if (read.standing == Standing::changed_since) return fmt::format("{} then, changed since", said);
    return read.step > 0 && !read.counts ? "waits for the steps before it, or was rejected" : "valid";
}

bool is_position(const std::string& path)
{
    return path.ends_with("/position"); // a place among siblings means nothing to a reader
}

schema::Value value_of(const merge::Endorsed& read, std::string_view field)
{
    const auto found = read.fields.find(field);
    return found == read.fields.end() ? schema::Value{} : found->second;
}

/// The approver's name, or what the signer wrote.
std::string who(const merge::Endorsed& read, Titles& titles)
{
    const auto approver = value_of(read, "approver"), signer = value_of(read, "signer"), title = value_of(read, "title");
    if (const auto* id = std::get_if<RecordId>(&approver)) return titles.of(*id);
    const auto* name = std::get_if<std::string>(&signer);
    const auto* job = std::get_if<std::string>(&title);
    return name == nullptr ? std::string{} : job == nullptr ? *name : fmt::format("{} ({})", *name, *job);
}

std::optional<Time> when(const merge::Endorsed& read)
{
    for (const auto* field : {"decided_at", "signed_at"})
        if (const auto value = value_of(read, field); std::holds_alternative<Time>(value)) return std::get<Time>(value);
    return std::nullopt;
}

Json json_of(const replica::NamedEndorsed& named, const schema::Kind& kind, Titles& titles)
{
    const auto& read = named.read;
    Json json{{"collection", read.collection}, {"id", read.id.text()}, {"state", state_of(read)}, {"by", who(read, titles)}, {"at", headless::json_of(when(read))}};
    if (read.step > 0) json["decision"] = read.rejects ? "rejected" : "approved", json["step"] = read.step, json["counts"] = read.counts;
    auto& fields = json["fields"] = Json::object();
    for (const auto& field : kind.collection(read.collection)->fields) fields[field.name] = headless::json_of(value_of(read, field.name), field, titles);
    json["why"] = read.why.en;
    json["why_zh"] = read.why.zh;
    auto& moved = json["moved"] = Json::array();
    for (const auto& move : named.moves)
        moved.push_back({{"path", move.path}, {"then", move.then}, {"now", move.now}, {"person", move.by ? Json(move.by->person.text()) : Json(nullptr)},
                         {"person_name", move.person_name}, {"when", move.by ? Json(to_text(move.by->when())) : Json(nullptr)}});
    return json;
}

Json json_of(const merge::PayoutState& state)
{
    const auto money = [&](std::int64_t minor) { return state.currency.empty() ? Json(nullptr) : headless::json_of(Money{minor, state.currency}); };
    Json json{{"approval", state.approval ? Json(state.approval->text()) : Json(nullptr)}, {"approved", money(state.approved)}, {"paid", money(state.paid)},
              {"due", money(state.due)}, {"after_approval", money(state.after_approval)}};
    auto& items = json["items"] = Json::array();
    for (const auto& item : state.items) {
        Json again = Json::array();
        for (const auto& payment : item.paid_again) again.push_back(payment.text());
        items.push_back({{"item", item.item.text()}, {"approved", item.approved ? headless::json_of(*item.approved) : Json(nullptr)},
                         {"now", item.now ? headless::json_of(*item.now) : Json(nullptr)}, {"paid", money(item.paid)}, {"due", money(item.due())},
                         {"after_approval", money(item.after_approval())}, {"paid_again", std::move(again)}});
    }
    return json;
}

const schema::ApprovalStep* next_step(const replica::Shown& shown, const schema::Kind& kind)
{
    const auto* approval = kind.approval();
    return approval == nullptr || shown.approval.next_step == 0 ? nullptr : &approval->steps.at(static_cast<std::size_t>(shown.approval.next_step - 1));
}

std::string moves_text(const replica::NamedEndorsed& named)
{
    std::string text;
    for (const auto& move : named.moves) {
        if (is_position(move.path)) continue;
        const bool is_entry = move.then.empty() && move.now.empty();
        text += fmt::format("    {}: {}", one_line(move.path), is_entry ? "an entry that was not there then, or is not now"
                                                                        : fmt::format("{} then, {} now", move.then.empty() ? "empty" : one_line(move.then),
                                                                                      move.now.empty() ? "empty" : one_line(move.now)));
        text += move.by ? fmt::format("; by {}\n", one_line(author(move.by, move.person_name))) : "\n";
    }
    return text;
}

std::string entries_text(const std::string& collection, const replica::Shown& shown, const schema::Kind& kind, Titles& titles, const Form& form)
{
    Table table;
    table.column("id").column("by").column("when").column("what").column("total", Table::Align::right).column("reason");
    std::string moves;
    for (const auto& named : shown.endorsed) {
        const auto& read = named.read;
        if (read.collection != collection) continue;
        const auto total = value_of(read, "total"), reason = value_of(read, "reason");
        const auto* money = std::get_if<Money>(&total);
        const auto* why = std::get_if<std::string>(&reason);
        const auto at = when(read);
        table.row({read.id.text(), who(read, titles), at ? moment(*at) : "", state_words(read), money != nullptr ? money->text() : "", why != nullptr ? *why : ""});
        if (named.moves.empty()) continue;
        moves += fmt::format("since {} (as it was then: show {} --approval {})\n", read.id.text(), shown.merged.record.id.text(), read.id.text()) + moves_text(named);
    }
    const auto* label = kind.collection(collection);
    auto text = fmt::format("\n{}\n", label->name);
    return text + (table.is_empty() ? "none\n" : table.text(form.cell_max)) + moves;
}

std::string payout_text(const merge::PayoutState& state, const Form& form)
{
    if (state.currency.empty() || (!state.approval && state.paid == 0)) return {};
    const auto money = [&](std::int64_t minor) { return Money{minor, state.currency}.text(); };
    Table table;
    table.column("item").column("approved", Table::Align::right).column("paid", Table::Align::right).column("due", Table::Align::right).column("after approval");
    for (const auto& item : state.items) {
        const auto after = item.after_approval();
        auto words = after == 0 ? std::string{} : fmt::format("after approval, {}{}: unpaid, a new approval is needed", after > 0 ? "+" : "", money(after));
        if (!item.paid_again.empty()) words += fmt::format("{}paid again {} time(s): claim it back", words.empty() ? "" : "; ", item.paid_again.size());
        table.row({item.item.text(), item.approved ? item.approved->text() : "", money(item.paid), money(item.due()), words});
    }
    return fmt::format("\napproved {}, paid {}, due {}{}\n", money(state.approved), money(state.paid), money(state.due),
                       state.after_approval == 0 ? "" : fmt::format("; after approval {}{}", state.after_approval > 0 ? "+" : "", money(state.after_approval))) +
           table.text(form.cell_max);
}

} // namespace

void add_endorsements(Json& json, const replica::Shown& shown, const schema::Kind& kind, Titles& titles)
{
    if (kind.endorsements.empty()) return;
    auto& all = json["endorsements"] = Json::array();
    for (const auto& named : shown.endorsed) all.push_back(json_of(named, kind, titles));
    if (kind.approval() != nullptr) {
        const auto* next = next_step(shown, kind);
        json["approval"] = {{"approved", shown.approval.is_approved()}, {"steps_needed", shown.approval.steps_needed}, {"next_step", shown.approval.next_step},
                            {"next", next != nullptr ? Json{{"en", next->label.en}, {"zh", next->label.zh}} : Json(nullptr)}};
    }
    if (shown.payout) json["payout"] = json_of(*shown.payout);
}

std::string endorsements_text(const replica::Shown& shown, const schema::Kind& kind, Titles& titles, const Form& form)
{
    std::string text;
    for (const auto& one : kind.endorsements) text += entries_text(one.collection, shown, kind, titles, form);
    const bool is_decided = std::any_of(shown.endorsed.begin(), shown.endorsed.end(), [](const auto& one) { return one.read.step > 0; });
    if (const auto* next = next_step(shown, kind); next != nullptr && is_decided)
        text += fmt::format("approval is open: “{}” is needed ({} of {})\n", next->label.en, shown.approval.next_step, shown.approval.steps_needed);
    return shown.payout ? text + payout_text(*shown.payout, form) : text;
}

} // namespace roadbook::headless
