#pragma once
// Edits that close a circle in a tree that all people hold (territories, the reporting line): refused where their author could have known the
// rest of it. Where two managers close one apart, neither did anything wrong: both edits are taken, and grants follow the circle once.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// Lives for one commit. Ownership: borrows the hub. Threads: one.
class Circles {
public:
    explicit Circles(Hub::Inside& hub) : hub_{hub} {}

    /// `known`: how far the author's device had stored the company's feed when it saved the edit. A link counts as known when nobody else has
    /// changed its record since; in doubt it does not. The server's own edits know everything. Errors: invalid_value with the field.
    [[nodiscard]] Result<void> check(const schema::Kind& kind, const schema::Record& before, const schema::Record& after, const Caller& caller,
                                     std::uint64_t known);
    /// Admitted earlier in this commit, though not in the store yet.
    void note(const schema::Kind& kind, const schema::Record& merged, const DeviceId& by);

private:
    struct Written {
        std::map<std::string, std::optional<RecordId>> links; ///< by field
        std::optional<DeviceId> by;                           ///< nothing: several devices
    };
    [[nodiscard]] std::optional<RecordId> next(const schema::Kind& kind, const std::string& field, const RecordId& record);
    [[nodiscard]] bool knows(const Caller& caller, std::uint64_t known, const RecordId& record);

    Hub::Inside& hub_;
    std::map<RecordId, Written> written_;
};

} // namespace roadbook::server
