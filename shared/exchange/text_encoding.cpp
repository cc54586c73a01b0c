#include "shared/exchange/text_encoding.hpp"

#include "shared/base/utf8.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include <iconv.h>

namespace roadbook::exchange {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::string_view little_mark = "\xFF\xFE";
constexpr std::string_view big_mark = "\xFE\xFF";
constexpr char undecodable = '\xFF';

struct Encoding {
    std::string_view name;  ///< as people say it
    const char* iconv_name; ///< nullptr: UTF-8, nothing to convert
    std::size_t unit;       ///< bytes of its smallest part
    std::string_view mark;  ///< written first, in this encoding
};

constexpr std::array encodings{
    Encoding{"utf-8", nullptr, 1, {}},         Encoding{"utf-8-bom", nullptr, 1, utf8_mark},    Encoding{"gb18030", "GB18030", 1, {}},
    Encoding{"gbk", "GB18030", 1, {}},         Encoding{"gb2312", "GB18030", 1, {}},            Encoding{"utf-16", "UTF-16LE", 2, little_mark},
    Encoding{"utf-16le", "UTF-16LE", 2, little_mark}, Encoding{"utf-16be", "UTF-16BE", 2, big_mark}, Encoding{"windows-1252", "CP1252", 1, {}},
};

const Encoding& named(std::string_view name)
{
    return *std::find_if(encodings.begin(), encodings.end(), [&](const Encoding& one) { return one.name == name; });
}

Result<const Encoding*> find(std::string_view wanted)
{
    std::string name{wanted};
    for (auto& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::vector<std::string> names;
    for (const auto& one : encodings) {
        if (one.name == name) return &one;
        names.emplace_back(one.name);
    }
    return fail(Errc::bad_argument, fmt::format("there is no encoding '{}'. There are: {}", wanted, fmt::join(names, ", ")), "encoding");
}

/// iconv, closed when it goes out of scope.
class Converter {
public:
    Converter(const char* to, const char* from) : handle_{iconv_open(to, from)}
    {
        if (handle_ == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): how iconv says no
            throw Fault{fail(Errc::internal, fmt::format("this machine cannot read {}: install the C library's gconv modules", from))};
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() { iconv_close(handle_); }

    /// Converts all of it. What cannot be is passed over, `unit` bytes at a time, with an FF in its place; false: there was such a thing.
    bool convert(std::string_view bytes, std::size_t unit, std::string& out)
    {
        bool whole = true;
        auto* in = const_cast<char*>(bytes.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast): iconv only reads it
        auto left = bytes.size();
        std::array<char, 16 << 10> part;
        while (left > 0) {
            auto* to = part.data();
            auto room = part.size();
            const auto done = iconv(handle_, &in, &left, &to, &room);
            const auto why = errno;
            out.append(part.data(), part.size() - room);
            if (done != static_cast<std::size_t>(-1) || why == E2BIG) continue;
            whole = false;
            out += undecodable;
            const auto skipped = std::min(unit, left);
            in += skipped;
            left -= skipped;
        }
        return whole;
    }

private:
    iconv_t handle_;
};

/// How many lines are no text in this encoding. A line end is a byte of its own in all encodings of one-byte units that we know.
std::size_t broken_lines(std::string_view bytes, bool as_gb18030)
{
    Converter converter{"UTF-8", "GB18030"};
    std::size_t broken = 0;
    std::string scratch;
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size() - 1);
        const auto line = bytes.substr(0, end + 1);
        bytes.remove_prefix(line.size());
        scratch.clear();
        broken += (as_gb18030 ? converter.convert(line, 1, scratch) : is_utf8(line)) ? 0U : 1U;
    }
    return broken;
}

/// Latin letters and line ends in UTF-16 have a zero in every other byte; text of one-byte units has none at all.
const Encoding* utf16_without_mark(std::string_view bytes)
{
    constexpr std::size_t sample = 4096;
    const auto size = std::min(bytes.size(), sample) & ~std::size_t{1};
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < size; ++i)
        if (bytes[i] == '\0') ++zeros[i % 2];
    const auto many = size / 10; // line ends, commas and digits alone make more
    if (zeros[1] > many && zeros[0] == 0) return &named("utf-16le");
    if (zeros[0] > many && zeros[1] == 0) return &named("utf-16be");
    return nullptr;
}

const Encoding& found_out(std::string_view bytes)
{
    if (bytes.starts_with(utf8_mark)) return named("utf-8");
    if (bytes.starts_with(little_mark)) return named("utf-16le");
    if (bytes.starts_with(big_mark)) return named("utf-16be");
    if (const auto* wide = utf16_without_mark(bytes)) return *wide;
    if (is_utf8(bytes)) return named("utf-8");
    return broken_lines(bytes, true) < broken_lines(bytes, false) ? named("gb18030") : named("utf-8");
}

} // namespace

Result<std::string> to_utf8(std::string_view bytes, std::string_view encoding)
{
    const auto* from = &found_out(bytes);
    if (!encoding.empty()) {
        const auto wanted = find(encoding);
        if (!wanted) return wanted.error();
        from = *wanted;
        if (encoding.size() == std::string_view{"utf-16"}.size() && from->unit == 2 && bytes.starts_with(big_mark)) from = &named("utf-16be");
    }
    for (const auto mark : {utf8_mark, little_mark, big_mark})
        if ((mark.size() == 2) == (from->unit == 2) && bytes.starts_with(mark)) {
            bytes.remove_prefix(mark.size());
            break;
        }
    if (from->iconv_name == nullptr) return std::string{bytes};
    std::string text;
    Converter{"UTF-8", from->iconv_name}.convert(bytes, from->unit, text);
    return text;
}

Result<std::string> from_utf8(std::string_view text, std::string_view encoding)
{
    const auto to = find(encoding);
    if (!to) return to.error();
    std::string bytes{(*to)->mark};
    if ((*to)->iconv_name == nullptr) return bytes.append(text);
    if (!Converter{(*to)->iconv_name, "UTF-8"}.convert(text, 1, bytes))
        return fail(Errc::invalid_value, fmt::format("the text has characters that {} does not have: use utf-8 or gb18030", (*to)->name), "encoding");
    return bytes;
}

} // namespace roadbook::exchange
