#include "sync-server/app/audit_commands.hpp"

#include "shared/base/utf8.hpp"
#include "shared/schema/validation.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace roadbook::server {
namespace {

constexpr std::size_t titles_shown = 3;  // of the records of one entry
constexpr std::size_t about_bytes = 100; // of a line; --json has all of it

/// Ids as people call them; asked once each.
class Names {
public:
    explicit Names(Hub& hub) : hub_{hub}
    {
        for (const auto& device : hub.devices()) devices_[device.id] = device.name;
    }

    const std::string& of(const RecordId& id)
    {
        const auto [found, is_new] = records_.try_emplace(id);
        if (is_new) found->second = title_of(id);
        return found->second;
    }
    std::string of(const DeviceId& id) const
    {
        const auto found = devices_.find(id);
        return id.is_nil() ? "" : found == devices_.end() ? id.text() : found->second;
    }
    /// Ids in a text as names: "+territory:0190..." is "+territory:Hamburg".
    std::string in(std::string_view text)
    {
        constexpr std::size_t id_length = 36;
        std::string readable;
        while (!text.empty()) {
            const auto id = text.size() < id_length ? std::nullopt : RecordId::parse(text.substr(0, id_length));
            if (id) readable += of(*id);
            else readable += text.front();
            text.remove_prefix(id ? id_length : 1);
        }
        return readable;
    }

private:
    std::string title_of(const RecordId& id)
    {
        const auto record = hub_.record(id);
        const auto* kind = record ? schema::find_kind(record->kind) : nullptr;
        if (kind == nullptr) return id.text();
        const auto title = text_of(*record, kind->title);
        return title.empty() ? fmt::format("{} {}", kind->name, id.text()) : title;
    }

    Hub& hub_;
    std::map<DeviceId, std::string> devices_;
    std::map<RecordId, std::string> records_;
};

std::string who(Names& names, const store::AuditNote& note)
{
    if (!note.person.is_nil()) return names.of(note.person);
    return note.kind == store::AuditKind::enrolment_refused ? "(unknown)" : "(server)";
}

std::string shortened(std::string_view text)
{
    if (text.size() <= about_bytes) return std::string{text};
    auto rest = text;
    while (text.size() - rest.size() < about_bytes && take_utf8(rest)) {}
    return fmt::format("{} ...", text.substr(0, text.size() - rest.size()));
}

/// "3 changes of Acme, Bolt", "Nancy Davolio", with what the entry says of itself.
std::string what(Names& names, const store::AuditNote& note)
{
    if (note.kind == store::AuditKind::exported) return shortened(note.detail); // its record's title is the type of what was exported: it is in there
    std::vector<std::string> titles;
    std::set<RecordId> seen;
    for (const auto& item : note.items)
        if (seen.insert(item.record).second && titles.size() < titles_shown) titles.push_back(names.of(item.record));
    std::string text;
    if (!note.subject.is_nil()) text = names.of(note.subject) + (titles.empty() ? "" : ": ");
    if (note.items.size() > 1) text += fmt::format("{} changes of ", note.items.size());
    text += fmt::format("{}", fmt::join(titles, ", "));
    if (seen.size() > titles.size()) text += fmt::format(" and {} more", seen.size() - titles.size());
    const auto detail = names.in(note.detail);
    if (!text.empty() && !detail.empty()) text += ": ";
    text += detail;
    return shortened(text);
}

Json json_of(Names& names, const store::AuditEntry& entry)
{
    const auto& note = entry.note;
    const auto reference = [](const auto& id, const std::string& name) { return id.is_nil() ? Json(nullptr) : Json{{"id", id.text()}, {"name", name}}; };
    Json items = Json::array();
    for (const auto& item : note.items) items.push_back({{"record", item.record.text()}, {"hash", item.hash.hex()}});
    return {{"number", entry.seq}, {"at", to_text(note.at)}, {"kind", store::name(note.kind)}, {"person", reference(note.person, who(names, note))},
            {"device", reference(note.device, names.of(note.device))}, {"subject", reference(note.subject, names.of(note.subject))},
            {"items", std::move(items)}, {"detail", note.detail}, {"hash", entry.hash.hex()}};
}

Result<store::AuditFilter> filter_of(Hub& hub, const AuditListCall& call)
{
    Directory directory{hub};
    store::AuditFilter filter;
    if (!call.person.empty()) {
        const auto person = directory.find_person(call.person);
        if (!person) return person.error();
        filter.person = *person;
    }
    if (!call.device.empty()) {
        const auto device = directory.find_device(call.device);
        if (!device) return device.error();
        filter.device = *device;
    }
    if (!call.record.empty()) {
        filter.record = RecordId::parse(call.record);
        if (!filter.record) return fail(Errc::bad_argument, fmt::format("'{}' is no record id", call.record), "record");
    }
    if (!call.since.empty()) {
        filter.since = time_from_text(call.since);
        if (!filter.since) return fail(Errc::bad_argument, fmt::format("'{}' is no time: write 2026-11-22 or 2026-11-22T14:05:00Z", call.since), "since");
    }
    if (call.kind.empty()) return filter;
    filter.kind = store::audit_kind_from(call.kind);
    if (filter.kind) return filter;
    const auto kinds = store::audit_kind_names();
    const auto near = schema::nearest_name(call.kind, kinds);
    return fail(Errc::bad_argument, near.empty() ? fmt::format("there is no kind of entry '{}'. There are: {}", call.kind, fmt::join(kinds, ", "))
                                                 : fmt::format("there is no kind of entry '{}': did you mean '{}'?", call.kind, near), "kind");
}

} // namespace

Result<Answer> list_audit(Hub& hub, const AuditListCall& call)
{
    const auto filter = filter_of(hub, call);
    if (!filter) return filter.error();
    std::deque<store::AuditEntry> latest;
    std::size_t left_out = 0;
    hub.audit().each(*filter, [&](const store::AuditEntry& entry) {
        latest.push_back(entry);
        if (latest.size() <= static_cast<std::size_t>(call.last)) return true;
        latest.pop_front();
        ++left_out;
        return true;
    });
    Names names{hub};
    TextTable table{{"NUMBER", "WHEN", "WHAT", "WHO", "DEVICE", "ABOUT"}};
    Json list = Json::array();
    for (const auto& entry : latest) {
        const auto& note = entry.note;
        table.add({std::to_string(entry.seq), short_text(note.at), std::string{store::name(note.kind)}, who(names, note), names.of(note.device), what(names, note)});
        list.push_back(json_of(names, entry));
    }
    auto text = table.text();
    if (left_out > 0) text += fmt::format("and {} earlier ones; --last N shows more\n", left_out);
    return Answer{{{"entries", std::move(list)}, {"left_out", left_out}}, std::move(text)};
}

Result<Answer> verify_audit(Hub& hub, const AuditVerifyCall& call)
{
    std::optional<store::AuditHead> known;
    if (!call.head.empty()) {
        known = store::AuditHead::parse(call.head);
        if (!known) return fail(Errc::bad_argument, fmt::format("'{}' is no head: `audit head` prints one, NUMBER:HASH", call.head), "head");
    }
    const auto verdict = hub.audit().verify(known);
    if (verdict.first_bad != 0) {
        const auto good = verdict.entries == 0 ? std::string{} : fmt::format("The {} good; ", verdict.entries == 1 ? "one before it is" : fmt::format("{} before it are", verdict.entries));
        return fail(Errc::storage_damaged, fmt::format("the audit log is not as it was written. First bad entry: {}, {}. {}{}eep a copy of the data folder, and compare it with a backup",
                                                       verdict.first_bad, verdict.why, good, good.empty() ? 'K' : 'k'));
    }
    return Answer{{{"entries", verdict.entries}, {"head", verdict.head.text()}},
                  fmt::format("all {} entries are as they were written\nhead {}\n{}", verdict.entries, verdict.head.text(),
                              known ? "" : "to find out later whether its end was cut off, keep the head elsewhere and give it back with --head\n")};
}

Result<Answer> show_audit_head(Hub& hub)
{
    const auto head = hub.audit().head().text();
    return Answer{{{"head", head}}, head + "\n"};
}

} // namespace roadbook::server
