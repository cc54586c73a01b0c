#include "sync-server/admin/demo.hpp"

#include "shared/exchange/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <unordered_set>

namespace roadbook::server {
namespace {

using Ids = std::unordered_set<RecordId>;

constexpr auto mark_name = "DEMO-BOOKS";
constexpr std::size_t records_per_commit = 2'000; // as many as the hub takes in one

Ids ids_in(Hub& hub)
{
    Ids ids;
    const auto is_notice = [&](const RecordId& id) { return !schema::text_of(hub.record(id).value(), "finding").empty(); };
    for (const auto& kind : schema::kinds())
        for (const auto& id : hub.records_of(kind.name))
            if (kind.name != "task" || !is_notice(id)) ids.insert(id); // what the server tells people because of the books is not of them
    return ids;
}

/// Collects what is missing and commits it chunk by chunk.
class DemoWriter {
public:
    DemoWriter(Hub& hub, const Ids& present, std::size_t total, const std::function<void(std::size_t, std::size_t)>& progress)
        : hub_{hub}, present_{present}, total_{total}, progress_{progress}
    {
    }

    void take(const schema::Record& record)
    {
        if (failed_) return;
        ++seen_;
        const bool is_new = !present_.contains(record.id);
        count(record.kind, is_new, 1);
        for (const auto& [name, children] : record.collections) count(fmt::format("{} {}", record.kind, name), is_new, static_cast<int>(children.size()));
        if (!is_new) return;
        intents_.push_back(intent_of(record));
        if (intents_.size() == records_per_commit) flush();
    }

    Result<ImportReport> finish()
    {
        flush();
        if (failed_) return *failed_;
        return ImportReport{std::move(counts_), {}};
    }

private:
    static merge::Intent intent_of(const schema::Record& record)
    {
        const auto made = exchange::creation(record);
        merge::Intent intent;
        intent.id = new_id<IntentId>(system_clock().now(), system_random());
        intent.record = record.id;
        intent.kind = record.kind;
        intent.create = true;
        intent.reason = "demo books";
        for (const auto& step : made.edit.steps) intent.steps.push_back({step.collection, step.child, step.add, step.values});
        return intent;
    }

    void flush()
    {
        if (intents_.empty() || failed_) return;
        const auto results = hub_.apply(intents_, {});
        for (std::size_t i = 0; i < results.size() && !failed_; ++i)
            if (!results[i])
                failed_ = fail(results[i].error().code, fmt::format("{} {}: {}", intents_[i].kind, intents_[i].record.text(), results[i].error().message),
                               results[i].error().field);
        intents_.clear();
        if (progress_) progress_(seen_, total_);
    }

    void count(const std::string& what, bool is_new, int by)
    {
        auto found = std::find_if(counts_.begin(), counts_.end(), [&](const auto& one) { return one.first == what; });
        if (found == counts_.end()) found = counts_.insert(counts_.end(), {what, ImportCount{}});
        (is_new ? found->second.created : found->second.unchanged) += by;
    }

    Hub& hub_;
    const Ids& present_;
    std::size_t total_, seen_ = 0;
    const std::function<void(std::size_t, std::size_t)>& progress_;
    std::vector<merge::Intent> intents_;
    std::vector<std::pair<std::string, ImportCount>> counts_;
    std::optional<Error> failed_;
};

} // namespace

void mark_as_demo(const std::filesystem::path& data)
{
    std::ofstream{data / mark_name} << "The records of this folder are made up. Other data is not imported here.\n";
}

Result<void> check_no_demo(const std::filesystem::path& data)
{
    if (!std::filesystem::exists(data / mark_name)) return {};
    return fail(Errc::bad_argument, Bilingual{fmt::format("{} holds demo books, which are never mixed with other data; nothing was written. Name another folder with --data", data.string()),
                                              fmt::format("{} 中是演示账套，不会与其他数据混合；未写入任何内容。请用 --data 指定其他文件夹", data.string())});
}

Result<ImportReport> import_demo(Hub& hub, const DemoSize& size, const std::function<void(std::size_t, std::size_t)>& progress)
{
    if (size.accounts < DemoSize::accounts_min || size.accounts > DemoSize::accounts_max)
        return fail(Errc::bad_argument, fmt::format("demo books have {} to {} accounts", DemoSize::accounts_min, DemoSize::accounts_max), "accounts");
    const auto present = ids_in(hub);
    std::size_t total = 0, known = 0;
    make_demo_books(size, [&](const schema::Record& record) {
        ++total;
        if (present.contains(record.id)) ++known;
    });
    if (known != present.size())
        return fail(Errc::bad_argument,
                    fmt::format("{} of the {} records here are not of the demo books with {} accounts and seed {}. Demo data is never mixed with other "
                                "data; nothing was written. Name an empty folder with --data, or the size and seed of the first time",
                                present.size() - known, present.size(), size.accounts, size.seed));
    DemoWriter writer{hub, present, total, progress};
    make_demo_books(size, [&](const schema::Record& record) { writer.take(record); });
    auto report = writer.finish();
    if (report) hub.note({.kind = store::AuditKind::imported, .detail = fmt::format("demo books with {} accounts: {} records", size.accounts, total)});
    return report;
}

} // namespace roadbook::server
