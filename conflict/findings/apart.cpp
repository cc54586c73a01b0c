#include "conflict/findings/apart.hpp"

#include "shared/base/bytes.hpp"

#include <array>

namespace roadbook::findings {
namespace {

constexpr std::size_t digest_length = 16; // of each record: 64 bits tell what somebody typed apart

/// Everything that the rules about duplicates look at.
constexpr std::array<std::string_view, 8> compared{"name", "city", "tax_number", "phone", "mobile", "email", "parent", "account"};

} // namespace

std::string_view kind_of_dismissable(std::string_view rule) noexcept
{
    if (rule == "duplicate_account") return "account";
    return rule == "duplicate_contact" ? "contact" : "";
}

std::string compared_in(const schema::Record& record)
{
    std::string all;
    for (const auto field : compared) {
        const auto reference = schema::reference_of(record, field);
        all += reference ? reference->text() : schema::text_of(record, field);
        all.push_back('\0'); // two fields never run into one
    }
    return sha256(as_bytes("roadbook-compared"), as_bytes(all)).hex().substr(0, digest_length);
}

std::vector<Apart> aparts_of(const schema::Record& record)
{
    std::vector<Apart> found;
    const auto entries = record.collections.find(apart_collection);
    if (entries == record.collections.end()) return found;
    for (const auto& child : entries->second) {
        const schema::Record entry{{}, {}, child.fields, {}, {}, {}};
        const auto other = schema::reference_of(entry, "other");
        if (!child.removed && other) found.push_back({child.id, *other, schema::text_of(entry, "compared"), schema::text_of(entry, "reason")});
    }
    return found;
}

} // namespace roadbook::findings
