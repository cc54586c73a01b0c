#include "tests/support/company.hpp"

#include "shared/protocol/frames.hpp"

#include <stdexcept>

namespace roadbook::testing {
namespace {

const Time start = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{8};
constexpr int frames_max = 10'000; // an exchange that takes more has no end

server::Hub::Options hub_options(const std::filesystem::path& folder, Clock& clock, Random& random)
{
    return {folder, &clock, &random, {}, 1};
}

} // namespace

merge::Intent creation(const RecordId& id, std::string_view kind, schema::Fields fields)
{
    auto intent = edit(id, kind, std::move(fields));
    intent.create = true;
    return intent;
}

merge::Intent edit(const RecordId& id, std::string_view kind, schema::Fields fields)
{
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind;
    intent.steps.push_back({{}, {}, false, std::move(fields)});
    return intent;
}

Company::Company() : clock_{start}, chance_{7}
{
    open_server();
    for (auto* id : {&mona, &ann, &ben, &north, &south, &widget, &acme, &bolt}) *id = new_record();
    const auto text = [](const char* value) { return schema::Value{std::string{value}}; };
    apply(creation(mona, "person", {{"name", text("Mona")}, {"role", text("manager")}}));
    apply(creation(ann, "person", {{"name", text("Ann")}, {"role", text("rep")}, {"reports_to", mona}}));
    apply(creation(ben, "person", {{"name", text("Ben")}, {"role", text("rep")}, {"reports_to", mona}}));
    apply(creation(north, "territory", {{"name", text("North")}, {"holder", ann}}));
    apply(creation(south, "territory", {{"name", text("South")}, {"holder", ben}}));
    apply(creation(widget, "product", {{"name", text("Widget")}, {"price", Money{1000, "EUR"}}}));
    apply(creation(acme, "account", {{"name", text("Acme")}, {"territory", north}}));
    apply(creation(bolt, "account", {{"name", text("Bolt")}, {"territory", south}}));
}

void Company::apply(const merge::Intent& intent)
{
    for (const auto& result : hub_->apply(std::span{&intent, 1}, mona)) result.value();
}

void Company::open_server()
{
    hub_ = server::Hub::open(hub_options(server_folder(), clock_, chance_)).value();
    core_ = std::make_unique<server::ServerCore>(*hub_);
}

void Company::close_server()
{
    core_.reset();
    hub_.reset();
}

std::unique_ptr<server::Hub> Company::another_hub()
{
    return server::Hub::open(hub_options(server_folder(), clock_, chance_)).value();
}

std::vector<v1::ServerFrame> Connection::send(const v1::ClientFrame& frame)
{
    return send_bytes(protocol::write(frame));
}

std::vector<v1::ServerFrame> Connection::send_bytes(ByteView bytes)
{
    company_.core().receive(id_, bytes);
    company_.core().commit_pending();
    return receive();
}

std::vector<v1::ServerFrame> Connection::receive()
{
    std::vector<v1::ServerFrame> frames;
    for (const auto& output : company_.core().take_output()) {
        if (output.connection != id_) continue;
        if (output.frame) frames.push_back(protocol::read_server_frame(*output.frame).value());
        else closed_ = true;
    }
    return frames;
}

std::vector<v1::Answer> Connection::push(const v1::ChangeList& changes)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(++batch_);
    *frame.mutable_push()->mutable_plain() = changes;
    std::vector<v1::Answer> answers(static_cast<std::size_t>(changes.changes_size()));
    bool answered = false;
    for (const auto& got : send(frame)) {
        if (!got.has_answers()) continue;
        answered = true;
        for (const auto& exception : got.answers().exceptions()) answers.at(exception.index()) = exception;
    }
    if (!answered) throw std::runtime_error{"the push was not answered"};
    return answers;
}

Device::Device(Company& company, std::string name, const RecordId& person, Bytes key, With with) : clock{company.clock()}, company_{company}, with_{with}
{
    options_ = {company.folder(name), &clock, &company.chance(), std::move(key), {}, {}};
    open();
    if (const auto why = enrol(name, person); why.code != Errc::ok) throw std::runtime_error{"not enrolled: " + why.message};
}

Error Device::enrol(const std::string& name, const RecordId& person)
{
    sync::SyncClient client{*replica_};
    Connection connection{company_};
    const auto code = company_.hub().make_code(person, std::chrono::hours{1}).value();
    for (const auto& frame : client.open_to_enrol(code, name, "wss://server", ""))
        for (const auto& answer : connection.send_bytes(frame)) (void)client.receive(protocol::write(answer));
    company_.core().lost(connection.id(), client.why());
    return client.why();
}

replica::Vault& Device::vault()
{
    if (!vault_) {
        constexpr StretchCost cheap{1, 64}; // a test of the PIN, not of the machine
        vault_ = replica::Vault::open({options_.folder, options_.clock, options_.random, [this] { return uptime; }, cheap}).value();
    }
    return *vault_;
}

Result<void> Device::try_open(std::string_view pin)
{
    if (with_ == With::vault) static_cast<void>(vault());
    auto opened = with_ == With::vault ? replica::open_device(vault_, pin, *options_.clock, *options_.random) : replica::Replica::open(options_);
    if (!opened) return opened.error();
    replica_ = std::move(*opened);
    return {};
}

sync::Surrendering Device::surrender(const std::string& why)
{
    replica_.reset();
    sync::Surrendering surrendering{vault(), why};
    Connection connection{company_};
    auto up = surrendering.open().value();
    while (!up.empty()) {
        const auto frame = std::move(up.front());
        up.erase(up.begin());
        for (const auto& answer : connection.send_bytes(frame))
            for (auto& next : surrendering.receive(protocol::write(answer))) up.push_back(std::move(next));
    }
    company_.core().lost(connection.id(), fail(Errc::link_lost, "the test is done"));
    return surrendering;
}

Error Device::sync()
{
    sync::SyncClient client{*replica_};
    return exchange(client);
}

Error Device::sync(const v1::Enquiry& enquiry, sync::SyncClient::Heard heard)
{
    sync::SyncClient client{*replica_};
    (void)client.ask(enquiry, std::move(heard)); // before the first frame: it goes out after the welcome
    return exchange(client);
}

Error Device::exchange(sync::SyncClient& client)
{
    Connection connection{company_};
    std::deque<Bytes> up;
    for (auto& frame : client.open().value()) up.push_back(std::move(frame));
    for (int frames = 0; !up.empty() && !connection.is_closed() && !client.is_closed(); ++frames) {
        if (frames > frames_max) throw std::runtime_error{"the exchange has no end"};
        const auto frame = std::move(up.front());
        up.pop_front();
        for (const auto& answer : connection.send_bytes(frame))
            for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
    }
    company_.core().lost(connection.id(), fail(Errc::link_lost, "the test is done"));
    tally_ = client.tally();
    if (client.is_closed()) return client.why();
    if (!client.is_quiet()) return fail(Errc::link_lost, "the exchange stopped before it was quiet");
    return Error{Errc::ok, {}, {}};
}

v1::ClientFrame Device::hello()
{
    v1::ClientFrame frame;
    *frame.mutable_hello() = replica_->hello();
    return frame;
}

} // namespace roadbook::testing
