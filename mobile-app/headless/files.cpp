// `attach` and `fetch`: files of records.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/names.hpp"
#include "shared/schema/attachment.hpp"
#include "shared/storage/durable_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace roadbook::headless {
namespace {

namespace fs = std::filesystem;

/// By its name, or the first digits of its hash when several have one name.
Result<schema::AttachedFile> file_named(const schema::Record& record, const std::string& word)
{
    constexpr std::size_t digits_min = 6;
    std::vector<schema::AttachedFile> found;
    const auto files = record.collections.find(schema::attachments_collection);
    if (files != record.collections.end())
        for (const auto& child : files->second) {
            const auto file = child.removed ? std::nullopt : schema::attached_file(child);
            if (file && (file->name == word || (word.size() >= digits_min && file->hash.hex().starts_with(word)))) found.push_back(*file);
        }
    if (found.empty()) return fail(Errc::not_found, fmt::format("the record names no file '{}': `show` lists its attachments", word), "name");
    if (found.size() == 1) return found.front();
    std::string hashes;
    for (const auto& file : found) hashes += fmt::format(" {}", file.hash.hex().substr(0, digits_min * 2));
    return fail(Errc::bad_argument, fmt::format("several files are called '{}': name one by its hash:{}", word, hashes), "name");
}

} // namespace

std::string media_type_of(const std::filesystem::path& file)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{
        {{".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".png", "image/png"}, {".heic", "image/heic"}, {".webp", "image/webp"}, {".pdf", "application/pdf"}, {".txt", "text/plain"}, {".csv", "text/csv"}}};
    auto ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto found = std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == ending; });
    return found == types.end() ? std::string{} : std::string{found->second};
}

Result<Answer> run(const AttachCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    const auto bytes = storage::read_file(call.file, static_cast<std::size_t>(schema::attachment_bytes_max));
    if (!bytes) return bytes.error();
    const auto name = call.name.empty() ? fs::path{call.file}.filename().string() : call.name;
    const auto made = replica.attach(*id, name, media_type_of(name), *bytes, call.entry);
    if (!made) return made.error();
    if (form.json)
        return Answer{Json{{"record", id->text()}, {"item", made->text()}, {"name", name}, {"size", bytes->size()}, {"sha256", sha256(*bytes).hex()}}};
    return Answer{fmt::format("{} is attached ({} bytes); it is sent with the next sync, and kept here until the server has it\n", name, bytes->size())};
}

Result<Answer> run(const FetchCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    const auto shown = replica.show(*id);
    if (!shown) return shown.error();
    const auto file = file_named(shown->merged.record, call.name);
    if (!file) return file.error();
    const auto bytes = replica.attachment(*id, file->hash);
    if (bytes) ROADBOOK_CHECK(storage::write_durably(call.to, *bytes));
    else ROADBOOK_CHECK(replica.want_attachment(*id, file->hash));
    if (form.json)
        return Answer{Json{{"record", id->text()}, {"name", file->name}, {"sha256", file->hash.hex()}, {"here", bytes.has_value()}, {"file", bytes ? Json(call.to) : Json(nullptr)}}};
    if (bytes) return Answer{fmt::format("{} is in {}\n", file->name, call.to)};
    return Answer{fmt::format("{} is not here yet: the next sync fetches it; then ask again\n", file->name)};
}

} // namespace roadbook::headless
