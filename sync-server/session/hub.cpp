#include "sync-server/session/hub.hpp"

#include "conflict/merge/genesis.hpp"
#include "shared/base/log.hpp"
#include "sync-server/session/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::size_t epoch_bytes = 16;

} // namespace

void Hub::Inside::load_organisation()
{
    organisation = {};
    for (const auto* kind : {"person", "territory"})
        for (const auto& id : store.documents_of(kind)) organisation.put(read(*store.document(id)).record);
    granted.clear();
    grants_change_at = options.clock->now(); // a day may have come while no server ran
}

void Hub::Inside::forget_memory()
{
    documents.clear();
    pack_blocks.clear();
    load_organisation();
}

void Hub::Inside::refresh()
{
    const auto version = store.data_version();
    if (version == data_version) return;
    others_committed = true;
    forget_memory();
    data_version = version; // last: when reading fails, the next call tries again
}

void Hub::Inside::note(const News& news)
{
    untold.grown.insert(untold.grown.end(), news.grown.begin(), news.grown.end());
    untold.regranted.insert(untold.regranted.end(), news.regranted.begin(), news.regranted.end());
    untold.revoked.insert(untold.revoked.end(), news.revoked.begin(), news.revoked.end());
    untold.decided = untold.decided || news.decided;
}

const std::set<schema::ScopeId>& Hub::Inside::grants(const RecordId& person)
{
    const auto found = granted.find(person);
    return found != granted.end() ? found->second : granted.emplace(person, organisation.grants(person, options.clock->now())).first->second;
}

std::vector<protocol::ServerSession::FeedHead> Hub::Inside::heads_of(const RecordId& person)
{
    std::vector<protocol::ServerSession::FeedHead> heads;
    for (const auto& scope : grants(person)) {
        const auto head = store.scope(scope);
        heads.push_back({scope, head ? head->seq : 0});
    }
    return heads;
}

protocol::v1::Grants Hub::Inside::grants_frame(const RecordId& person)
{
    protocol::v1::Grants frame;
    frame.set_epoch(store.grant_epoch(person));
    for (const auto& scope : grants(person)) frame.add_scopes(protocol::to_field(scope.bytes()));
    return frame;
}

Result<automerge::Document> Hub::Inside::load(const store::DocumentRow& row)
{
    auto loaded = automerge::Document::load(snapshot(row));
    const auto* kind = schema::find_kind(row.kind);
    if (loaded && kind != nullptr) ROADBOOK_CHECK(merge::complete(*loaded, *kind));
    return loaded;
}

Bytes Hub::Inside::snapshot(const store::DocumentRow& row)
{
    auto kept = store.snapshot(row.num);
    const auto* kind = schema::find_kind(row.kind);
    if (kind == nullptr || automerge::Document::is_intact(kept)) return kept;
    log::error("snapshot_damaged", "document={} made_again_from=log", row.id.text());
    auto changes = store.changes_of(row.num, true);
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.num < b.num; }); // what one builds on came before it
    std::vector<ByteView> bytes;
    for (const auto& change : changes) bytes.emplace_back(change.bytes);
    auto document = merge::new_document(*kind);
    document.apply(bytes).value();
    auto saved = document.save().value();
    if (store.db().in_transaction()) (void)store.put_document(row.id, row.kind, saved);
    return saved;
}

merge::Merged Hub::Inside::read(const store::DocumentRow& row)
{
    return merge::read(*schema::find_kind(row.kind), row.id, load(row).value()).value();
}

Hub::Hub(std::unique_ptr<Inside> inside) noexcept : inside_{std::move(inside)} {}
Hub::~Hub() = default;

Clock& Hub::clock()
{
    return *inside_->options.clock;
}

Random& Hub::random()
{
    return *inside_->options.random;
}

Allowances& Hub::allowances()
{
    return inside_->allowances;
}

Result<std::unique_ptr<Hub>> Hub::open(const Options& options)
{
    std::error_code ec;
    std::filesystem::create_directories(options.folder, ec);
    if (ec) return fail(Errc::file_unreadable, fmt::format("the data folder {} cannot be made: {}", options.folder.string(), ec.message()));
    std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, ec);
    auto kept = store::Store::open({options.folder / file_name, false, {}, options.vfs});
    if (!kept) return kept.error();
    try {
        auto inside = std::make_unique<Inside>(options, std::move(*kept));
        storage::Transaction transaction{inside->store.db()};
        auto epoch = inside->store.setting("epoch");
        if (epoch.empty()) {
            epoch = protocol::to_field(options.random->bytes(epoch_bytes));
            inside->store.set_setting("epoch", epoch);
        }
        auto sealing = inside->store.setting("sealing_key");
        if (sealing.empty()) {
            sealing = as_text(SealingKeys::make(*options.random).secret_key);
            inside->store.set_setting("sealing_key", sealing);
        }
        inside->sealing = SealingKeys::of(as_bytes(sealing));
        transaction.commit();
        inside->epoch = to_bytes(as_bytes(epoch));
        auto key = seal_key(options.folder, *options.random);
        if (!key) return key.error();
        inside->seal_key = std::move(*key);
        inside->data_version = inside->store.data_version();
        inside->load_organisation();
        inside->attachments.drop_unfinished(options.clock->now() - limits::unfinished_kept);
        storage::Transaction finding{inside->store.db()};
        if (const auto print = sha256(inside->seal_key).hex(); inside->store.setting(seal_key_print_setting) != print) inside->store.set_setting(seal_key_print_setting, print);
        if (inside->findings.prepare()) inside->find_anew();
        prepare_agenda(*inside);
        finding.commit();
        return std::unique_ptr<Hub>{new Hub{std::move(inside)}};
    } catch (const Fault& fault) {
        return fault.error();
    }
}

} // namespace roadbook::server
