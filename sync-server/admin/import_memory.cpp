#include "sync-server/admin/import_memory.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace roadbook::server {
namespace {

void add_texts(ImportMemory::Texts& texts, const std::vector<schema::Field>& declared, const schema::Fields& fields, const std::string& prefix)
{
    for (const auto& field : declared)
        if (const auto value = fields.find(field.name); value != fields.end()) texts[prefix + field.name] = schema::format(field, value->second);
}

/// Closes itself; write errors are told by write_all() and sync().
class File {
public:
    explicit File(const std::filesystem::path& path) : descriptor_{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] bool write_all(std::string_view text) const
    {
        while (!text.empty()) {
            const auto written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return ::fsync(descriptor_) == 0;
    }

private:
    int descriptor_;
};

} // namespace

Result<ImportMemory> ImportMemory::load(std::filesystem::path file)
{
    ImportMemory memory;
    memory.file_ = std::move(file);
    std::ifstream in{memory.file_};
    if (!in) return memory; // the first import
    const auto json = nlohmann::json::parse(in, nullptr, false);
    const auto damaged = [&] {
        return fail(Errc::storage_damaged, fmt::format("{} is damaged: nothing was imported. Delete it and run the import again; rows that "
                                                       "people have edited since the last import are then set back to what the files say",
                                                       memory.file_.string()));
    };
    if (!json.is_object()) return damaged();
    for (const auto& [id, texts] : json.items()) {
        if (!texts.is_object()) return damaged();
        for (const auto& [path, text] : texts.items()) {
            if (!text.is_string()) return damaged();
            memory.records_[id][path] = text.get<std::string>();
        }
    }
    return memory;
}

const ImportMemory::Texts& ImportMemory::of(const RecordId& id) const
{
    static const Texts none;
    const auto found = records_.find(id.text());
    return found == records_.end() ? none : found->second;
}

void ImportMemory::keep(const schema::Record& record)
{
    records_[record.id.text()] = texts_of(record);
}

Result<void> ImportMemory::save() const
{
    auto fresh = file_;
    fresh += ".new";
    const auto failed = [&] {
        const auto code = errno == ENOSPC || errno == EDQUOT ? Errc::storage_full : Errc::file_unreadable;
        return fail(code, fmt::format("{} cannot be written ({}). The records are imported and safe; run the import again when this is mended", fresh.string(),
                                      std::strerror(errno)));
    };
    if (!File{fresh}.write_all(nlohmann::json(records_).dump())) return failed();
    if (std::rename(fresh.c_str(), file_.c_str()) != 0) return failed();
    return {};
}

ImportMemory::Texts ImportMemory::texts_of(const schema::Record& record)
{
    Texts texts;
    const auto* kind = schema::find_kind(record.kind);
    add_texts(texts, kind->fields, record.fields, {});
    for (const auto& collection : kind->collections) {
        const auto children = record.collections.find(collection.name);
        if (children == record.collections.end()) continue;
        for (const auto& child : children->second)
            add_texts(texts, collection.fields, child.fields, fmt::format("{}/{}/", collection.name, child.id.text()));
    }
    return texts;
}

} // namespace roadbook::server
