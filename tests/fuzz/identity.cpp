// What somebody says who he is by: tokens, ids, hashes, heads of the audit log. Enrolment codes are read by the server target; QR codes are only made.
#include "sync-server/session/tokens.hpp"
#include "sync-server/store/audit.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/simulation/seeded.hpp"

using namespace roadbook;

namespace {

const Bytes key(32, std::byte{7});
const DeviceId device{};

Bytes token()
{
    simulation::Chance chance{3};
    return server::make_token(key, device, new_id<RecordId>(Time{Duration{1'790'000'000'000}}, chance), Time{Duration{1'790'000'000'000}}, chance);
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all{token()};
    for (const std::string_view text : {"0190aaaa-0000-7000-8000-000000000001", "0190AAAA000070008000000000000001", "9f86d081",
                                        "12:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})
        all.push_back(to_bytes(as_bytes(text)));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto issued = token();
    const auto bytes = fuzz::view_of(data, size);
    const auto text = as_text(bytes);
    fuzz::must(server::read_token(key, device, bytes).has_value() ==
                   std::equal(bytes.begin(), bytes.end(), issued.begin(), issued.end()), "a token is good to the last bit or not at all");
    if (const auto id = RecordId::parse(text)) fuzz::must(RecordId::parse(id->text()) == id, "an id is written as a text that reads as the same");
    if (const auto raw = from_hex(text)) fuzz::must(from_hex(to_hex(*raw)) == raw, "bytes are written as a text that reads as the same");
    if (const auto head = store::AuditHead::parse(text)) fuzz::must(store::AuditHead::parse(head->text()) == head, "a head of the audit log is written as a text that reads as the same");
    return 0;
}
