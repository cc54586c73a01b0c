// A saved document, as a server sends it in a pack or a disk gives it back: it loads and is the same when it is saved again, or it is refused.
#include "tests/fuzz/chunks.hpp"
#include "tests/support/sample_record.hpp"

using namespace roadbook;
using namespace roadbook::testing;

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (const int lines : {0, 1, 4}) {
        const auto record = filled_record(lines);
        add_chunk(all, {}, record.save().value());
        add_chunk(all, {}, record.save_compressed().value());
    }
    add_chunk(all, {}, new_record().save().value());
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto saved = fuzz::chunk_from(0, input);
    static_cast<void>(automerge::Document::is_intact(saved));
    const auto document = automerge::Document::load(saved);
    if (!document) return 0;
    const auto content = document->read();
    const auto heads = document->heads();
    static_cast<void>(document->changes_since({}));
    const auto again = document->save();
    if (!content || !heads || !again) return 0; // poisoned, and says so
    static_cast<void>(automerge::Document::load(*again));
    return 0;
}
