#include "mobile-app/headless/locking.hpp"

#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

namespace roadbook::headless {

Json json_of(const replica::Lease& lease)
{
    if (lease.days == 0) return nullptr;
    return {{"days", lease.days}, {"left_ms", lease.left.count()}, {"last_contact", json_of(lease.last_contact)}};
}

std::string text_of(const replica::Lease& lease)
{
    if (lease.days == 0 || !lease.last_contact) return "none: readable without the server for ever";
    if (lease.is_over()) return fmt::format("over: not seen by the server for {} days or more; a sync unlocks the records", lease.days);
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(lease.left).count();
    return fmt::format("readable without the server for {}", hours < 48 ? counted(hours, "more hour", "more hours") : counted(hours / 24, "more day", "more days"));
}

Answer locked_status(replica::Vault& vault, const Error& why, const Form& form)
{
    const auto me = vault.credentials();
    const auto lease = vault.lease();
    const auto sealed = vault.sealed_count();
    if (form.json)
        return Json{{"enrolled", me.has_value()},
                    {"locked", why.field},
                    {"message", why.message},
                    {"message_zh", why.message_zh},
                    {"pin", vault.lock() == replica::Vault::Lock::pin},
                    {"attempts_left", vault.attempts_left()},
                    {"device", me ? Json(me->device.text()) : Json(nullptr)},
                    {"server", me ? Json(me->server) : Json(nullptr)},
                    {"unsent", sealed},
                    {"lease", json_of(lease)}};
    Sheet sheet;
    sheet.line("locked", form.chinese ? why.chinese() : why.message);
    if (me) {
        sheet.line("device", me->device.text());
        sheet.line("server", me->server);
    }
    sheet.line("unsent", sealed == 0 ? "none: the server has everything" : counted(sealed, "edit", "edits") + ", safe here, sealed to the server");
    sheet.line("lease", text_of(lease));
    return sheet.text();
}

} // namespace roadbook::headless
