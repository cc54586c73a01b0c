#include "shared/protocol/handover_words.hpp"

#include "shared/base/clock.hpp"
#include "shared/base/money.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace roadbook::protocol {
namespace {

using Json = nlohmann::ordered_json;

Time time_of(std::int64_t milliseconds)
{
    return Time{Duration{milliseconds}};
}

/// "Monday 2026-03-02 08:02 UTC": whoever plans a week thinks in days of the week.
std::string moment(std::int64_t milliseconds)
{
    static constexpr std::array<std::string_view, 7> days{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    constexpr std::size_t day_length = 10, minute_begins = 11, minute_length = 5; // of "2026-03-02T08:02:00.000Z"
    const auto time = time_of(milliseconds);
    const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(time)};
    const auto text = to_text(time);
    return fmt::format("{} {} {} UTC", days[day.c_encoding()], text.substr(0, day_length), text.substr(minute_begins, minute_length));
}

std::string id_text(const std::string& field)
{
    const auto id = RecordId::from(as_bytes(field));
    return id ? id->text() : std::string{};
}

void line(std::string& text, std::string_view name, std::string_view value)
{
    text += fmt::format("{:<22}{}\n", name, value);
}

std::string records_text(const v1::HandoverPreview& preview)
{
    std::uint64_t all = 0;
    std::vector<std::string> parts;
    for (const auto& count : preview.records()) {
        all += count.count();
        parts.push_back(fmt::format("{} {}", count.record_type(), count.count()));
    }
    return parts.empty() ? "none" : fmt::format("{}: {}", all, fmt::join(parts, ", "));
}

std::string sales_text(const v1::OpenSales& sales)
{
    if (sales.count() == 0) return "none";
    std::vector<std::string> parts;
    for (const auto& sum : sales.sums()) parts.push_back(Money{sum.minor(), sum.currency()}.text());
    if (sales.without_amount() > 0) parts.push_back(fmt::format("{} without an amount", sales.without_amount()));
    return fmt::format("{}: {}", sales.count(), fmt::join(parts, ", "));
}

std::string appointments_text(const v1::HandoverPreview& preview)
{
    const auto all = preview.visits_ahead() + preview.work_orders_ahead();
    if (all == 0) return "none";
    return fmt::format("{}: visits {}, work orders {}; the next one {}", all, preview.visits_ahead(), preview.work_orders_ahead(), moment(preview.next_appointment()));
}

std::string people_text(const google::protobuf::RepeatedPtrField<v1::PersonShift>& people)
{
    std::vector<std::string> parts;
    for (const auto& person : people) parts.push_back(person.name());
    return parts.empty() ? "nobody" : fmt::format("{}", fmt::join(parts, ", "));
}

/// Nothing unsent then does not mean nothing unsent now.
std::string device_text(const v1::HolderDevice& device)
{
    const auto who = fmt::format("{} ({})", device.person_name(), device.name());
    if (device.last_contact() == 0) return who + ": was never in contact";
    const auto unsent = device.unsent() == 0 ? std::string{"had nothing unsent then"} : fmt::format("{} unsent edits known", device.unsent());
    return fmt::format("{}: last contact {}, {}, may hold unsent work", who, moment(device.last_contact()), unsent);
}

Json json_of(const v1::OpenSales& sales)
{
    Json sums = Json::array();
    for (const auto& sum : sales.sums()) sums.push_back({{"text", Money{sum.minor(), sum.currency()}.text()}, {"minor", sum.minor()}, {"currency", sum.currency()}});
    return {{"count", sales.count()}, {"sums", std::move(sums)}, {"without_amount", sales.without_amount()}};
}

Json json_of(const std::string& id, const std::string& name)
{
    return id.empty() ? Json(nullptr) : Json{{"id", id_text(id)}, {"name", name}};
}

Json json_of(const google::protobuf::RepeatedPtrField<v1::PersonShift>& people)
{
    Json list = Json::array();
    for (const auto& person : people) list.push_back({{"id", id_text(person.person())}, {"name", person.name()}, {"territories", person.territories()}});
    return list;
}

Json time_json(std::int64_t milliseconds)
{
    return milliseconds == 0 ? Json(nullptr) : Json(to_text(time_of(milliseconds)));
}

} // namespace

std::string text_of(const v1::HandoverPreview& preview)
{
    std::string text;
    line(text, "territory", preview.territory_name());
    line(text, "from", preview.from().empty() ? "nobody: it is vacant" : preview.from_name());
    line(text, "to", preview.to().empty() ? "nobody: it is vacant then" : preview.to_name());
    line(text, "when", preview.on().empty() ? "now" : preview.on());
    line(text, "records", records_text(preview));
    line(text, "open quotes", sales_text(preview.quotes()));
    line(text, "open opportunities", sales_text(preview.opportunities()));
    line(text, "appointments ahead", appointments_text(preview));
    if (preview.not_examined() > 0) line(text, "", fmt::format("{} more records were counted, but not looked into", preview.not_examined()));
    line(text, "sees them no more", people_text(preview.losing()));
    line(text, "sees them then", people_text(preview.gaining()));
    for (const auto& device : preview.devices()) line(text, "device", device_text(device));
    return text;
}

Json json_of(const v1::HandoverPreview& preview)
{
    Json records = Json::object(), devices = Json::array();
    for (const auto& count : preview.records()) records[count.record_type()] = count.count();
    for (const auto& device : preview.devices())
        devices.push_back({{"id", id_text(device.device())}, {"name", device.name()}, {"person", json_of(device.person(), device.person_name())},
                           {"last_contact", time_json(device.last_contact())}, {"unsent", device.unsent()}});
    return {{"territory", json_of(preview.territory(), preview.territory_name())},
            {"from", json_of(preview.from(), preview.from_name())},
            {"to", json_of(preview.to(), preview.to_name())},
            {"on", preview.on().empty() ? Json(nullptr) : Json(preview.on())},
            {"as_of", to_text(time_of(preview.as_of()))},
            {"records", std::move(records)},
            {"open_quotes", json_of(preview.quotes())},
            {"open_opportunities", json_of(preview.opportunities())},
            {"visits_ahead", preview.visits_ahead()},
            {"work_orders_ahead", preview.work_orders_ahead()},
            {"next_appointment", time_json(preview.next_appointment())},
            {"losing", json_of(preview.losing())},
            {"gaining", json_of(preview.gaining())},
            {"devices", std::move(devices)},
            {"not_examined", preview.not_examined()}};
}

} // namespace roadbook::protocol
