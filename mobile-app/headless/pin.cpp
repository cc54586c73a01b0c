// `pin`: sets, changes and removes the PIN.
#include "mobile-app/headless/pin.hpp"

#include "mobile-app/headless/commands.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

namespace roadbook::headless {

Result<std::string> pin_from(const std::filesystem::path& file, const char* variable, std::istream& in)
{
    std::string pin;
    if (file.empty()) {
        const auto* said = std::getenv(variable);
        return said == nullptr ? pin : std::string{said};
    }
    std::ifstream opened;
    if (file != "-") opened.open(file);
    auto& from = file == "-" ? in : opened;
    if (!std::getline(from, pin)) return fail(Errc::file_unreadable, fmt::format("nothing can be read from {}: nothing was changed", file == "-" ? "standard input" : file.string()), "pin");
    if (pin.ends_with('\r')) pin.pop_back();
    return pin;
}

Result<Answer> run(const PinCall& call, replica::Replica& replica, const Form& form, std::istream& in)
{
    const bool has_pin = replica.vault()->lock() == replica::Vault::Lock::pin;
    if (call.action == "remove") {
        if (!has_pin) return fail(Errc::not_found, "this device has no PIN", "pin");
        ROADBOOK_CHECK(replica.remove_pin());
        if (form.json) return Answer{Json{{"pin", false}}};
        return Answer{std::string{"the PIN is removed: whoever has this folder can read its records\n"}};
    }
    if (has_pin && call.action == "set") return fail(Errc::not_allowed, "this device has a PIN already: `pin change` gives it another", "pin");
    if (!has_pin && call.action == "change") return fail(Errc::not_found, "this device has no PIN yet: `pin set` gives it one", "pin");
    const auto wanted = pin_from(call.new_pin_file, new_pin_variable, in);
    if (!wanted) return wanted.error();
    if (wanted->empty())
        return fail(Errc::bad_argument, fmt::format("which PIN? Give it with --new-pin-file FILE, or in {}", new_pin_variable), "pin");
    ROADBOOK_CHECK(replica.set_pin(*wanted));
    if (form.json) return Answer{Json{{"pin", true}}};
    return Answer{fmt::format("the PIN is {}: without it nothing here can be read, and after {} wrong ones the key is erased\n", has_pin ? "changed" : "set",
                              replica::Vault::pin_attempts_max)};
}

} // namespace roadbook::headless
