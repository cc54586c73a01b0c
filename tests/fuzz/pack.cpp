// A block of whole records as a device gets it for a scope that is new to it, and one as it comes into a scope: opened and read by the schema.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "mobile-app/replica/whole_records.hpp"
#include "shared/protocol/packing.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/random_values.hpp"
#include "tests/support/sample_record.hpp"

using namespace roadbook;
using namespace roadbook::testing;

namespace {

protocol::v1::RecordList a_list(std::initializer_list<const char*> kinds)
{
    RandomValues values{5};
    protocol::v1::RecordList list;
    auto& author = *list.add_authors();
    author.set_person(protocol::to_field(values.fresh<RecordId>()));
    author.set_device(protocol::to_field(values.fresh<DeviceId>()));
    for (const auto* name : kinds) {
        const auto* kind = schema::find_kind(name);
        auto document = merge::new_document(*kind);
        merge::Intent intent;
        intent.record = values.fresh<RecordId>();
        intent.kind = name;
        intent.create = true;
        schema::Fields fields;
        for (const auto& field : kind->fields) fields[field.name] = values.good(field);
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        edit(document, an_actor(1), merge::edits_of(intent).value());
        auto& whole = *list.add_records();
        whole.set_document(protocol::to_field(intent.record));
        whole.set_saved(protocol::to_field(ByteView{document.save().value()}));
        auto& times = *whole.add_times();
        times.set_actor(protocol::to_field(an_actor(1)));
        times.add_device_time(1);
        times.add_received_after(1);
    }
    return list;
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (const auto& list : {a_list({"visit"}), a_list({"account", "contact"}), a_list({"quote", "expense_report", "work_order"})}) {
        const auto plain = list.SerializeAsString();
        all.push_back(chosen({0}, plain));
        all.push_back(chosen({1}, protocol::deflate(plain, protocol::Effort::pack)));
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    protocol::v1::Pack pack;
    const bool packed = input.below(2) == 1;
    pack.set_zstd(packed ? std::string{input.text()} : protocol::deflate(input.text(), protocol::Effort::live));
    const auto list = protocol::records_of(pack);
    if (!list) return 0;
    for (const auto& record : list->records()) static_cast<void>(replica::open_whole(record));
    return 0;
}
