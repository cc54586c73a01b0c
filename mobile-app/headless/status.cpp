// `status` and `outbox`: who this device is, what it holds, and what the server has not taken yet.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/locking.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

std::vector<std::pair<std::string, std::int64_t>> counts_of(replica::Replica& replica)
{
    std::vector<std::pair<std::string, std::int64_t>> counts;
    for (const auto& kind : schema::kinds()) counts.emplace_back(kind.name, replica.count(kind.name));
    return counts;
}

/// "territory:ID" with the territory's name, where it is known.
std::string scope_title(const std::string& scope, Titles& titles)
{
    const auto colon = scope.find(':');
    const auto id =
        colon == std::string::npos ? std::nullopt : RecordId::parse(std::string_view{scope}.substr(colon + 1));
    const auto title = id ? titles.of(*id) : std::string{};
    return !id || title == id->text() ? scope : scope + "  " + title;
}

Json status_json(const replica::Status& status, replica::Replica& replica)
{
    const auto& me = status.identity;
    Json json{{"enrolled", me.has_value()}};
    json["person"] = me ? Json(me->person.text()) : Json(nullptr);
    json["person_name"] = me ? Json(me->person_name) : Json(nullptr);
    json["role"] = me ? Json(schema::name(me->role)) : Json(nullptr);
    json["device"] = me ? Json(me->device.text()) : Json(nullptr);
    json["server"] = me ? Json(me->server) : Json(nullptr);
    json["records"] = status.records;
    auto& kinds = json["kinds"] = Json::object();
    for (const auto& [kind, count] : counts_of(replica)) kinds[kind] = count;
    json["unsent"] = status.unsent;
    json["files_to_send"] = status.files_to_send;
    json["file_bytes_to_send"] = status.file_bytes_to_send;
    json["refused"] = status.refused;
    json["conflicts_open"] = status.conflicts_open;
    json["findings"] = status.findings;
    json["late_accepted"] = status.late_accepted;
    json["scopes"] = status.scopes;
    auto& numbers = json["numbers"] = Json::array();
    for (const auto& left : status.numbers_left) numbers.push_back({{"kind", left.record_type}, {"period", left.period}, {"left", left.count}});
    json["last_sync"] = json_of(status.last_sync);
    json["clock_offset_ms"] = status.clock_offset.count();
    json["locked"] = nullptr;
    json["pin"] = status.has_pin;
    json["lease"] = status.lease ? json_of(*status.lease) : Json(nullptr);
    return json;
}

std::string kinds_text(replica::Replica& replica)
{
    std::vector<std::string> parts;
    for (const auto& [kind, count] : counts_of(replica))
        if (count > 0) parts.push_back(fmt::format("{} {}", kind, count));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string status_text(const replica::Status& status, replica::Replica& replica)
{
    Titles titles{replica};
    Sheet sheet;
    const auto& me = status.identity;
    sheet.line("enrolled", me ? fmt::format("{} ({})", me->person_name, schema::name(me->role))
                              : "no: enrol this device with a code from your administrator");
    if (me) {
        sheet.line("person", me->person.text());
        sheet.line("device", me->device.text());
        sheet.line("server", me->server);
    }
    sheet.line("last sync", status.last_sync ? moment(*status.last_sync) : "never");
    sheet.line("records", fmt::format("{}{}", status.records, status.records > 0 ? ": " + kinds_text(replica) : ""));
    sheet.line("unsent", status.unsent == 0 ? "none: the server has everything"
                                            : counted(status.unsent, "edit", "edits") + ", safe on this device");
    if (status.files_to_send > 0) sheet.line("files", fmt::format("{} to send, {} bytes", status.files_to_send, status.file_bytes_to_send));
    sheet.line("refused", status.refused == 0 ? "none" : counted(status.refused, "edit", "edits") + ": see refused");
    sheet.line("conflicts", status.conflicts_open == 0
                                ? "none"
                                : counted(status.conflicts_open, "waits", "wait") + " for a person: see conflicts");
    sheet.line("findings", status.findings == 0 ? "none" : counted(status.findings, "thing does not", "things do not") + " go together: see findings --all");
    if (status.late_accepted > 0)
        sheet.line("late",
                   counted(status.late_accepted, "edit was", "edits were") + " taken after the record was handed over: see receipts");
    std::vector<std::string> numbers;
    for (const auto& left : status.numbers_left) {
        const auto* kind = schema::find_kind(left.record_type);
        numbers.push_back(fmt::format("{} for {}{}", left.count, kind != nullptr ? kind->plural.en : std::string_view{left.record_type},
                                      left.period.empty() ? "" : " of " + left.period));
    }
    if (me) sheet.line("numbers", numbers.empty() ? "none yet: new records get provisional ones" : fmt::format("{}", fmt::join(numbers, "\n")));
    sheet.line("lock", status.has_pin ? "encrypted, opened with the PIN" : "encrypted, but without a PIN: whoever has this folder can read it (see pin set)");
    if (status.lease) sheet.line("lease", text_of(*status.lease));
    std::vector<std::string> scopes;
    for (const auto& scope : status.scopes) scopes.push_back(scope_title(scope, titles));
    sheet.line("scopes", fmt::format("{}", fmt::join(scopes, "\n")));
    return sheet.text();
}

std::string outbox_text(const std::vector<replica::OutboxEntry>& waiting,
                        const std::vector<replica::RefusedEdit>& refused, Titles& titles, const Form& form)
{
    std::string text;
    if (waiting.empty())
        text = "nothing waits: the server has taken every edit\n";
    else {
        Table table;
        table.column("sequence", Table::Align::right)
            .column("record")
            .column("kind")
            .column("title")
            .column("sets")
            .column("when");
        for (const auto& entry : waiting)
            table.row({std::to_string(entry.sequence), entry.record.text(), entry.kind, entry.title, entry.summary,
                       moment(entry.device_time)});
        text = table.text(form.cell_max);
    }
    if (refused.empty()) return text;
    Table table;
    table.column("record").column("kind").column("title").column("state").column("field").column("code").column("reason").column("when");
    for (const auto& edit : refused)
        table.row({edit.record.is_nil() ? "(handed over)" : edit.record.text(), edit.kind, edit.record.is_nil() ? "" : titles.of(edit.record), std::string{name(edit.state)}, edit.field, std::string{name(edit.code)},
                   form.chinese && !edit.reason_zh.empty() ? edit.reason_zh : edit.reason, moment(edit.device_time)});
    return text + "\nrefused by the server, and kept there: see refused\n" + table.text();
}

} // namespace

Result<Answer> run(const StatusCall&, replica::Replica& replica, const Form& form)
{
    const auto status = replica.status();
    if (form.json) return Answer{status_json(status, replica)};
    return Answer{status_text(status, replica)};
}

Result<Answer> run(const ReceiptsCall&, replica::Replica& replica, const Form& form)
{
    const auto receipts = replica.receipts();
    if (form.json) {
        Json list = Json::array();
        for (const auto& receipt : receipts)
            list.push_back({{"intent", receipt.intent.text()}, {"kind", receipt.kind}, {"saved_at", to_text(receipt.saved_at)}, {"taken_at", to_text(receipt.taken_at)}});
        return Answer{Json{{"count", receipts.size()}, {"receipts", std::move(list)}}};
    }
    if (receipts.empty()) return Answer{std::string{"no edit of this device was taken after a hand-over\n"}};
    Table table;
    table.column("kind").column("saved").column("taken by the server");
    for (const auto& receipt : receipts) table.row({receipt.kind, moment(receipt.saved_at), moment(receipt.taken_at)});
    return Answer{table.text(form.cell_max)};
}

Result<Answer> run(const OutboxCall&, replica::Replica& replica, const Form& form)
{
    const auto waiting = replica.outbox();
    const auto refused = replica.refused();
    Titles titles{replica};
    if (!form.json) return Answer{outbox_text(waiting, refused, titles, form)};

    Json json{{"unsent", Json::array()}, {"refused", Json::array()}};
    for (const auto& entry : waiting)
        json["unsent"].push_back({{"sequence", entry.sequence},
                                  {"record", entry.record.text()},
                                  {"kind", entry.kind},
                                  {"title", entry.title},
                                  {"sets", entry.summary},
                                  {"device_time", to_text(entry.device_time)}});
    for (const auto& edit : refused)
        json["refused"].push_back(json_of(edit, titles));
    return Answer{std::move(json)};
}

} // namespace roadbook::headless
