#pragma once
// Tasks that the server makes for people, as its own actor: one for each cause, with an id made from it, so that everybody is told once
// ("told" is a state of the task, not of a device); closed, with the reason, when the cause is gone.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// One task for one cause. Borrows the hub.
class NoticeTask {
public:
    /// `cause`: "overdrawn_stock/VAN/PRODUCT"; kept in the task's field `finding`.
    NoticeTask(Hub::Inside& hub, std::string cause, Time now);

    /// Nothing for one that was told already; one that was withdrawn opens again.
    [[nodiscard]] std::optional<merge::Intent> open(const RecordId& owner, const Bilingual& subject, schema::Fields more = {});
    /// Nothing when it is not open.
    [[nodiscard]] std::optional<merge::Intent> withdraw(const Bilingual& why);

private:
    merge::Intent edit(schema::Fields fields, bool create, std::string reason);

    Hub::Inside& hub_;
    std::string cause_;
    Time now_;
    RecordId id_;
    std::optional<schema::Record> task_;
};

/// The record, if it is there and of this type.
[[nodiscard]] std::optional<schema::Record> record_of(Hub::Inside& hub, const RecordId& id, std::string_view kind);
/// Up the reporting line, himself first. A circle in it is followed once.
[[nodiscard]] std::vector<RecordId> line_above(const access::Organisation& organisation, const RecordId& person);
[[nodiscard]] bool sees_all(Hub::Inside& hub, const RecordId& person, std::span<const RecordId> records);

/// Fields that people wrote apart and that a person must settle: those who wrote them, whose record it is, and if none of these may settle
/// it, the lowest manager above who may, are told once. Called where the record is stored; the intents are effects of that.
[[nodiscard]] std::vector<merge::Intent> notices_of_conflicts(Hub::Inside& hub, const store::DocumentRow& row, const automerge::Document& document,
                                                              const merge::Merged& merged, Time now);

} // namespace roadbook::server
