#pragma once
// vCard: records of any type that has a name and a telephone number or address, by the names of its fields.
#include "shared/exchange/import_plan.hpp"

#include <functional>

namespace roadbook::exchange {

/// Has it a text `name`, and a `phone` or `email`?
[[nodiscard]] bool has_vcard(const schema::Kind& kind);
enum class VcardVersion { v3, v4 };
/// FN, N, TITLE, TEL, EMAIL, URL, ADR, NOTE; ORG is the title of the account that it refers to. UID is urn:uuid: and the id.
[[nodiscard]] std::string export_vcards(const schema::Kind& kind, std::span<const schema::Record> records, VcardVersion version,
                                        const std::function<std::string(const RecordId&)>& title_of);
/// Cards of version 2.1 (without quoted-printable), 3.0 and 4.0 as rows for plan_import(). A foreign UID is the external id.
/// Errors: bad_argument when the type has no vCard, or nothing in the text is a card.
[[nodiscard]] Result<Sheet> read_vcards(const schema::Kind& kind, std::string name, std::string_view text);

} // namespace roadbook::exchange
