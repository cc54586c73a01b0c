#pragma once
// What an import wrote last time, field by field, so that the next run changes only what the files changed since, and leaves alone
// what people have edited in between.
#include "shared/schema/kind.hpp"

#include <filesystem>
#include <map>

namespace roadbook::server {

/// A file in the data folder. Losing it is harmless: the next run then compares with the records alone.
class ImportMemory {
public:
    using Texts = std::map<std::string, std::string>; ///< by path: "phone", "lines/0190.../quantity"

    /// Errors: storage_damaged when the file is there but no memory of an import.
    [[nodiscard]] static Result<ImportMemory> load(std::filesystem::path file);

    /// The texts of this record at the last import; empty: it was not in it.
    [[nodiscard]] const Texts& of(const RecordId& id) const;
    void keep(const schema::Record& record);
    /// Replaces the file as a whole, synced to disk. Errors: storage_full, file_unreadable.
    [[nodiscard]] Result<void> save() const;

    /// Every value of a record as text, exact, as it is remembered.
    [[nodiscard]] static Texts texts_of(const schema::Record& record);

private:
    std::filesystem::path file_;
    std::map<std::string, Texts> records_; ///< by id
};

} // namespace roadbook::server
