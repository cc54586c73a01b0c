#pragma once
// Who is there and who holds what, for the administrator: lists, changes, and finding a record by what people call it.
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

struct PersonRow {
    RecordId id;
    std::string name, role, title, email;
    std::optional<RecordId> reports_to;
    std::string reports_to_name;
    int devices = 0; ///< enrolled and not revoked
};

struct TerritoryRow {
    RecordId id;
    std::string name, code, region;
    std::optional<RecordId> holder;
    std::string holder_name;
};

struct NewPerson {
    std::string name, role, title, email, phone;
    std::optional<RecordId> reports_to;
};

/// Ownership: borrows the hub. Each change is committed when the call returns; a running server notices it by itself.
class Directory {
public:
    explicit Directory(Hub& hub) : hub_{hub} {}

    /// By name.
    [[nodiscard]] std::vector<PersonRow> people();
    [[nodiscard]] std::vector<TerritoryRow> territories();

    // A word is an id, or a name or code in any case, or a part of a name that only one has.
    // Errors: not_found; bad_argument when several fit, which it names.
    [[nodiscard]] Result<RecordId> find_person(std::string_view word);
    [[nodiscard]] Result<RecordId> find_territory(std::string_view word);
    [[nodiscard]] Result<DeviceId> find_device(std::string_view word);

    /// Errors: invalid_value and bad_argument with the field.
    [[nodiscard]] Result<RecordId> add_person(const NewPerson& person);
    [[nodiscard]] Result<void> set_role(const RecordId& person, std::string_view role);
    /// Nobody: he is the head. Errors: bad_argument when the line would be a circle.
    [[nodiscard]] Result<void> set_reports_to(const RecordId& person, const std::optional<RecordId>& boss);
    /// Nobody: the territory is vacant.
    [[nodiscard]] Result<void> assign(const RecordId& territory, const std::optional<RecordId>& holder);

    /// At once, or from the day `on` on.
    [[nodiscard]] Result<void> hand_over(const RecordId& territory, const RecordId& to, const std::string& on);
    /// Takes the last hand-over back, or the one that was agreed for a later day. Errors: not_allowed with the reason.
    [[nodiscard]] Result<void> take_back_handover(const RecordId& territory);

    /// "Nancy Davolio"; the id's text for one that is not there.
    [[nodiscard]] std::string name_of(const RecordId& person);

private:
    [[nodiscard]] Result<void> edit(const RecordId& record, std::string_view kind, schema::Fields fields, bool create = false, std::string_view reason = {});

    Hub& hub_;
};

} // namespace roadbook::server
