#include "sync-server/app/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace roadbook::server {

Result<std::string> qr_code(const std::string& text)
{
    struct Free {
        void operator()(QRcode* code) const { QRcode_free(code); }
    };
    const std::unique_ptr<QRcode, Free> code{QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M)};
    if (!code) return fail(Errc::too_large, "this is too long for a QR code");
    constexpr int quiet = 2; // modules around it; a terminal has dark enough borders itself
    const auto is_light = [&](int x, int y) {
        if (x < 0 || y < 0 || x >= code->width || y >= code->width) return true;
        return (code->data[y * code->width + x] & 1) == 0;
    };
    std::string lines;
    for (int y = -quiet; y < code->width + quiet; y += 2) {
        for (int x = -quiet; x < code->width + quiet; ++x) {
            const bool upper = is_light(x, y);
            const bool lower = is_light(x, y + 1);
            lines += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
        }
        lines += "\n";
    }
    return lines;
}

} // namespace roadbook::server
