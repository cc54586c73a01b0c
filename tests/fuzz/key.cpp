// The file that holds a device's key, damaged in any way: it gives no key, and asks for no more time and memory than a PIN costs.
#include "mobile-app/replica/key_slot.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/simulation/seeded.hpp"
#include "tests/support/temp_folder.hpp"

#include <fstream>

using namespace roadbook;
using replica::KeySlot;

namespace {

const Bytes right_key(secret_bytes, std::byte{5});

Bytes content(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    return to_bytes(as_bytes(bytes));
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    const testing::TempFolder folder;
    KeySlot slot{folder.path()};
    simulation::Chance chance{1};
    std::vector<Bytes> all;
    slot.put_open(right_key).value();
    all.push_back(content(folder / KeySlot::file_name));
    slot.put_wrapped(right_key, "271828", {1, 64}, chance).value();
    all.push_back(content(folder / KeySlot::file_name));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const testing::TempFolder folder;
    std::ofstream{folder / KeySlot::file_name, std::ios::binary}.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    const KeySlot slot{folder.path()};
    const auto state = slot.state();
    const auto key = slot.read("271828");
    fuzz::must(state.has_value() || !key.has_value(), "no key comes out of a file that is none");
    if (state && *state == KeySlot::State::wrapped && key && *key) fuzz::must(**key == right_key, "a wrapped key is the right one or none");
    return 0;
}
