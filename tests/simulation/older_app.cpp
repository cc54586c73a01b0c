#include "tests/simulation/older_app.hpp"

#include "conflict/merge/genesis.hpp"
#include "conflict/merge/scalars.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace roadbook::simulation {

OlderApp::OlderApp(Enrolment enrolment, std::uint64_t seed) : enrolment_{std::move(enrolment)}, chance_{seed}
{
    chance_.fill(actor_.bytes);
}

RecordId OlderApp::add(std::string_view kind, const schema::Fields& fields, Time now)
{
    const auto id = new_id<RecordId>(now, chance_);
    auto& own = own_[id];
    own.kind = schema::find_kind(kind);
    const auto& chain = merge::genesis_of(*own.kind);
    if (chain.links.size() < 2) throw std::runtime_error{fmt::format("a {} has not grown: no older app knows less of it", kind)};
    const std::vector<ByteView> first{chain.links.front()};
    own.document.apply(first).value();
    std::vector<automerge::Edit> edits{{{"id"}, automerge::Edit::Put{to_bytes(id.view())}}};
    for (const auto& [name, value] : fields) edits.push_back({{name}, automerge::Edit::Put{merge::to_scalar(value)}});
    commit(own, id, edits, now);
    return id;
}

std::string OlderApp::set(const RecordId& record, std::string_view field, const std::string& value, Time now)
{
    auto& own = own_.at(record);
    const auto content = own.document.read().value();
    const auto* node = content.root.find(field);
    auto seen = node == nullptr || node->values.empty() ? std::string{} : merge::text_of(node->values.front().value);
    const automerge::Edit edit{{std::string{field}}, automerge::Edit::Put{value}};
    commit(own, record, std::span{&edit, 1}, now);
    return seen;
}

void OlderApp::commit(Own& own, const RecordId& record, std::span<const automerge::Edit> edits, Time now)
{
    const auto change = own.document.commit(actor_, edits).value().value();
    auto& pushed = *outbox.add_changes();
    pushed.set_document(protocol::to_field(record));
    pushed.set_change(protocol::to_field(change.bytes));
    pushed.set_intent(protocol::to_field(new_id<IntentId>(now, chance_)));
    pushed.set_device_time(now.time_since_epoch().count());
    pushed.set_grant_epoch(enrolment_.grant_epoch);
}

std::vector<RecordId> OlderApp::accounts() const
{
    std::vector<RecordId> found;
    for (const auto& [id, own] : own_)
        if (own.kind->name == "account") found.push_back(id);
    return found;
}

protocol::v1::ClientFrame OlderApp::hello(Time now) const
{
    protocol::v1::ClientFrame frame;
    auto& hello = *frame.mutable_hello();
    hello.set_version(protocol::version);
    hello.set_device(enrolment_.device);
    hello.set_token(enrolment_.token);
    hello.set_app_version("older");
    hello.set_device_time(now.time_since_epoch().count());
    hello.set_grant_epoch(enrolment_.grant_epoch);
    hello.set_unsent(static_cast<std::uint32_t>(outbox.changes_size()));
    return frame; // without credit: it asks for no pages
}

protocol::v1::ClientFrame OlderApp::push() const
{
    protocol::v1::ClientFrame frame;
    frame.mutable_push()->set_batch(1);
    auto& list = *frame.mutable_push()->mutable_plain();
    for (int i = 0; i < std::min(outbox.changes_size(), protocol::batch_changes_max); ++i) *list.add_changes() = outbox.changes(i);
    return frame;
}

OlderApp::Heard OlderApp::hear(const protocol::v1::Answers& answers)
{
    Heard heard;
    std::map<int, protocol::v1::Answer> exceptions;
    for (const auto& answer : answers.exceptions()) exceptions[static_cast<int>(answer.index())] = answer;
    protocol::v1::ChangeList rest;
    for (int i = 0; i < outbox.changes_size(); ++i) {
        const auto found = exceptions.find(i);
        const bool is_answered = i < static_cast<int>(answers.count());
        if (!is_answered || (found != exceptions.end() && (found->second.status() == protocol::v1::WAITING || found->second.status() == protocol::v1::NEED))) {
            *rest.add_changes() = outbox.changes(i);
            heard.waiting += is_answered ? 1 : 0;
        } else if (found != exceptions.end() && found->second.status() == protocol::v1::ACCEPTED) {
            heard.late += found->second.late() ? 1 : 0;
        } else if (found != exceptions.end()) {
            heard.refused.push_back(fmt::format("{} {} {}", found->second.code(), found->second.field(), found->second.reason()));
        }
    }
    outbox = std::move(rest);
    return heard;
}

void OlderApp::hear(const protocol::v1::Welcome& welcome)
{
    if (!welcome.new_token().empty()) enrolment_.token = welcome.new_token();
}

} // namespace roadbook::simulation
