#include "shared/exchange/calendar.hpp"

#include "shared/exchange/content_lines.hpp"
#include "shared/exchange/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace roadbook::exchange {
namespace {

using schema::Field;
using schema::Type;

constexpr std::string_view urn = "urn:uuid:";
constexpr std::string_view account_property = "X-ROADBOOK-ACCOUNT"; // LOCATION may name two; the id only one

const Field* first_of(const schema::Kind& kind, std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (const auto* field = kind.field(name); field != nullptr && (field->type == Type::time || field->type == Type::date)) return field;
    return nullptr;
}

/// What of a record goes where.
struct Mapping {
    const Field* start;
    const Field* end;
    const Field* due;
    const Field* account;
    const Field* notes;
    const Field* done;
    const Field* summary;
    [[nodiscard]] bool is_event() const noexcept { return start != nullptr; }
    [[nodiscard]] const Field* day() const noexcept { return is_event() ? start : due; }

    explicit Mapping(const schema::Kind& kind)
        : start{first_of(kind, {"appointment_start", "planned_at", "starts_at"})}, end{first_of(kind, {"appointment_end", "planned_until", "ends_at"})},
          due{first_of(kind, {"due_on", "due_at"})}, account{kind.field("account")}, notes{kind.field("notes")}, done{kind.field("done")},
          summary{kind.field("subject") != nullptr ? kind.field("subject") : kind.field(kind.title)}
    {
        if (account != nullptr && account->type != Type::reference) account = nullptr;
        if (done != nullptr && done->type != Type::boolean) done = nullptr;
    }
};

std::string compact(std::string_view text)
{
    std::string made;
    for (const char c : text)
        if (c != '-' && c != ':') made += c;
    return made;
}

/// "20261122T130500Z"
std::string utc_text(Time time)
{
    constexpr std::size_t to_seconds = 19;
    return compact(to_text(time).substr(0, to_seconds)) + "Z";
}

void write_moment(LineWriter& out, const std::string& name, const Field& field, const schema::Record& record)
{
    const auto& value = record[field.name];
    if (const auto* time = std::get_if<Time>(&value)) out.line(name, utc_text(*time));
    else if (const auto* day = std::get_if<std::string>(&value); day != nullptr && !day->empty()) out.line(name + ";VALUE=DATE", compact(*day));
}

void write_status(LineWriter& out, const Mapping& mapping, const schema::Record& record)
{
    const auto status = schema::text_of(record, "status");
    const auto* done = mapping.done != nullptr ? std::get_if<bool>(&record[mapping.done->name]) : nullptr;
    if (status == "cancelled") out.line("STATUS", "CANCELLED");
    else if (!mapping.is_event()) out.line("STATUS", done != nullptr && *done ? "COMPLETED" : "NEEDS-ACTION");
    else out.line("STATUS", "CONFIRMED");
}

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return ec == std::errc{} && end == digits.data() + digits.size() ? std::optional{value} : std::nullopt;
}

/// "20261122T130500" or "20261122"
std::optional<Civil> civil_of(std::string_view text)
{
    constexpr std::size_t day_size = 8, moment_size = 15;
    if (text.size() != day_size && !(text.size() == moment_size && text[day_size] == 'T')) return std::nullopt;
    const auto year = number(text.substr(0, 4)), month = number(text.substr(4, 2)), day = number(text.substr(6, 2));
    if (!year || !month || !day) return std::nullopt;
    Civil made{*year, *month, *day};
    if (text.size() == day_size) return made;
    const auto hour = number(text.substr(9, 2)), minute = number(text.substr(11, 2)), second = number(text.substr(13, 2));
    if (!hour || !minute || !second) return std::nullopt;
    made.hour = *hour, made.minute = *minute, made.second = *second;
    return made;
}

class EventReader {
public:
    EventReader(const Mapping& mapping, Sheet& sheet, std::string_view zone) : mapping_{mapping}, sheet_{sheet}, zone_{zone} {}

    void add_zone(const Component& zone)
    {
        if (const auto* id = zone.find("TZID")) zones_[id->value] = zone.source;
    }

    void take(const Component& event)
    {
        if (event.find("RRULE") != nullptr || event.find("RDATE") != nullptr || event.find("RECURRENCE-ID") != nullptr)
            return refuse(event.line, "it repeats: enter its single days as events of their own");
        row_ = {event.line, std::vector<std::string>(sheet_.header.size())};
        if (const auto* uid = event.find("UID")) {
            const bool is_ours = uid->value.starts_with(urn) && RecordId::parse(std::string_view{uid->value}.substr(urn.size()));
            set(is_ours ? "id" : "external_id", is_ours ? uid->value.substr(urn.size()) : guarded(uid->value));
        }
        for (const auto& [field, property] : {std::pair{mapping_.summary, "SUMMARY"}, std::pair{mapping_.notes, "DESCRIPTION"}})
            if (const auto* line = event.find(property); field != nullptr && line != nullptr) set(field->name, guarded(unescaped(line->value)));
        if (mapping_.account != nullptr)
            for (const auto property : {account_property, std::string_view{"LOCATION"}})
                if (const auto* line = event.find(property)) set(mapping_.account->name, guarded(unescaped(line->value)));
        if (const auto* status = event.find("STATUS"); status != nullptr && mapping_.done != nullptr) set(mapping_.done->name, status->value == "COMPLETED" ? "true" : "false");
        for (const auto& [field, property] : {std::pair{mapping_.start, "DTSTART"}, std::pair{mapping_.end, "DTEND"}, std::pair{mapping_.due, "DUE"}})
            if (const auto* line = event.find(property); field != nullptr && line != nullptr && !take_moment(*field, *line)) return;
        sheet_.rows.push_back(std::move(row_));
    }

private:
    bool take_moment(const Field& field, const ContentLine& line)
    {
        constexpr std::size_t day_size = 10;
        const auto time = time_of(line);
        if (!time) {
            refuse(line.line, fmt::format("{} '{}' is no time that exists, or in no zone that is known", line.name, line.value.substr(0, 40)));
            return false;
        }
        if (field.type == Type::time) set(field.name, to_text(*time));
        else if (const auto day = civil_of(line.value.substr(0, 8))) set(field.name, fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day).substr(0, day_size));
        return true;
    }

    std::optional<Time> time_of(const ContentLine& line) const
    {
        auto text = std::string_view{line.value};
        const bool is_utc = text.ends_with('Z');
        if (is_utc) text.remove_suffix(1);
        const auto civil = civil_of(text);
        if (!civil) return std::nullopt;
        const auto id = line.params.find("TZID");
        if (is_utc || id == line.params.end()) return utc_of(*civil, is_utc ? "UTC" : zone_);
        if (is_zone(id->second)) return utc_of(*civil, id->second);
        const auto rules = zones_.find(id->second);
        return rules == zones_.end() ? std::nullopt : utc_by_rules(*civil, rules->second);
    }

    void refuse(int line, std::string why) { sheet_.broken.push_back({sheet_.name, line, std::move(why)}); }
    void set(std::string_view column, std::string value)
    {
        const auto at = std::find(sheet_.header.begin(), sheet_.header.end(), column) - sheet_.header.begin();
        if (static_cast<std::size_t>(at) == sheet_.header.size() || !row_.cells[static_cast<std::size_t>(at)].empty()) return;
        row_.cells[static_cast<std::size_t>(at)] = std::move(value);
    }

    const Mapping& mapping_;
    Sheet& sheet_;
    std::string zone_;
    std::map<std::string, std::string> zones_; ///< VTIMEZONEs by TZID
    CsvRow row_;
};

} // namespace

const Field* calendar_day(const schema::Kind& kind)
{
    const Mapping mapping{kind};
    return mapping.summary != nullptr ? mapping.day() : nullptr;
}

std::string export_calendar(const schema::Kind& kind, std::span<const schema::Record> records, Time stamp,
                            const std::function<std::string(const RecordId&)>& title_of)
{
    const Mapping mapping{kind};
    const std::string component = mapping.is_event() ? "VEVENT" : "VTODO";
    LineWriter out;
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Roadbook//Roadbook//EN");
    for (const auto& record : records) {
        if (record.deleted_at || schema::is_empty(record[mapping.day()->name])) continue;
        const auto account = mapping.account != nullptr ? schema::reference_of(record, mapping.account->name) : std::nullopt;
        out.line("BEGIN", component);
        out.line("UID", fmt::format("{}{}", urn, record.id.text()));
        out.line("DTSTAMP", utc_text(stamp));
        if (mapping.is_event()) write_moment(out, "DTSTART", *mapping.start, record);
        if (mapping.is_event() && mapping.end != nullptr) write_moment(out, "DTEND", *mapping.end, record);
        if (!mapping.is_event()) write_moment(out, "DUE", *mapping.due, record);
        out.text("SUMMARY", schema::text_of(record, mapping.summary->name));
        if (account) {
            out.text("LOCATION", title_of(*account));
            out.line(account_property, account->text());
        }
        if (mapping.notes != nullptr) out.text("DESCRIPTION", schema::text_of(record, mapping.notes->name));
        write_status(out, mapping, record);
        out.line("END", component);
    }
    out.line("END", "VCALENDAR");
    return std::move(out).take();
}

Result<Sheet> read_calendar(const schema::Kind& kind, std::string name, std::string_view text, std::string_view zone)
{
    if (calendar_day(kind) == nullptr) return fail(Errc::bad_argument, fmt::format("{} has no time to be at and no day to be done by: it has no calendar", kind.name));
    const Mapping mapping{kind};
    const auto zones = read_components(name, text, {"VTIMEZONE"});
    auto events = mapping.is_event() ? read_components(name, text, {"VEVENT"}) : read_components(name, text, {"VTODO"});
    if (events.found.empty() && events.broken.empty())
        return fail(Errc::bad_argument, fmt::format("{} holds no {}. Nothing was imported", name, mapping.is_event() ? "event (VEVENT)" : "to-do (VTODO)"));
    Sheet sheet{std::move(name), {"id", "external_id"}, {}, std::move(events.broken)};
    for (const auto* field : {mapping.summary, mapping.start, mapping.end, mapping.due, mapping.account, mapping.notes, mapping.done})
        if (field != nullptr) sheet.header.push_back(field->name);
    EventReader reader{mapping, sheet, zone};
    for (const auto& one : zones.found) reader.add_zone(one);
    for (const auto& event : events.found) reader.take(event);
    return sheet;
}

} // namespace roadbook::exchange
