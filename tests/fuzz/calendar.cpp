// Anybody's calendar: events and to-dos with their zones, as rows of any record type that has a day.
#include "shared/exchange/calendar.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/exchange_world.hpp"

using namespace roadbook;
using namespace roadbook::exchange;

namespace {

std::vector<const schema::Kind*> kinds_with_days()
{
    std::vector<const schema::Kind*> found;
    for (const auto& kind : schema::kinds())
        if (calendar_day(kind) != nullptr) found.push_back(&kind);
    return found;
}

constexpr std::array zones{"UTC", "Europe/Vienna", "Asia/Shanghai", "America/New_York"};

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    all.push_back(chosen({0, 1}, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
                                 "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Visit\\, with tea\r\nDTSTART;TZID=Here:20261122T090000\r\n"
                                 "DTEND;TZID=Here:20261122T100000\r\nLOCATION:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    all.push_back(chosen({1, 0}, "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:2\nSUMMARY:Call\nDUE;VALUE=DATE:20261201\nSTATUS:NEEDS-ACTION\nEND:VTODO\nBEGIN:VEVENT\nUID:3\nSUMMARY:Weekly\n"
                                 "DTSTART:20261122T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR\n"));
    testing::RandomRecords random{9};
    unsigned which = 0;
    for (const auto* kind : kinds_with_days()) {
        const std::vector<schema::Record> records{random.record(*kind)};
        all.push_back(chosen({which, 2}, export_calendar(*kind, records, Time{Duration{1'790'000'000'000}}, [](const RecordId&) { return std::string{"One"}; })));
        ++which;
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto kinds = kinds_with_days();
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto& kind = *kinds[input.below(kinds.size())];
    const auto* zone = zones[input.below(zones.size())];
    const auto sheet = read_calendar(kind, "days.ics", input.text(), zone);
    if (!sheet) return 0;
    testing::ExchangeWorld world;
    static_cast<void>(plan_import(kind, *sheet, world, {}));
    return 0;
}
