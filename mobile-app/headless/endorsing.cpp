// `approve`, `sign` and `pay`: over what the record says on this device.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/schema/attachment.hpp"
#include "shared/storage/durable_file.hpp"

#include <fmt/format.h>

namespace roadbook::headless {

Result<Answer> run(const ApproveCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    const auto decided = replica.approve(*id, call.reject ? replica::Decision::rejected : replica::Decision::approved, call.reason);
    if (!decided) return decided.error();
    if (form.json)
        return Answer{Json{{"record", id->text()}, {"entry", decided->entry.text()}, {"decision", call.reject ? "rejected" : "approved"}, {"changed", decided->changed},
                           {"step", decided->step}, {"steps_needed", decided->steps_needed}, {"complete", decided->complete}}};
    if (!decided->changed) return Answer{fmt::format("{} is approved already, by you too: nothing was written\n", id->text())};
    if (call.reject) return Answer{fmt::format("rejected {}\n", id->text())};
    return Answer{fmt::format("approved {} as it is on this device{}\n", id->text(),
                              decided->complete ? std::string{} : fmt::format("; step {} of {}: somebody else has to approve, too", decided->step, decided->steps_needed))};
}

Result<Answer> run(const SignCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    replica::Signer signer{call.name, call.title, {}, {}, {}};
    if (!call.image.empty()) {
        auto bytes = storage::read_file(call.image, static_cast<std::size_t>(schema::attachment_bytes_max));
        if (!bytes) return bytes.error();
        signer.image = std::move(*bytes);
        signer.file_name = std::filesystem::path{call.image}.filename().string();
        signer.media_type = media_type_of(call.image);
    }
    const auto entry = replica.sign(*id, signer);
    if (!entry) return entry.error();
    if (form.json) return Answer{Json{{"record", id->text()}, {"entry", entry->text()}, {"signer", call.name}, {"changed", true}}};
    return Answer{fmt::format("{} has signed {} as it is on this device\n", call.name, id->text())};
}

Result<Answer> run(const PayCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    const auto paid = replica.pay(*id, call.reference);
    if (!paid) return paid.error();
    if (form.json)
        return Answer{Json{{"record", id->text()}, {"total", paid->total.currency.empty() ? Json(nullptr) : json_of(paid->total)}, {"payments", paid->payments}, {"settled", paid->settled}}};
    if (paid->payments == 0) return Answer{fmt::format("nothing of {} is due: nothing was written\n", id->text())};
    return Answer{fmt::format("paid {} of {} in {}{}\n", paid->total.text(), id->text(), counted(paid->payments, "payment", "payments"),
                              paid->settled ? ": all of it is paid" : "")};
}

} // namespace roadbook::headless
