#pragma once
// What tests of the server's decisions share.
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

namespace roadbook::testing {

inline schema::Value text(const char* value)
{
    return std::string{value};
}

/// What the device would push now.
inline v1::ChangeList outgoing(Device& device)
{
    return device->take_outbox(0, protocol::batch_changes_max).changes;
}

/// A greeted connection of this device.
inline Connection greet(Company& company, Device& device)
{
    Connection connection{company};
    (void)connection.send(device.hello());
    return connection;
}

/// A copy of the device comes first, has nothing to send, and confirms a withdrawal for both: what the device has not sent is too late from then on.
inline void let_go_by_a_copy(Company& company, Device& device)
{
    Connection copy{company};
    v1::ClientFrame drained;
    drained.mutable_drained()->set_grant_epoch(copy.send(device.hello()).front().welcome().grants().epoch());
    REQUIRE(copy.send(drained).front().has_purge());
}

inline std::string refusal(const std::vector<v1::ServerFrame>& frames)
{
    return frames.size() == 1 && frames.front().has_refusal() ? frames.front().refusal().code() : "none";
}

inline v1::ClientFrame enrolment(const std::string& code)
{
    v1::ClientFrame frame;
    frame.mutable_enrol()->set_version(protocol::version);
    frame.mutable_enrol()->set_code(code);
    return frame;
}

inline schema::Value server_value(Company& company, const RecordId& id, std::string_view field)
{
    return company.hub().record(id).value()[field];
}

inline schema::Value device_value(Device& device, const RecordId& id, std::string_view field)
{
    const auto shown = device->show(id);
    return shown ? shown->merged.record[field] : text("not here");
}

/// A change that claims to be the one that `pushed` has, made by somebody who holds the device's token: `phone` of an account.
inline v1::ChangeList forged_phone(Company& company, const v1::ChangeList& pushed, const char* phone)
{
    v1::ChangeList forged;
    *forged.add_changes() = pushed.changes(0);
    auto document = merge::new_document(*schema::find_kind("account"));
    ActorId actor;
    company.chance().fill(actor.bytes);
    const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{phone}}}};
    forged.mutable_changes(0)->set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
    return forged;
}

inline std::vector<store::AuditEntry> audit_entries(Company& company, store::AuditKind kind)
{
    store::AuditFilter filter;
    filter.kind = kind;
    std::vector<store::AuditEntry> found;
    company.hub().audit().each(filter, [&](const auto& entry) {
        found.push_back(entry);
        return true;
    });
    return found;
}

/// One connection that carries so many bytes, both ways together, and then is gone in the middle of a frame.
inline void sync_until_cut(Company& company, Device& device, std::size_t bytes_max)
{
    sync::SyncClient client{device.replica()};
    Connection connection{company};
    std::deque<Bytes> up;
    std::size_t carried = 0;
    for (auto& frame : client.open().value()) up.push_back(std::move(frame));
    while (!up.empty() && !client.is_closed()) {
        const auto frame = std::move(up.front());
        up.pop_front();
        carried += frame.size();
        if (carried > bytes_max) break;
        for (const auto& answer : connection.send_bytes(frame)) {
            const auto bytes = protocol::write(answer);
            carried += bytes.size();
            if (carried > bytes_max) break;
            for (auto& next : client.receive(bytes)) up.push_back(std::move(next));
        }
        if (carried > bytes_max) break;
    }
    company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
    company.clock().advance(std::chrono::seconds{2}); // until it finds a network again
}

/// Ann, synced, and a manager beside her.
struct Office {
    Company company;
    Device ann{company, "ann", company.ann};
    Device mona{company, "mona", company.mona};
    Office()
    {
        REQUIRE(ann.sync().code == Errc::ok);
        REQUIRE(mona.sync().code == Errc::ok);
    }
    void give_north_to(const RecordId& person)
    {
        REQUIRE(mona->set(company.north, {{"holder", person}}).has_value());
        REQUIRE(mona.sync().code == Errc::ok);
    }
};

} // namespace roadbook::testing
