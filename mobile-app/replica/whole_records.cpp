#include "mobile-app/replica/whole_records.hpp"

#include "shared/protocol/limits.hpp"

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
    const auto* kind = name != nullptr ? schema::find_kind(*name) : nullptr;
    if (kind == nullptr) return fail(Errc::unsupported_version, "a record of a type that needs a newer app");
    return OpenedRecord{*id, kind, std::move(*document), merge::read(*kind, *id, *content)};
}

std::vector<Result<OpenedRecord>> open_all(const protocol::v1::RecordList& list)
{
    const auto open_part = [&](int first, int last) {
        std::vector<Result<OpenedRecord>> opened;
        for (int i = first; i < last; ++i) opened.push_back(open_whole(list.records(i)));
        return opened;
    };
    const int count = list.records_size();
    if (count < share_from) return open_part(0, count);
    auto second_half = std::async(std::launch::async, open_part, count / 2, count);
    auto all = open_part(0, count / 2);
    for (auto& opened : second_half.get()) all.push_back(std::move(opened));
    return all;
}

} // namespace roadbook::replica
