// What must hold when all attacks are over.
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::attacks {
namespace {

/// Beyond the process at rest, whatever it was sent: documents in its cache, queues of devices that take nothing, OpenSSL.
constexpr double memory_grown_max = 250;

std::string secrets_in_log(Arena& arena)
{
    const auto log = arena.log();
    const auto found = std::count_if(arena.secrets().begin(), arena.secrets().end(), [&](const auto& secret) { return log.find(secret) != std::string::npos; });
    return log.empty() || arena.secrets().size() < 20 ? "nothing was looked for" : fmt::format("{} found", found);
}

std::string audit_chain(Arena& arena)
{
    const auto verdict = arena.admin().audit().verify();
    return verdict.first_bad == 0 ? "good" : fmt::format("entry {} is bad: {}", verdict.first_bad, verdict.why);
}

std::string audit_of(Arena& arena, store::AuditKind kind)
{
    const auto count = arena.audit_of(kind).size();
    return count == 0 ? "none" : count <= 60 ? "some" : fmt::format("{}", count);
}

std::string enrols_still(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.mona)};
    return device.records().contains(arena.bolt) && device.records().contains(arena.acme) ? "all that she leads" : "not all that she leads";
}

} // namespace

std::vector<Attack> what_must_hold_after_all()
{
    return {
        {"20", "tokens, codes and passwords in the log", "0 found", secrets_in_log},
        {"34", "the audit log's chain", "good", audit_chain},
        {"12", "audit entries of wrong codes", "some", [](Arena& arena) { return audit_of(arena, store::AuditKind::enrolment_refused); }},
        {"15", "audit entries of files that were refused", "some", [](Arena& arena) { return audit_of(arena, store::AuditKind::attachment_refused); }},
        {"39", "a new device of the manager gets", "all that she leads", enrols_still},
        {"I13", "memory beyond the server at rest, at most", "bounded",
         [](Arena& arena) {
             const auto grown = arena.peak_memory() - arena.memory_at_start();
             return grown <= memory_grown_max ? "bounded" : fmt::format("{:.0f} MiB", grown);
         }},
        {"39", "the server, asked to end", "exit status 0", [](Arena& arena) { return fmt::format("exit status {}", arena.stop()); }},
    };
}

} // namespace roadbook::attacks
