#include "tests/simulation/stories/device.hpp"

#include "tests/simulation/stories/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>

namespace roadbook::simulation::stories {
namespace {

/// Disks are found by their name in the whole process.
std::string disk_name(const std::string& device)
{
    static std::atomic<int> disks{0};
    return fmt::format("story-{}-{}", device, ++disks);
}

std::set<ChildId> children_of(replica::Replica& replica, const RecordId& id, std::string_view collection)
{
    std::set<ChildId> ids;
    const auto shown = replica.show(id).value();
    const auto found = shown.merged.record.collections.find(collection);
    if (found == shown.merged.record.collections.end()) return ids;
    for (const auto& child : found->second) ids.insert(child.id);
    return ids;
}

} // namespace

Device::Device(Stage& stage, std::string name, const RecordId& person, With with)
    : clock{stage.clock()}, stage_{stage}, name_{std::move(name)}, person_{person}, with_{with}, chance_{std::hash<std::string>{}(name_)},
      disk_{disk_name(name_)}
{
    std::filesystem::create_directories(folder());
    std::ofstream{folder() / replica::Replica::file_name}; // an installation is known by its file's place, though its bytes are on the disk
    open();
}

std::filesystem::path Device::folder() const
{
    return stage_.folder() / name_;
}

void Device::open()
{
    replica::Replica::Options options{.folder = folder(), .clock = &clock, .random = &chance_, .vfs = disk_.vfs()};
    if (has_vault()) {
        constexpr StretchCost cheap{1, 64}; // a story about the PIN is told elsewhere
        vault_ = replica::Vault::open({folder(), &clock, &chance_, [this] { return uptime; }, cheap}).value();
        options.vault = vault_;
        options.key = vault_->unlock({}).value();
    }
    auto opened = replica::Replica::open(options);
    if (!opened) throw std::runtime_error{name_ + " does not open: " + opened.error().message};
    replica_ = std::move(*opened);
}

void Device::restart()
{
    close();
    if (disk_.is_dead()) {
        stage_.note_power_lost();
        disk_.power_on();
    }
    open();
}

void Device::note_wiped() noexcept
{
    wiped_ = true;
    close();
}

void Device::does_it(const std::function<std::optional<Error>(replica::Replica&)>& act)
{
    for (;;) {
        const auto before = replica_->status().unsent;
        try {
            const auto error = act(*replica_);
            if (!error) return;
            if (!disk_.is_dead())
                throw std::runtime_error{fmt::format("{}: {} {}: {}", name_, roadbook::name(error->code), error->field, error->message)};
        } catch (const Fault&) {
            if (!disk_.is_dead()) throw;
        }
        restart();
        if (replica_->status().unsent > before) return; // it was saved before the power went
    }
}

template <class Act>
ChildId Device::makes_child(const RecordId& id, std::string_view collection, Act&& act)
{
    const auto before = children_of(*replica_, id, collection);
    does(act);
    for (const auto& child : children_of(*replica_, id, collection))
        if (!before.contains(child)) return child;
    throw std::runtime_error{name_ + " made no entry of " + std::string{collection}};
}

RecordId Device::add(std::string_view kind, const schema::Fields& fields)
{
    does([&](auto& replica) { return replica.add(kind, fields); });
    return replica_->outbox().back().record;
}

void Device::set(const RecordId& id, const schema::Fields& fields, std::string_view reason)
{
    does([&](auto& replica) { return replica.set(id, fields, reason); });
}

ChildId Device::add_item(const RecordId& id, std::string_view collection, const schema::Fields& fields)
{
    return makes_child(id, collection, [&](auto& replica) { return replica.add_item(id, collection, fields); });
}

void Device::set_item(const RecordId& id, std::string_view collection, const ChildId& item, const schema::Fields& fields)
{
    does([&](auto& replica) { return replica.set_item(id, collection, item, fields); });
}

void Device::remove_item(const RecordId& id, std::string_view collection, const ChildId& item)
{
    does([&](auto& replica) { return replica.remove_item(id, collection, item); });
}

void Device::attach(const RecordId& id, std::string_view file_name, std::string_view media_type, ByteView bytes)
{
    does([&](auto& replica) { return replica.attach(id, file_name, media_type, bytes); });
}

void Device::resolve(const RecordId& id, std::string_view path, const schema::Value& value, std::string_view reason)
{
    does([&](auto& replica) { return replica.resolve(id, path, value, reason); });
}

ChildId Device::approve(const RecordId& id, std::string_view reason)
{
    return makes_child(id, "approvals", [&](auto& replica) { return replica.approve(id, replica::Decision::approved, reason); });
}

ChildId Device::sign(const RecordId& id, const replica::Signer& signer)
{
    return makes_child(id, "signatures", [&](auto& replica) { return replica.sign(id, signer); });
}

} // namespace roadbook::simulation::stories
