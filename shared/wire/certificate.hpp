#pragma once
// Makes ECDSA P-256 certificates: the server's development certificate, and the good and bad ones that tests need.
#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"

#include <string>
#include <vector>

namespace roadbook::wire {

struct MadeCertificate {
    std::string certificate_pem;
    std::string key_pem;
    std::string fingerprint; ///< "sha256:..." over the DER
};

struct CertificateWish {
    std::string common_name = "Roadbook";
    std::vector<std::string> names; ///< subject alternative names: host names and IP addresses
    Time valid_from;
    Time valid_until;
    bool authority = false;                  ///< may sign others
    const MadeCertificate* issuer = nullptr; ///< signs it; itself when null
};

/// Throws Fault when OpenSSL fails (no memory, no randomness) or when `names` has a name that cannot stand in one.
[[nodiscard]] MadeCertificate make_certificate(const CertificateWish& wish);

/// "sha256:" and lower-case hexadecimal digits.
[[nodiscard]] std::string fingerprint_text(const Hash& hash);

} // namespace roadbook::wire
