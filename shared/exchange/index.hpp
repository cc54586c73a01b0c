#pragma once
// Records by what people and other systems call them.
#include "shared/schema/kind.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::exchange {

/// The fields by which a record of this kind is known in other systems: its code, its number.
[[nodiscard]] std::vector<const schema::Field*> key_fields(const schema::Kind& kind);

/// The records of one kind. Ownership: copies what it needs.
class Index {
public:
    void add(const RecordId& id, std::string_view external_id, std::span<const std::string> keys, std::string_view title);
    void add(const schema::Kind& kind, const schema::Record& record, std::string_view external_id);

    [[nodiscard]] bool has(const RecordId& id) const { return ids_.contains(id); }
    [[nodiscard]] std::vector<RecordId> by_external_id(std::string_view external_id) const;
    [[nodiscard]] std::vector<RecordId> by_key(std::string_view key) const;
    [[nodiscard]] std::vector<RecordId> by_title(std::string_view title) const;
    /// By whichever says something: its id, external id, code or number, title. Several: they share a name.
    [[nodiscard]] std::vector<RecordId> called(std::string_view word) const;

private:
    using Names = std::multimap<std::string, RecordId, std::less<>>;
    [[nodiscard]] static std::vector<RecordId> in(const Names& names, std::string_view name);

    std::map<RecordId, bool> ids_;
    Names external_ids_, keys_, titles_;
};

/// What is there already, and what imports know of it. Implemented by who keeps the records; by vectors in tests.
class Known {
public:
    Known() = default;
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    virtual ~Known() = default;

    /// Of a kind; deleted records are in it by their id and external id only.
    [[nodiscard]] virtual const Index& index(const schema::Kind& kind) = 0;
    /// Nothing when there is none; a deleted one says so itself.
    [[nodiscard]] virtual std::optional<schema::Record> record(const RecordId& id) = 0;
    struct Memory {
        std::map<std::string, std::string> texts; ///< what the last import wrote, as exchange::Texts
        bool is_undone = false;                   ///< that import was taken back
    };
    [[nodiscard]] virtual const Memory& memory(const RecordId& id) = 0;
};

} // namespace roadbook::exchange
