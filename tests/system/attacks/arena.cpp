#include "tests/system/attacks/arena.hpp"

#include "shared/wire/url.hpp"
#include "tests/system/attacks/intruder.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace roadbook::attacks {
namespace {

constexpr auto code_lifetime = std::chrono::hours{1};

std::unique_ptr<server::Hub> open_hub(const std::filesystem::path& folder)
{
    server::Hub::Options options;
    options.folder = folder;
    return server::Hub::open(options).value();
}

schema::Value text(const char* value)
{
    return std::string{value};
}

double status_line(pid_t process, std::string_view name)
{
    std::ifstream file{fmt::format("/proc/{}/status", process)};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::stod(line.substr(name.size())) / 1024.0;
    return 0;
}

} // namespace

merge::Intent creation(const RecordId& id, std::string_view kind, schema::Fields fields)
{
    merge::Intent intent;
    intent.id = new_id<IntentId>(system_clock().now(), system_random());
    intent.record = id;
    intent.kind = kind;
    intent.create = true;
    intent.steps.push_back({{}, {}, false, std::move(fields)});
    return intent;
}

Arena::Arena() : admin_{open_hub(folder_ / "server")}
{
    found_company();
    start_server();
    bystander_ = std::make_unique<Bystander>(folder_ / "bystander", url(), pin_, code_for(ben), bolt);
    // The photo comes from the honest device, as photos do.
    std::tie(visit, photo) = bystander_->photograph(bolt);
    memory_at_start_ = memory();
}

Arena::~Arena() = default;

void Arena::found_company()
{
    for (auto* id : {&mona, &ann, &ben, &north, &south, &widget, &acme, &bolt}) *id = new_id<RecordId>(system_clock().now(), system_random());
    const std::vector<merge::Intent> all{
        creation(mona, "person", {{"name", text("Mona")}, {"role", text("manager")}}),
        creation(ann, "person", {{"name", text("Ann")}, {"role", text("rep")}, {"reports_to", mona}}),
        creation(ben, "person", {{"name", text("Ben")}, {"role", text("rep")}, {"reports_to", mona}}),
        creation(north, "territory", {{"name", text("North")}, {"holder", ann}}),
        creation(south, "territory", {{"name", text("South")}, {"holder", ben}}),
        creation(widget, "product", {{"name", text("Widget")}, {"price", Money{1000, "EUR"}}}),
        creation(acme, "account", {{"name", text("Acme")}, {"territory", north}}),
        creation(bolt, "account", {{"name", text("Bolt")}, {"territory", south}}),
    };
    for (const auto& intent : all)
        for (const auto& done : admin_->apply(std::span{&intent, 1}, mona)) done.value();
    admin_->set_password(ann, "annas own long password").value();
    keep_secret("annas own long password");
}

void Arena::start_server()
{
    server_ = std::make_unique<testing::Process>(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "roadbookd",
                                                 std::vector<std::string>{"serve", "--data", (folder_ / "server").string(), "--listen", "127.0.0.1:0", "--log-level", "debug",
                                                                          "--log-file", (folder_ / "server.log").string()});
    std::istringstream line{server_->read_line()};
    std::string word, where;
    line >> word >> where >> word >> pin_;
    port_ = wire::Url::parse(where).value().port;
}

std::string Arena::url() const
{
    return fmt::format("wss://127.0.0.1:{}", port_);
}

namespace {

std::vector<store::AuditEntry> entries(server::Hub& hub, const store::AuditFilter& filter)
{
    std::vector<store::AuditEntry> found;
    hub.audit().each(filter, [&](const auto& entry) {
        found.push_back(entry);
        return true;
    });
    return found;
}

} // namespace

std::vector<store::AuditEntry> Arena::audit_of(const RecordId& record)
{
    store::AuditFilter filter;
    filter.record = record;
    return entries(*admin_, filter);
}

std::vector<store::AuditEntry> Arena::audit_of(store::AuditKind kind)
{
    store::AuditFilter filter;
    filter.kind = kind;
    return entries(*admin_, filter);
}

std::string Arena::code_for(const RecordId& person)
{
    return admin_->make_code(person, code_lifetime).value();
}

Credentials Arena::enrol(const RecordId& person)
{
    const auto code = code_for(person);
    Intruder stranger{*this};
    const auto frame = stranger.ask(enrolment(code)).value();
    keep_secret(code);
    keep_secret(to_hex(as_bytes(frame.enrolled().token())));
    return {frame.enrolled().device(), frame.enrolled().token(), person};
}

double Arena::memory() const
{
    return status_line(server_->pid(), "VmRSS:");
}

double Arena::peak_memory() const
{
    return status_line(server_->pid(), "VmHWM:");
}

std::string Arena::log() const
{
    std::ifstream file{folder_ / "server.log", std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

int Arena::stop()
{
    bystander_.reset();
    server_->signal(SIGTERM);
    return server_->wait().status;
}

} // namespace roadbook::attacks
