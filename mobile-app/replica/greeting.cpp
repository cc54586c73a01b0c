// How a connection begins: what the device says of itself, and what it takes from the server's welcome.
#include "mobile-app/replica/inside.hpp"
#include "mobile-app/replica/replica.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>

namespace roadbook::replica {
namespace {

constexpr auto forget_company_seq = "UPDATE outbox SET company_seq = 0 WHERE company_seq <> 0";

} // namespace

protocol::v1::Hello Replica::hello()
{
    inside_->drop_unnamed_files();
    protocol::v1::Hello hello;
    const auto me = inside_->identity();
    hello.set_version(protocol::version);
    hello.set_revision(protocol::revision);
    hello.set_device_time(inside_->options.clock->now().time_since_epoch().count());
    hello.set_credit(protocol::credit_bytes);
    hello.set_grant_epoch(static_cast<std::uint64_t>(inside_->setting_number("grant_epoch")));
    hello.set_server_epoch(inside_->setting("server_epoch"));
    hello.set_unsent(static_cast<std::uint32_t>(inside_->count("SELECT count(*) FROM outbox")));
    hello.set_bytes_stored(inside_->bytes_stored());
    if (me) {
        hello.set_device(protocol::to_field(me->device));
        hello.set_token(protocol::to_field(me->token));
    }
    if (me) inside_->numbers.add_wants(hello, me->role, inside_->corrected_now());
    inside_->report_refused(*hello.mutable_refused());
    inside_->scopes.ask_for_homeless();
    for (const auto& scope : inside_->scopes.all()) {
        const auto begun = scope.ready ? std::nullopt : inside_->scopes.block_begun(scope.num);
        if (!scope.ready && scope.pack_position == 0 && scope.ahead_position == 0 && !begun) continue; // nothing of it is here yet
        auto& cursor = *hello.add_cursors();
        cursor.set_scope(protocol::to_field(scope.id.bytes()));
        cursor.set_seq(scope.seq);
        cursor.set_running_hash(protocol::to_field(scope.running_hash));
        cursor.set_pack_position(scope.pack_position);
        cursor.set_ahead_position(scope.ahead_position);
        if (begun) {
            cursor.set_block_hash(begun->hash);
            cursor.set_block_offset(begun->bytes);
        }
    }
    return hello;
}

void Replica::adopt_welcome(const protocol::v1::Welcome& welcome)
{
    const auto here = inside_->options.clock->now().time_since_epoch().count();
    storage::Transaction transaction{inside_->db};
    if (inside_->setting("server_epoch") != welcome.server_epoch()) { // places in another feed
        inside_->db.statement(forget_company_seq).run();
        inside_->set_setting("decisions_heard", "0");
    }
    if (welcome.lost_since() == 0) inside_->set_setting("server_epoch", welcome.server_epoch()); // else once it has all back
    inside_->set_setting("role", welcome.role());
    inside_->set_setting("clock_offset", std::to_string(here - welcome.server_time()));
    inside_->numbers.adopt(welcome);
    transaction.commit();
    inside_->note_contact(welcome);
    inside_->adopt_refused(welcome.refused());
    if (welcome.leases_size() != 0) inside_->number_provisional();
}

Replica::Adopted Replica::adopt_grants(const protocol::v1::Grants& grants)
{
    Adopted adopted{false, grants.epoch()};
    storage::Transaction transaction{inside_->db};
    for (auto row : inside_->scopes.all()) {
        const auto key = protocol::to_field(row.id.bytes());
        const bool granted = std::find(grants.scopes().begin(), grants.scopes().end(), key) != grants.scopes().end();
        if (row.withdrawn == granted) {
            row.withdrawn = !granted;
            inside_->scopes.keep(row);
            inside_->show_or_hide(row.num);
        }
        if (!granted) adopted.withdrawn = true;
    }
    for (const auto& field : grants.scopes())
        if (const auto scope = schema::ScopeId::from(as_bytes(field))) (void)inside_->scopes.ensure(*scope);
    inside_->set_setting("grant_epoch", std::to_string(grants.epoch()));
    transaction.commit();
    return adopted;
}

} // namespace roadbook::replica
