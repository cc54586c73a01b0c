// Anybody's address book: cards of any version, as rows of any record type that has one.
#include "shared/exchange/vcard.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/exchange_world.hpp"

using namespace roadbook;
using namespace roadbook::exchange;

namespace {

std::vector<const schema::Kind*> kinds_with_cards()
{
    std::vector<const schema::Kind*> found;
    for (const auto& kind : schema::kinds())
        if (has_vcard(kind)) found.push_back(&kind);
    return found;
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    all.push_back(chosen({0}, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Li\r\nN:Li;Anna;;;\r\nTEL;TYPE=WORK,VOICE:+49 30 1\r\nEMAIL:a@b.de\r\nADR:;;Weg 1;Berlin;;10115;DE\r\n"
                              "NOTE:one\\, two\\nthree\r\n four\r\nORG:Ernst Handel\r\nUID:urn:uuid:0190aaaa-0000-7000-8000-000000000001\r\nEND:VCARD\r\n"));
    all.push_back(chosen({1}, "BEGIN:VCARD\nVERSION:2.1\nN:王;小明\nitem1.TEL;CELL:138\nTEL;PREF;WORK:1\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nFN:B\nEND:VCARD\n"));
    testing::RandomRecords random{9};
    unsigned which = 0;
    for (const auto* kind : kinds_with_cards()) {
        const std::vector<schema::Record> records{random.record(*kind)};
        all.push_back(chosen({which}, export_vcards(*kind, records, which % 2 == 0 ? VcardVersion::v3 : VcardVersion::v4, [](const RecordId&) { return std::string{"One"}; })));
        ++which;
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto kinds = kinds_with_cards();
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto& kind = *kinds[input.below(kinds.size())];
    const auto sheet = read_vcards(kind, "cards.vcf", input.text());
    if (!sheet) return 0;
    testing::ExchangeWorld world;
    static_cast<void>(plan_import(kind, *sheet, world, {}));
    return 0;
}
