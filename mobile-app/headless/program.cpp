#include "mobile-app/headless/program.hpp"

#include "mobile-app/headless/batch.hpp"
#include "mobile-app/headless/carry_out.hpp"
#include "mobile-app/headless/command_line.hpp"
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/open_device.hpp"
#include "shared/base/log.hpp"

#include <algorithm>

namespace roadbook::headless {
namespace {

/// Before the words are understood: in which form does the caller want to hear that they are not?
Telling asked_for(const Words& words)
{
    const auto lang = std::adjacent_find(words.begin(), words.end(),
                                         [](const auto& a, const auto& b) { return a == "--lang" && b == "zh"; });
    const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    return {has("--json"), lang != words.end() || has("--lang=zh")};
}

/// A stable name, for the server's list.
std::string why_locked(replica::Vault& vault)
{
    switch (vault.lock()) {
    case replica::Vault::Lock::key_erased: return "key";
    case replica::Vault::Lock::pin: return "pin";
    case replica::Vault::Lock::none: break;
    }
    return vault.lease().is_over() ? "lease" : "asked";
}

Result<int> hand_over(const Call& call, replica::Vault& vault, const std::string& why, const Console& console)
{
    const auto answer = surrender(vault, why, Form{call.json, call.chinese, 0});
    if (!answer) return answer.error();
    ROADBOOK_CHECK(print(*answer, console));
    return exit_done;
}

/// It can send and receive nothing, but hears when it is to be wiped: a device that was lost is one that is locked.
Result<int> sync_locked(const Call& call, replica::Vault& vault, const Error& locked, const Console& console)
{
    const auto done = sync::surrender_if_revoked(vault);
    if (!done || !done->wiped) return locked;
    const auto ended = fail(Errc::revoked, Bilingual{"this device's access was ended by an administrator; ask them to enrol it again", "管理员已终止此设备的访问权限；请联系管理员重新注册"});
    report(ended, Telling{call.json, call.chinese}, console);
    ROADBOOK_CHECK(print(answer(*done, Form{call.json, call.chinese, 0}), console));
    return exit_refused;
}

/// Of a device whose key is gone nothing can be read, and what it had not sent is handed over: its folder may become another device.
bool is_over(replica::Vault& vault)
{
    return vault.lock() == replica::Vault::Lock::key_erased && vault.sealed_ids().empty();
}

Result<int> run_call(const Call& call, const Console& console)
{
    if (const auto* schema = std::get_if<SchemaCall>(&call.command)) {
        const auto answer = run(*schema, Form{call.json, call.chinese, 0});
        if (!answer) return answer.error();
        ROADBOOK_CHECK(print(*answer, console));
        return exit_done;
    }
    auto vault = open_vault(call);
    if (!vault) return vault.error();
    if (std::holds_alternative<EnrolCall>(call.command) && is_over(**vault)) {
        ROADBOOK_CHECK((*vault)->wipe());
        vault->reset(); // it has the folder
        vault = open_vault(call);
        if (!vault) return vault.error();
    }
    if (std::holds_alternative<SurrenderCall>(call.command)) return hand_over(call, **vault, why_locked(**vault), console);
    auto replica = open_device(call, *vault, console.in);
    if (!replica && replica.error().code == Errc::locked && std::holds_alternative<StatusCall>(call.command)) {
        ROADBOOK_CHECK(print(locked_status(**vault, replica.error(), Form{call.json, call.chinese, 0}), console));
        return exit_done;
    }
    if (!replica && replica.error().code == Errc::locked && std::holds_alternative<SyncCall>(call.command)) return sync_locked(call, **vault, replica.error(), console);
    if (!replica) return replica.error();
    if (std::holds_alternative<BatchCall>(call.command)) return run_batch(call, **replica, console);
    const bool was_nobody = !(*replica)->identity();
    const auto done = carry_out(call, **replica, console);
    if (done) return exit_done;
    if (std::holds_alternative<EnrolCall>(call.command) && was_nobody && !(*replica)->identity()) { // no device: nothing is left of the try but the lock
        replica->reset();
        ROADBOOK_CHECK((*vault)->wipe());
        return done.error();
    }
    if (done.error().code != Errc::revoked || !std::holds_alternative<SyncCall>(call.command)) return done.error();
    report(done.error(), Telling{call.json, call.chinese}, console);
    replica->reset();
    ROADBOOK_CHECK(hand_over(call, **vault, "revoked", console));
    return exit_refused;
}

} // namespace

int run_program(const Words& words, const Console& console)
{
    int status = exit_done;
    const auto done = guarded([&]() -> Result<void> {
        const auto parsed = parse(words);
        if (!parsed) return parsed.error();
        if (!parsed->call) return print(parsed->help, console);
        log::start(parsed->call->verbose ? log::Level::debug : log::Level::off);
        const auto ran = run_call(*parsed->call, console);
        if (!ran) return ran.error();
        status = *ran;
        return {};
    });
    return done ? status : report(done.error(), asked_for(words), console);
}

} // namespace roadbook::headless
