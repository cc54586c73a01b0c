// `enrol` and `sync`: the commands that need the server.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/pin.hpp"
#include "mobile-app/headless/sync_view.hpp"
#include "mobile-app/headless/text.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <fmt/format.h>

#include <fstream>

namespace roadbook::headless {
namespace {

constexpr std::string_view scheme = "wss://";
constexpr std::string_view link_prefix = "roadbook:enrol?";
constexpr std::string_view pin_prefix = "sha256:";
constexpr std::size_t pin_digits = 64;

/// Only TLS: a bare "host:port" means it, and another scheme is a mistake worth saying.
Result<std::string> server_of(std::string_view text)
{
    if (text.starts_with(scheme)) return std::string{text};
    if (text.find("://") == std::string_view::npos) return std::string{scheme} + std::string{text};
    return fail(Errc::bad_argument, fmt::format("'{}' is no address of a Roadbook server: write wss://HOST:PORT", text),
                "server");
}

/// The replica keeps the path, so it must hold in every folder from which the device is called later.
Result<std::string> trust_of(const EnrolCall& call)
{
    if (!call.pin.empty()) {
        const auto digits = std::string_view{call.pin}.substr(std::min(call.pin.size(), pin_prefix.size()));
        if (call.pin.starts_with(pin_prefix) && digits.size() == pin_digits && from_hex(digits)) return call.pin;
        return fail(Errc::bad_argument, "--pin takes sha256: and 64 hexadecimal digits, as the server prints them",
                    "pin");
    }
    if (call.ca.empty()) return std::string{};
    std::error_code ec;
    const auto path = std::filesystem::absolute(call.ca, ec);
    if (ec || !std::filesystem::is_regular_file(path, ec) || !std::ifstream{path})
        return fail(Errc::file_unreadable,
                    fmt::format("the file of certificates '{}' cannot be read: nothing was done", call.ca), "ca");
    return path.string();
}

/// What the link says, where nothing else was said.
Result<EnrolCall> with_link(EnrolCall call)
{
    if (call.link.empty()) {
        if (call.server.empty()) return fail(Errc::bad_argument, "enrol: --server is required, or --link", "server");
        return call;
    }
    std::string_view rest = call.link;
    const auto wrong = [&] { return fail(Errc::bad_argument, fmt::format("'{}' is no link of a Roadbook server", call.link), "link"); };
    if (!rest.starts_with(link_prefix)) return wrong();
    rest.remove_prefix(link_prefix.size());
    while (!rest.empty()) {
        const auto part = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return wrong();
        const auto name = part.substr(0, equals);
        auto* field = name == "server" ? &call.server : name == "code" ? &call.code : name == "pin" ? &call.pin : nullptr;
        if (field != nullptr && field->empty()) *field = part.substr(equals + 1);
    }
    if (call.server.empty()) return wrong();
    return call;
}

Result<sync::Claim> claim_of(const EnrolCall& call, std::istream& in)
{
    if (!call.code.empty()) return sync::Claim{call.code, {}, {}};
    if (call.person.empty())
        return fail(Errc::bad_argument, "enrol: --code is required, or --person with a password", "code");
    auto password = pin_from(call.password_file, password_variable, in);
    if (!password) return password.error();
    if (password->empty())
        return fail(Errc::bad_argument, fmt::format("which password? Give it with --password-file FILE, or in {}", password_variable), "password");
    return sync::Claim{{}, call.person, std::move(*password)};
}

/// A folder is enrolled once, unless the server has lost the device: restored from an older backup, say. Its records and unsent edits then stay.
Result<void> check_unknown(replica::Replica& replica, const replica::Identity& me, const std::string& server, const std::string& trust)
{
    const auto known = sync::is_known(*replica.vault(), server, trust);
    if (known && !*known) return {};
    Bilingual words{fmt::format("this data folder is enrolled already, as {} with {}: for another person or server choose another folder", me.person_name, me.server),
                    fmt::format("此数据文件夹已注册为 {}，服务器 {}：其他人员或服务器请选择另一个文件夹", me.person_name, me.server)};
    if (!known) {
        words.en += fmt::format(". Whether the server still knows this device could not be asked: {}", known.error().message);
        words.zh += fmt::format("。无法询问服务器是否仍认识此设备：{}", known.error().chinese());
    }
    return fail(Errc::not_allowed, std::move(words));
}

std::string this_machine()
{
    boost::system::error_code ec;
    auto host = boost::asio::ip::host_name(ec);
    return ec || host.empty() ? std::string{"roadbook-device"} : host;
}

} // namespace

Error advised(Error error, std::string_view advice)
{
    if (error.code != Errc::link_lost && error.code != Errc::timed_out) return error;
    while (error.message.ends_with('.')) error.message.pop_back();
    error.message += fmt::format("; {}", advice);
    return error;
}

Result<Answer> run(const EnrolCall& said, replica::Replica& replica, const Form& form, std::istream& in)
{
    const auto read = with_link(said);
    if (!read) return read.error();
    const auto& call = *read;
    const auto server = server_of(call.server);
    if (!server) return server.error();
    const auto trust = trust_of(call);
    if (!trust) return trust.error();
    const auto before = replica.identity();
    if (before) ROADBOOK_CHECK(check_unknown(replica, *before, *server, *trust));
    const auto claim = claim_of(call, in);
    if (!claim) return claim.error();
    const auto enrolled =
        sync::enrol(replica, *server, *claim, *trust, call.name.empty() ? this_machine() : call.name);
    if (!enrolled)
        return advised(enrolled.error(),
                       "this device was not enrolled: try again, and ask for a new code if this one is used up");

    const auto me = replica.identity();
    if (!me)
        return fail(Errc::internal,
                    "the server enrolled this device, but its identity was not kept: ask for a new code");
    if (form.json)
        return Answer{Json{{"enrolled", true},
                           {"person", me->person.text()},
                           {"person_name", me->person_name},
                           {"role", schema::name(me->role)},
                           {"device", me->device.text()},
                           {"server", me->server}}};
    const auto unsent = replica.status().unsent;
    return Answer{fmt::format("enrolled as {} ({}), device {}\n{}\n", me->person_name, schema::name(me->role), me->device.text(),
                              !before       ? "the records come with the first sync"
                              : unsent == 0 ? "its records are kept"
                                            : fmt::format("its records are kept, and {} with the next sync", counted(unsent, "unsent edit goes out", "unsent edits go out")))};
}

Answer answer(const sync::Surrendered& done, const Form& form)
{
    if (form.json) return Json{{"surrendered", done.edits}, {"files", done.files}, {"wiped", done.wiped}};
    auto text = counted(done.edits, "unsent edit", "unsent edits") + (done.files > 0 ? " and " + counted(done.files, "file", "files") : "") + " handed over: your manager decides what becomes of them";
    if (done.edits == 0 && done.files == 0) text = "nothing was left to hand over";
    text += done.wiped ? "\nthis device has no access any more: its key and its records are erased\n" : "\n";
    return text;
}

Result<Answer> surrender(replica::Vault& vault, const std::string& why, const Form& form)
{
    const auto done = sync::surrender(vault, why);
    if (!done && done.error().code == Errc::bad_token)
        return fail(Errc::bad_token, Bilingual{"this device is not known to the server: nothing was taken, all edits are safe on it. Enrol it again in this same folder with a new code; they then "
                                               "go out with the next sync",
                                               "服务器不认识此设备：未接收任何内容，所有修改都安全保存在设备上。请用新的注册码在同一文件夹中重新注册，之后它们会随下次同步发出"});
    if (!done) return advised(done.error(), "what was not handed over is safe on this device: try again when the server can be reached");
    return answer(*done, form);
}

Result<Answer> sync_once(replica::Replica& replica, const Form& form, const sync::Progress& progress)
{
    const auto report = sync::sync_once(replica, progress);
    if (!report)
        return advised(report.error(), "all edits are safe on this device: sync again when the server can be reached");
    if (form.json) return Answer{json_of(*report)};
    return Answer{text_of(*report)};
}

} // namespace roadbook::headless
