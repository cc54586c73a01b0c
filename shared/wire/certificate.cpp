#include "shared/wire/certificate.hpp"

#include "shared/base/random.hpp"
#include "shared/wire/tls_context.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace roadbook::wire {
namespace {

constexpr std::size_t serial_bytes = 16; // nobody can guess it, and none comes twice

void require(bool ok, const char* what)
{
    if (!ok)
        throw Fault{
            fail(Errc::internal, std::string{"A certificate cannot be made: "} + what + ": " + openssl_reason())};
}

std::string alternative_names(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names) {
        require(!name.empty() && name.find_first_of(", \n") == std::string::npos, "a name that cannot stand in one");
        boost::system::error_code no_address;
        boost::asio::ip::make_address(name, no_address);
        text += (text.empty() ? "" : ",") + std::string{no_address ? "DNS:" : "IP:"} + name;
    }
    return text;
}

void add_extension(X509* certificate, X509V3_CTX& context, int kind, const std::string& value)
{
    std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>> extension{
        X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str())};
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

void add_extensions(X509* certificate, X509* issuer, const CertificateWish& wish)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    add_extension(certificate, context, NID_basic_constraints,
                  wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(certificate, context, NID_key_usage,
                  wish.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    if (!wish.authority) add_extension(certificate, context, NID_ext_key_usage, "serverAuth");
    if (!wish.names.empty()) add_extension(certificate, context, NID_subject_alt_name, alternative_names(wish.names));
}

void set_dates(X509* certificate, const CertificateWish& wish)
{
    const auto seconds = [](Time time) {
        return static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
    };
    require(ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(wish.valid_from)) != nullptr, "date");
    require(ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(wish.valid_until)) != nullptr, "date");
}

void set_serial(X509* certificate)
{
    auto serial = system_random().bytes(serial_bytes);
    serial.front() &= std::byte{0x7f}; // positive
    std::unique_ptr<BIGNUM, FreedBy<BN_free>> number{
        BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr)};
    require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr, "serial number");
}

template <class Write>
std::string to_pem(Write write)
{
    const BioPtr memory{BIO_new(BIO_s_mem())};
    require(memory && write(memory.get()) == 1, "PEM");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

BioPtr read_from(const std::string& text)
{
    return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

struct Issuer {
    CertificatePtr certificate;
    KeyPtr key;
};

Issuer issuer_from(const MadeCertificate& made)
{
    Issuer issuer{CertificatePtr{PEM_read_bio_X509(read_from(made.certificate_pem).get(), nullptr, nullptr, nullptr)},
                  KeyPtr{PEM_read_bio_PrivateKey(read_from(made.key_pem).get(), nullptr, nullptr, nullptr)}};
    require(issuer.certificate && issuer.key, "issuer");
    return issuer;
}

} // namespace

MadeCertificate make_certificate(const CertificateWish& wish)
{
    const KeyPtr key{EVP_EC_gen("P-256")};
    const CertificatePtr certificate{X509_new()};
    require(key && certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "no memory");
    set_serial(certificate.get());
    set_dates(certificate.get(), wish);
    auto* subject = X509_get_subject_name(certificate.get());
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1,
                                       0) == 1,
            "common name");
    const auto issuer = wish.issuer ? issuer_from(*wish.issuer) : Issuer{};
    auto* signer = issuer.certificate ? issuer.certificate.get() : certificate.get();
    require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1, "issuer");
    require(X509_set_pubkey(certificate.get(), key.get()) == 1, "key");
    add_extensions(certificate.get(), signer, wish);
    require(X509_sign(certificate.get(), issuer.key ? issuer.key.get() : key.get(), EVP_sha256()) > 0, "signature");

    MadeCertificate made;
    made.certificate_pem = to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
    made.key_pem = to_pem(
        [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    made.fingerprint = fingerprint_text(certificate_hash(certificate.get()));
    return made;
}

std::string fingerprint_text(const Hash& hash)
{
    return "sha256:" + hash.hex();
}

} // namespace roadbook::wire
