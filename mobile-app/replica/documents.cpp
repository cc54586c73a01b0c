#include "mobile-app/replica/documents.hpp"

#include "conflict/merge/genesis.hpp"

#include <fmt/format.h>

namespace roadbook::replica {
namespace {

constexpr auto select_row = "SELECT num, kind FROM document WHERE id = :id";
constexpr auto select_id = "SELECT id FROM document WHERE num = :num";
constexpr auto select_base = "SELECT num, kind, base FROM document WHERE id = :id";
constexpr auto select_tail = "SELECT change FROM tail WHERE document = :document ORDER BY position";
constexpr auto insert_base = "INSERT INTO document (id, kind, base) VALUES (:id, :kind, :base)";
constexpr auto clear_tail = "DELETE FROM tail WHERE document = :document";
constexpr auto insert_tail = R"sql(
    INSERT INTO tail (document, position, change)
        VALUES (:document, (SELECT coalesce(max(position), 0) + 1 FROM tail WHERE document = :document), :change))sql";
constexpr auto update_base = "UPDATE document SET base = :base WHERE num = :num";
constexpr auto delete_document = "DELETE FROM document WHERE num = :num";

} // namespace

std::optional<Documents::Row> Documents::find(const RecordId& id)
{
    auto rows = db_.statement(select_row);
    rows.bind(":id", id);
    if (!rows.step()) return std::nullopt;
    return Row{rows.integer(0), rows.text(1)};
}

RecordId Documents::id_of(std::int64_t num)
{
    auto rows = db_.statement(select_id);
    rows.bind(":num", num);
    return rows.step() ? rows.id<RecordId>(0) : RecordId{};
}

Result<Held*> Documents::hold(const RecordId& id)
{
    if (const auto found = by_id_.find(id); found != by_id_.end()) {
        held_.splice(held_.begin(), held_, found->second);
        return &held_.front();
    }
    auto rows = db_.statement(select_base);
    rows.bind(":id", id);
    if (!rows.step()) return fail(Errc::not_found, Bilingual{fmt::format("there is no record {} on this device", id.text()), fmt::format("此设备上没有记录 {}", id.text())});
    Held held{rows.integer(0), id, schema::find_kind(rows.text_view(1)), rows.text(1), {}, 0};
    auto loaded = automerge::Document::load(rows.blob_view(2));
    if (!loaded) return loaded.error();
    held.document = std::move(*loaded);
    if (held.kind != nullptr) ROADBOOK_CHECK(merge::complete(held.document, *held.kind));
    std::vector<Bytes> tail;
    auto changes = db_.statement(select_tail);
    changes.bind(":document", held.num);
    while (changes.step()) tail.push_back(changes.blob(0));
    held.tail_length = static_cast<int>(tail.size());
    const std::vector<ByteView> views{tail.begin(), tail.end()};
    if (!views.empty()) ROADBOOK_CHECK(held.document.apply(views));
    keep(std::move(held));
    return &held_.front();
}

Result<Held*> Documents::hold_known(const RecordId& id)
{
    const auto held = hold(id);
    if (held && (*held)->kind == nullptr)
        return fail(Errc::unsupported_version, Bilingual{fmt::format("the record type '{}' needs a newer app; the record is kept as it is", (*held)->kind_name),
                                                         fmt::format("记录类型“{}”需要更新的应用版本，该记录保持原样", (*held)->kind_name)});
    return held;
}

void Documents::keep(Held held)
{
    drop(held.id);
    held_.push_front(std::move(held));
    by_id_[held_.front().id] = held_.begin();
    if (held_.size() > held_max) {
        by_id_.erase(held_.back().id);
        held_.pop_back();
    }
}

void Documents::drop(const RecordId& id)
{
    if (const auto found = by_id_.find(id); found != by_id_.end()) {
        held_.erase(found->second);
        by_id_.erase(found);
    }
}

void Documents::drop_all()
{
    by_id_.clear();
    held_.clear();
}

std::int64_t Documents::store_base(const RecordId& id, std::string_view kind, ByteView saved)
{
    const auto known = find(id);
    if (!known) {
        db_.statement(insert_base).bind(":id", id).bind(":kind", kind).bind(":base", saved).run();
        return db_.last_row();
    }
    db_.statement(update_base).bind(":base", saved).bind(":num", known->num).run();
    db_.statement(clear_tail).bind(":document", known->num).run();
    drop(id);
    return known->num;
}

std::int64_t Documents::store_base(const RecordId& id, std::string_view kind, ByteView saved, automerge::Document document)
{
    const auto num = store_base(id, kind, saved);
    keep({num, id, schema::find_kind(kind), std::string{kind}, std::move(document), 0});
    return num;
}

void Documents::append_tail(Held& held, ByteView change)
{
    db_.statement(insert_tail).bind(":document", held.num).bind(":change", change).run();
    if (++held.tail_length < tail_max) return;
    const auto saved = held.document.save();
    if (!saved) return; // the tail holds it all: only slower to load
    db_.statement(update_base).bind(":base", ByteView{*saved}).bind(":num", held.num).run();
    db_.statement(clear_tail).bind(":document", held.num).run();
    held.tail_length = 0;
}

void Documents::erase(std::int64_t num, const RecordId& id)
{
    drop(id);
    db_.statement(delete_document).bind(":num", num).run();
}

} // namespace roadbook::replica
