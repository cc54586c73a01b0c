#pragma once
// Files of any record type into the server's store, and out of it.
#include "shared/exchange/import_plan.hpp"
#include "sync-server/admin/import_writer.hpp"

namespace roadbook::server {

/// What the server holds, for an import to compare with. Ownership: borrows both. Bounds: the names of all records of the kinds that a
/// file refers to, and the memory of one record at a time.
class HubRecords : public exchange::Known {
public:
    HubRecords(Hub& hub, ImportMemory& memory) : hub_{hub}, memory_{memory} {}
    [[nodiscard]] const exchange::Index& index(const schema::Kind& kind) override;
    [[nodiscard]] std::optional<schema::Record> record(const RecordId& id) override;
    [[nodiscard]] const Memory& memory(const RecordId& id) override;
    /// The title of a record that a field refers to; its id's text when it is not there.
    [[nodiscard]] std::string title_of(const RecordId& id);

private:
    Hub& hub_;
    ImportMemory& memory_;
    std::map<std::string, exchange::Index> indices_;
    Memory current_;
    std::map<RecordId, std::string> titles_;
};

/// Writes what the plan says; a record that the server refuses becomes a refused one of the plan, with the reason.
void carry_out(Hub& hub, ImportMemory& memory, std::string_view what, std::string_view file, exchange::ImportPlan& plan);

/// All records of a kind that are not deleted, by id.
[[nodiscard]] std::vector<schema::Record> all_records(Hub& hub, const schema::Kind& kind);

} // namespace roadbook::server
