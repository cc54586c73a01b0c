#include "shared/exchange/vcard.hpp"

#include "shared/exchange/content_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace roadbook::exchange {
namespace {

constexpr std::string_view urn = "urn:uuid:";

struct Mapped {
    std::string_view property, type, field;
};
constexpr std::array mapped{
    Mapped{"TITLE", "", "title"},  Mapped{"TEL", "work", "phone"}, Mapped{"TEL", "cell", "mobile"}, Mapped{"TEL", "fax", "fax"},
    Mapped{"EMAIL", "", "email"},  Mapped{"URL", "", "website"},   Mapped{"NOTE", "", "notes"},
};
constexpr std::array<std::string_view, 7> address_fields{"", "", "street", "city", "state", "postal_code", "country"};

const schema::Field* organisation_of(const schema::Kind& kind)
{
    const auto* field = kind.field("account");
    return field != nullptr && field->type == schema::Type::reference ? field : nullptr;
}

void write_card(LineWriter& out, const schema::Kind& kind, const schema::Record& record, VcardVersion version,
                const std::function<std::string(const RecordId&)>& title_of)
{
    const auto name = schema::text_of(record, "name");
    out.line("BEGIN", "VCARD");
    out.line("VERSION", version == VcardVersion::v3 ? "3.0" : "4.0");
    out.line("UID", fmt::format("{}{}", urn, record.id.text()));
    out.text("FN", name);
    out.line("N", escaped(name) + ";;;;"); // which part is the family's is nobody's to guess
    if (const auto* account = organisation_of(kind))
        if (const auto id = schema::reference_of(record, account->name)) out.text("ORG", title_of(*id));
    for (const auto& [property, type, field] : mapped)
        out.text(type.empty() ? std::string{property} : fmt::format("{};TYPE={}", property, type), schema::text_of(record, field));
    std::string address;
    bool any = false;
    for (const auto field : address_fields) {
        const auto text = field.empty() ? std::string{} : schema::text_of(record, field);
        any = any || !text.empty();
        address += (&field == address_fields.data() ? "" : ";") + escaped(text);
    }
    if (any) out.line("ADR;TYPE=work", address);
    out.line("END", "VCARD");
}

/// Which field a line is for; null: none of ours.
const Mapped* field_for(const ContentLine& line)
{
    std::string type;
    if (const auto at = line.params.find("TYPE"); at != line.params.end())
        for (const char c : at->second) type += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const Mapped* found = nullptr;
    for (const auto& one : mapped) {
        if (one.property != line.name) continue;
        if (found == nullptr || (!one.type.empty() && type.find(one.type) != std::string::npos)) found = &one;
    }
    return found;
}

std::string full_name(const Component& card)
{
    if (const auto* fn = card.find("FN"); fn != nullptr && !fn->value.empty()) return unescaped(fn->value);
    const auto* n = card.find("N");
    if (n == nullptr) return {};
    const auto parts = parts_of(n->value);
    const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string{}; };
    return std::string{trimmed(part(1) + " " + part(0))};
}

class CardReader {
public:
    CardReader(const schema::Kind& kind, Sheet& sheet) : kind_{kind}, sheet_{sheet} {}

    void take(const Component& card)
    {
        row_ = {card.line, std::vector<std::string>(sheet_.header.size())};
        set("name", full_name(card));
        if (const auto* uid = card.find("UID")) {
            const bool is_ours = uid->value.starts_with(urn) && RecordId::parse(std::string_view{uid->value}.substr(urn.size()));
            set(is_ours ? "id" : "external_id", is_ours ? uid->value.substr(urn.size()) : uid->value);
        }
        if (const auto* org = card.find("ORG"); org != nullptr && organisation_of(kind_) != nullptr) {
            const auto parts = parts_of(org->value);
            if (!parts.empty()) set(organisation_of(kind_)->name, parts.front());
        }
        for (const auto& line : card.lines) {
            if (line.name == "ADR") take_address(line);
            else if (const auto* to = field_for(line)) set(to->field, unescaped(line.value.starts_with("tel:") ? line.value.substr(4) : line.value));
        }
        sheet_.rows.push_back(std::move(row_));
    }

private:
    void take_address(const ContentLine& line)
    {
        const auto parts = parts_of(line.value);
        for (std::size_t i = 0; i < std::min(parts.size(), address_fields.size()); ++i)
            if (!address_fields[i].empty()) set(address_fields[i], parts[i]);
    }
    /// The first of several telephone numbers is the one.
    void set(std::string_view column, std::string value)
    {
        const auto at = std::find(sheet_.header.begin(), sheet_.header.end(), column) - sheet_.header.begin();
        if (static_cast<std::size_t>(at) == sheet_.header.size() || !row_.cells[static_cast<std::size_t>(at)].empty()) return;
        row_.cells[static_cast<std::size_t>(at)] = guarded(std::move(value));
    }

    const schema::Kind& kind_;
    Sheet& sheet_;
    CsvRow row_;
};

} // namespace

bool has_vcard(const schema::Kind& kind)
{
    const auto is_text = [&](std::string_view name) { return kind.field(name) != nullptr && kind.field(name)->type == schema::Type::text; };
    return is_text("name") && (is_text("phone") || is_text("email"));
}

std::string export_vcards(const schema::Kind& kind, std::span<const schema::Record> records, VcardVersion version,
                          const std::function<std::string(const RecordId&)>& title_of)
{
    LineWriter out;
    for (const auto& record : records)
        if (!record.deleted_at) write_card(out, kind, record, version, title_of);
    return std::move(out).take();
}

Result<Sheet> read_vcards(const schema::Kind& kind, std::string name, std::string_view text)
{
    if (!has_vcard(kind)) return fail(Errc::bad_argument, fmt::format("{} has no name with a telephone number or e-mail address: it has no vCard", kind.name));
    auto cards = read_components(name, text, {"VCARD"});
    if (cards.found.empty() && cards.broken.empty()) return fail(Errc::bad_argument, fmt::format("{} holds no vCard. Nothing was imported", name));
    Sheet sheet{std::move(name), {"id", "external_id", "name"}, {}, std::move(cards.broken)};
    if (const auto* account = organisation_of(kind)) sheet.header.push_back(account->name);
    for (const auto& one : mapped)
        if (kind.field(one.field) != nullptr) sheet.header.emplace_back(one.field);
    for (const auto field : address_fields)
        if (!field.empty() && kind.field(field) != nullptr) sheet.header.emplace_back(field);
    CardReader reader{kind, sheet};
    for (const auto& card : cards.found) reader.take(card);
    return sheet;
}

} // namespace roadbook::exchange
