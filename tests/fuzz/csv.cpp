// Anybody's CSV, in any encoding, as an import of any record type: planned, carried out, and planned again.
#include "shared/exchange/csv_export.hpp"
#include "shared/exchange/import_plan.hpp"
#include "shared/exchange/text_encoding.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/exchange_world.hpp"

using namespace roadbook;
using namespace roadbook::exchange;

namespace {

unsigned number_of(std::string_view kind)
{
    return static_cast<unsigned>(schema::find_kind(kind) - schema::kinds().data());
}

constexpr std::array locales{"", "de", "en-US", "zh"};

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    all.push_back(chosen({number_of("account"), 0}, "id,name,phone\n,Ernst Handel,030-1\n,\"Königlich \"\"Essen\"\"\",'=1\n"));
    all.push_back(chosen({number_of("account"), 3}, "名称;电话;信用额度\r\n杭州阀门;0571 1;1234.50 CNY\r\n"));
    all.push_back(chosen({number_of("product"), 1}, "\xef\xbb\xbf" "code\tname\tprice\nT-1\tTofu\t1.234,50 EUR\n"));
    all.push_back(chosen({number_of("account"), 0}, from_utf8("name,phone\n杭州,1\n", "gb18030").value()));
    all.push_back(chosen({number_of("account"), 0}, from_utf8("name,phone\nÅse,1\n", "utf-16le").value()));
    testing::RandomRecords random{7};
    for (const auto* name : {"quote", "visit", "expense_report"}) {
        const std::vector<schema::Record> records{random.record(*schema::find_kind(name)), random.record(*schema::find_kind(name))};
        all.push_back(chosen({number_of(name), 0}, export_csv(*schema::find_kind(name), records)));
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto& kind = schema::kinds()[input.below(schema::kinds().size())];
    ImportOptions options;
    options.reading.locale = Locale::named(locales[input.below(locales.size())]).value();
    const auto file = CsvFile::parse("file.csv", input.text(), {});
    if (!file) return 0;
    for (const auto& row : file->rows()) fuzz::must(row.cells.size() == file->header().size(), "a row has as many cells as the header");
    testing::ExchangeWorld world;
    for (std::int64_t which = 0; which < testing::RandomRecords::targets; ++which) world.put_name("account", testing::RandomRecords::target("account", which), "One");
    const auto plan = plan_import(kind, Sheet::of(*file), world, options);
    if (!plan) return 0;
    world.carry_out(*plan);
    const auto again = plan_import(kind, Sheet::of(*file), world, options);
    fuzz::must(again.has_value() && again->count(Outcome::create) == 0, "a file that is read twice makes nothing twice");
    return 0;
}
