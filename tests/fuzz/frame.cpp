// Frames of both ends, and the lists packed in them: what is read is written and read again as the same.
#include "shared/protocol/packing.hpp"
#include "tests/fuzz/target.hpp"

using namespace roadbook;
using namespace roadbook::protocol;

namespace {

template <class List>
void read_list(const Result<List>& list)
{
    if (list) fuzz::must(list->ByteSizeLong() <= (std::size_t{64} << 20), "a list is bounded by what a page may hold");
}

void read_from_device(ByteView bytes)
{
    const auto frame = read_client_frame(bytes);
    if (!frame) return;
    const auto again = write(*frame);
    const auto reread = read_client_frame(again);
    fuzz::must(reread && write(*reread) == again, "a frame of a device is written as it was read");
    if (!frame->has_push()) return;
    const auto changes = changes_of(frame->push());
    read_list(changes);
    if (changes)
        for (const auto& change : changes->changes()) static_cast<void>(id_field<RecordId>(change.document(), "record"));
}

void read_from_server(ByteView bytes)
{
    const auto frame = read_server_frame(bytes);
    if (!frame) return;
    const auto again = write(*frame);
    const auto reread = read_server_frame(again);
    fuzz::must(reread && write(*reread) == again, "a frame of the server is written as it was read");
    if (frame->has_page()) read_list(entries_of(frame->page()));
    if (frame->has_pack()) read_list(records_of(frame->pack()));
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    v1::ChangeList changes;
    for (int i = 0; i < 20; ++i) {
        auto& one = *changes.add_changes();
        one.set_document(std::string(16, 'd'));
        one.set_change(std::string(100, 'c'));
        one.set_intent(std::string(16, 'i'));
        one.set_reason("客户要求");
    }
    v1::ClientFrame push;
    push.mutable_push()->set_batch(1);
    fill(*push.mutable_push(), changes);
    all.push_back(write(push));
    v1::ClientFrame hello;
    hello.mutable_hello()->set_device(std::string(16, 'd'));
    hello.mutable_hello()->set_token(std::string(64, 't'));
    auto& cursor = *hello.mutable_hello()->add_cursors();
    cursor.set_scope("company");
    cursor.set_seq(77);
    cursor.set_running_hash(std::string(32, 'h'));
    all.push_back(write(hello));
    v1::ClientFrame part;
    part.mutable_put_part()->set_data("photo");
    all.push_back(write(part));

    v1::EntryList entries;
    for (int i = 0; i < 20; ++i) {
        auto& one = *entries.add_entries();
        one.set_kind(v1::Entry::CHANGE);
        one.set_document(std::string(16, 'd'));
        one.set_change(std::string(100, 'c'));
        one.mutable_by()->set_reason("because");
    }
    v1::ServerFrame page;
    page.mutable_page()->set_scope("company");
    fill(*page.mutable_page(), entries);
    all.push_back(write(page));
    v1::RecordList records;
    records.add_records()->set_saved(std::string(200, 's'));
    records.add_authors()->set_person(std::string(16, 'p'));
    v1::ServerFrame pack;
    fill(*pack.mutable_pack(), records);
    all.push_back(write(pack));
    v1::ServerFrame answers;
    answers.mutable_answers()->add_exceptions()->set_code("bad_change");
    all.push_back(write(answers));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    read_from_device(fuzz::view_of(data, size));
    read_from_server(fuzz::view_of(data, size));
    return 0;
}
