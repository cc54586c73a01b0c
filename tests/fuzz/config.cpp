// The server's settings file, and the addresses in it and on the command line.
#include "shared/wire/url.hpp"
#include "sync-server/app/settings.hpp"
#include "tests/fuzz/file_of.hpp"
#include "tests/fuzz/target.hpp"

using namespace roadbook;

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (const std::string_view text : {"data = \"/var/lib/roadbook\"\nlisten = \"0.0.0.0:7443\"\nname = [\"a.example\", \"b\"]\nlog-level = \"debug\"\nlease-days = \"14\"\n",
                                        "data = 'x'\ncert = \"c.pem\"\nkey = \"k.pem\" # both\nlog-file = \"\"\"l\"\"\"\n", "[server]\nlisten = 7\n",
                                        "name = []\ndata = \"\"\n", "wss://server.example:7443", "[::1]:7443", "https://h"})
        all.push_back(to_bytes(as_bytes(text)));
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = fuzz::view_of(data, size);
    const fuzz::FileOf file{bytes};
    if (const auto wishes = server::Wishes::read(file.path())) static_cast<void>(server::Settings::from({}, *wishes));
    static_cast<void>(server::Address::parse(as_text(bytes)));
    if (const auto url = wire::Url::parse(as_text(bytes))) fuzz::must(wire::Url::parse(url->text()) == *url, "an address is written as a text that reads as the same");
    return 0;
}
