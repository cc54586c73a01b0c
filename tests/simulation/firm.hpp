#pragma once
// The firm of every world: a server, its people and their twelve devices, enrolled and synced by the product itself, once for all worlds of a process.
#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/schema/roles.hpp"
#include "tests/simulation/crash_vfs.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/older_app.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace roadbook::simulation {

struct Firm {
    struct Person {
        RecordId id;
        std::string name;
        schema::Role role = schema::Role::rep;
        std::optional<RecordId> boss;
    };
    struct Machine {
        std::string name;
        std::size_t person = 0; ///< in `people`
        Disk::Image disk;
    };

    std::vector<Person> people;
    std::vector<Machine> machines; ///< devices, the first is a rep's
    std::vector<RecordId> territories, products;
    Disk::Image server;
    Disk::Image new_replica; ///< of a device that was never enrolled
    Enrolment older_app;     ///< of the first rep, who has two territories
    std::filesystem::path folder; ///< what does not stand in databases
    Time founded_at;
    Ledger ledger;

    [[nodiscard]] const Person& person(const RecordId& id) const;
    [[nodiscard]] std::vector<RecordId> people_of(schema::Role role) const;
    /// Is he above the other one in the reporting line?
    [[nodiscard]] bool leads(const RecordId& boss, const RecordId& person) const;

    Firm() = default;
    Firm(const Firm&) = delete;
    Firm& operator=(const Firm&) = delete;
    ~Firm();
};

/// Made at the first call. Threads: any.
[[nodiscard]] const Firm& the_firm();

/// A folder in memory where the machine has such, for this process alone.
[[nodiscard]] std::filesystem::path world_folder(std::string_view name);

} // namespace roadbook::simulation
