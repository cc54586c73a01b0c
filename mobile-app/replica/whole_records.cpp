#include "mobile-app/replica/whole_records.hpp"

#include "shared/protocol/limits.hpp"

#include <atomic>
#include <future>

namespace roadbook::replica {
namespace {

constexpr int share_from = 16; // fewer records cost less than a second thread

} // namespace

Result<OpenedRecord> open_whole(const protocol::v1::WholeRecord& whole)
{
    const auto id = protocol::id_field<RecordId>(whole.document(), "record");
    if (!id) return id.error();
    if (whole.saved().size() > protocol::document_bytes_max) return fail(Errc::too_large, "a record is over the limit of one document");
    auto document = automerge::Document::load(as_bytes(whole.saved()));
    if (!document) return document.error();
    const auto content = document->read();
    if (!content) return content.error();
    const auto* mark = content->root.find("kind");
    const auto* name = mark != nullptr && mark->values.size() == 1 ? std::get_if<std::string>(&mark->values.front().value) : nullptr;
    if (name == nullptr) return fail(Errc::document_damaged, "a record that does not say its type");
    const auto* kind = schema::find_kind(*name);
    if (kind == nullptr) return OpenedRecord{*id, *name, nullptr, {}};
    auto merged = merge::read(*kind, *id, *document, *content);
    if (!merged) return merged.error();
    return OpenedRecord{*id, *name, kind, std::move(*merged)};
}

std::vector<Result<OpenedRecord>> open_all(const protocol::v1::RecordList& list)
{
    const int count = list.records_size();
    std::vector<Result<OpenedRecord>> all(static_cast<std::size_t>(count), fail(Errc::internal, "not opened"));
    std::atomic<int> next = 0;
    const auto work = [&] {
        for (auto i = next++; i < count; i = next++) all[static_cast<std::size_t>(i)] = open_whole(list.records(i));
    };
    if (count < share_from) {
        work();
        return all;
    }
    auto helper = std::async(std::launch::async, work);
    work();
    helper.get();
    return all;
}

} // namespace roadbook::replica
