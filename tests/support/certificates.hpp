#pragma once
#include "shared/base/clock.hpp"
#include "shared/wire/certificate.hpp"
#include "shared/wire/tls.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace roadbook::testing {

/// A server certificate that is good for 127.0.0.1 and localhost, or as far off as the test wants it.
inline wire::CertificateWish good_certificate()
{
    wire::CertificateWish wish;
    wish.names = {"localhost", "127.0.0.1"};
    wish.valid_from = system_clock().now() - std::chrono::hours{1};
    wish.valid_until = system_clock().now() + std::chrono::hours{1};
    return wish;
}

inline wire::MadeCertificate make_authority(const std::string& name = "Test authority")
{
    auto wish = good_certificate();
    wish.common_name = name;
    wish.names.clear();
    wish.authority = true;
    return wire::make_certificate(wish);
}

inline std::filesystem::path write_file(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream{file, std::ios::binary} << text;
    return file;
}

inline Result<wire::ServerTls> load(const std::filesystem::path& folder, const wire::MadeCertificate& made)
{
    return wire::ServerTls::load(write_file(folder / "tls.crt", made.certificate_pem),
                                 write_file(folder / "tls.key", made.key_pem));
}

} // namespace roadbook::testing
