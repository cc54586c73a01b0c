// What of approved records is due, as the server holds them.
#include "sync-server/session/inside.hpp"

#include <fmt/format.h>

namespace roadbook::server {

Result<Hub::Payable> Hub::payable(const RecordId& id)
{
    inside_->refresh();
    const auto row = inside_->store.document(id);
    const auto* kind = row ? schema::find_kind(row->kind) : nullptr;
    if (kind == nullptr) return fail(Errc::not_found, fmt::format("there is no record {}", id.text()));
    if (!kind->payout) return fail(Errc::bad_argument, fmt::format("{} is not paid out", kind->name));
    const auto document = inside_->load(*row);
    if (!document) return document.error();
    const auto content = document->read();
    if (!content) return content.error();
    const auto endorsements = merge::endorsements_of(*document, *kind, *content);
    if (!endorsements) return endorsements.error();
    auto state = merge::payout_of(*document, *kind, id, *content, *endorsements, nullptr);
    if (!state) return state.error();
    return Payable{merge::read(*kind, id, *content).record, std::move(*state)};
}

} // namespace roadbook::server
