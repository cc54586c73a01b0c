#pragma once
// What stories read on devices, in a line.
#include "tests/simulation/stories/device.hpp"
#include "tests/simulation/stories/stage.hpp"
#include "tests/support/sqlcipher_pages.hpp"

#include <map>

namespace roadbook::simulation::stories {

[[nodiscard]] inline std::string text(std::string_view value)
{
    return std::string{value};
}

/// "not here" for a record that this device does not have.
[[nodiscard]] inline schema::Value value(Device& device, const RecordId& id, std::string_view field)
{
    const auto shown = device->show(id);
    return shown ? shown->merged.record[field] : schema::Value{text("not here")};
}

[[nodiscard]] inline std::vector<schema::Record> tasks_of(Device& device)
{
    return device->list({"task", {}, "id"}).value();
}

/// Bytes that nothing makes smaller, the same for the same number.
[[nodiscard]] inline Bytes photo(std::uint64_t number, std::size_t size = 30'000)
{
    Bytes bytes(size);
    Chance{number + 1}.fill(bytes);
    return bytes;
}

/// The file is on the server's disk, whole, under its hash.
[[nodiscard]] inline bool is_on_server(Stage& stage, ByteView file)
{
    const auto hash = sha256(file).hex();
    const auto kept = testing::read_file(stage.folder() / "server" / "attachments" / hash.substr(0, 2) / hash.substr(2));
    return to_bytes(as_bytes(kept)) == to_bytes(file);
}

} // namespace roadbook::simulation::stories
