#pragma once
// What screens need of a replica, and no more. The app implements it over the replica and a reading connection of its own; the
// gallery and the tests implement it with records that never change.
#include "shared/schema/kind.hpp"
#include "shared/storage/read_model.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace roadbook::viewmodels {

/// One edit as a form makes it: the fields that the user changed and nothing else, so that what he did not touch cannot clash.
struct Edit {
    std::string kind;
    std::optional<RecordId> record; ///< nothing: a new one
    schema::Fields fields;
};

/// Who uses this device.
struct Person {
    RecordId id;
    std::string name;
    schema::Role role = schema::Role::rep;
    std::string server;
};

struct UnsentEdit {
    RecordId record;
    std::string kind;
    std::string title;
    std::string fields; ///< names of the fields that it set, separated by commas
    Time when;
};

/// One field that people wrote apart and that a person must settle.
struct OpenConflict {
    struct Value {
        schema::Value value;
        std::string person;
        std::optional<Time> when;
    };
    RecordId record;
    std::string kind;
    std::string title;
    std::string path; ///< "phone" or "lines/ID/quantity"
    std::vector<Value> values; ///< the one that shows first
};

struct RefusedEdit {
    RecordId record;
    std::string kind;
    std::string title;
    std::string field;
    Bilingual reason;
    Time when;
};

/// The work that is not settled yet, as it was after the last change.
struct Overview {
    std::optional<Person> person; ///< nothing: not enrolled
    std::int64_t records = 0;
    std::vector<UnsentEdit> unsent; ///< oldest first
    std::vector<OpenConflict> conflicts;
    std::vector<RefusedEdit> refused;
};

/// Threads:  the GUI thread for every call and every callback.
/// Waiting:  reads come from a connection that no merge holds up; save() and resolve() return at once and answer later.
/// Errors:   storage faults come back as Errors, never as exceptions.
class RecordSource {
public:
    enum class State { opening, open, failed };
    using Answer = std::function<void(const Result<RecordId>&)>;

    RecordSource() = default;
    RecordSource(const RecordSource&) = delete;
    RecordSource& operator=(const RecordSource&) = delete;
    virtual ~RecordSource() = default;

    [[nodiscard]] virtual State state() const = 0;
    [[nodiscard]] virtual Error failure() const = 0; ///< why it failed to open

    [[nodiscard]] virtual Result<std::vector<schema::Record>> list(const storage::Query& query) = 0;
    [[nodiscard]] virtual Result<std::vector<storage::Hit>> search(const std::string& text, const std::string& kind, int limit) = 0;
    [[nodiscard]] virtual Result<std::optional<schema::Record>> get(const RecordId& id, const std::string& kind) = 0;
    [[nodiscard]] virtual Result<std::int64_t> count(const std::string& kind) = 0;
    [[nodiscard]] virtual const Overview& overview() const = 0;

    /// Answers with the record's id after it is durable on this device.
    virtual void save(Edit edit, Answer answer) = 0;
    /// Settles an open conflict with one of its values.
    virtual void resolve(const RecordId& record, const std::string& path, const schema::Value& value, Answer answer) = 0;

    /// Called after records, the overview or the state changed; one listener.
    virtual void listen(std::function<void()> changed) = 0;
};

} // namespace roadbook::viewmodels
