// Who trusts whom: certificates good and bad, and what the person who waits is told.
#include "shared/wire/socket_state.hpp"
#include "tests/support/raw_peer.hpp"
#include "tests/support/wire_world.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

/// A server with a certificate of the test's choice.
struct Office : WireWorld {
    explicit Office(const wire::MadeCertificate& made) : WireWorld{echo}, certificate{made}
    {
        tls = load(folder.path(), made).value();
    }
    [[nodiscard]] std::filesystem::path own_certificate()
    {
        return write_file(folder / "own.crt", certificate.certificate_pem);
    }
    /// The failure of a connection, once the server has seen it too.
    Error failure(const std::string& host, const wire::ClientTls& trust)
    {
        auto wire = connect(url(host), trust);
        REQUIRE(wire.has_error());
        run_until([this] { return !refusals.empty(); });
        return wire.error();
    }
    wire::MadeCertificate certificate;
};

wire::MadeCertificate signed_by(const wire::MadeCertificate& authority, std::vector<std::string> names)
{
    auto wish = good_certificate();
    wish.names = std::move(names);
    wish.issuer = &authority;
    return wire::make_certificate(wish);
}

wire::ClientTls trust_in(const TempFolder& folder, const wire::MadeCertificate& authority)
{
    return wire::ClientTls::authority(write_file(folder / "authority.crt", authority.certificate_pem)).value();
}

bool says(const Error& error, std::string_view words)
{
    return error.message.find(words) != std::string::npos;
}

Error error_of(const Result<wire::ServerTls>& result)
{
    REQUIRE(result.has_error());
    return result.error();
}

} // namespace

TEST_CASE("a server is trusted by its authority, by its own certificate, and by its fingerprint", "[wire]")
{
    const auto authority = make_authority();
    Office office{signed_by(authority, {"localhost", "127.0.0.1"})};
    CHECK(office.connect(office.url(), trust_in(office.folder, authority)).has_value());
    CHECK(office.connect(office.url("localhost"), trust_in(office.folder, authority)).has_value());
    CHECK(office.connect(office.url(), wire::ClientTls::authority(office.own_certificate()).value()).has_value());
    CHECK(office.connect(office.url(), office.trust()).has_value());
    Office at_home{wire::make_certificate(good_certificate())}; // self-signed
    CHECK(at_home.connect(at_home.url(), wire::ClientTls::authority(at_home.own_certificate()).value()).has_value());
}

TEST_CASE("a pin holds under any host name", "[wire]")
{
    auto wish = good_certificate();
    wish.names = {"roadbook.example.com"};
    Office office{wire::make_certificate(wish)};
    CHECK(office.connect(office.url(), office.trust()).has_value());
}

TEST_CASE("a server that is not who it should be hears nothing from the device", "[wire]")
{
    const auto authority = make_authority();
    const auto stranger = make_authority("Stranger");
    auto wish = good_certificate();
    wish.issuer = &authority;
    wish.valid_from = system_clock().now() - std::chrono::hours{48};
    wish.valid_until = system_clock().now() + std::chrono::hours{24};
    Office office{signed_by(authority, {"127.0.0.1"})};
    const auto check = [](const Error& error, std::string_view words) {
        CHECK(error.code == Errc::tls_failed);
        CHECK(says(error, words));
        CHECK(says(error, "Nothing was sent"));
    };

    SECTION("foreign authority")
    {
        check(office.failure("127.0.0.1", trust_in(office.folder, stranger)), "does not trust");
    }
    SECTION("the machine's authorities")
    {
        check(office.failure("127.0.0.1", wire::ClientTls::system().value()), "does not trust");
    }
    SECTION("other host name")
    {
        check(office.failure("localhost", trust_in(office.folder, authority)), "another host name");
    }
    SECTION("other pin")
    {
        const auto pin = wire::ClientTls::pinned(stranger.fingerprint).value();
        check(office.failure("127.0.0.1", pin), "another certificate than the one this device knows");
    }
    REQUIRE(office.refusals.size() == 1);
    CHECK(office.refusals[0].code == Errc::tls_failed); // before a byte of HTTP
    CHECK(office.served == 0);
}

TEST_CASE("an expired certificate is refused, whether its authority is known or it is pinned", "[wire]")
{
    // The server loads only what is valid now, so a raw one stands in for one that has been running for too long.
    for (const bool future : {false, true}) {
        CAPTURE(future);
        auto wish = good_certificate();
        wish.valid_from = system_clock().now() + (future ? 1 : -3) * std::chrono::hours{24};
        wish.valid_until = wish.valid_from + std::chrono::hours{24};
        const auto made = wire::make_certificate(wish);
        TempFolder folder;
        asio::io_context context{1};
        auto listener = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
        const wire::ContextPtr server{SSL_CTX_new(TLS_server_method())};
        REQUIRE(SSL_CTX_use_certificate_file(server.get(), write_file(folder / "c", made.certificate_pem).c_str(),
                                             SSL_FILETYPE_PEM) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey_file(server.get(), write_file(folder / "k", made.key_pem).c_str(),
                                            SSL_FILETYPE_PEM) == 1);
        for (const auto& trust :
             {wire::ClientTls::authority(folder / "c").value(), wire::ClientTls::pinned(made.fingerprint).value()}) {
            std::optional<Error> failure;
            start(context,
                  [](asio::any_io_executor on, std::uint16_t port, wire::ClientTls trusting,
                     std::optional<Error>& out) -> asio::awaitable<void> {
                      const wire::Url url{"127.0.0.1",
                                          port}; // named: g++ 12 frees a braced temporary of a co_await twice
                      auto wire = co_await wire::connect(on, url, trusting);
                      out = wire.has_error() ? wire.error() : Error{};
                  }(context.get_executor(), listener.port(), trust, failure));
            auto socket = run(context, listener.accept());
            auto ssl = wire::make_ssl(server.get());
            SSL_set_accept_state(ssl.get());
            RawPeer peer{context, std::move(socket.value().release()->socket)};
            CHECK(peer.start_tls(std::move(ssl)));
            while (!failure) context.run_one();
            CHECK(failure->code == Errc::tls_failed);
            CHECK(says(*failure, future ? "not valid yet" : "has expired"));
        }
    }
}

TEST_CASE("old versions and weak suites find no server", "[wire]")
{
    WireWorld world{echo};
    const auto attempt = [&](const std::function<void(SSL_CTX*)>& set) {
        RawPeer peer{world.context, world.listener.port()};
        return !peer.start_tls([&](SSL_CTX* context) {
            SSL_CTX_set_security_level(context, 0); // or OpenSSL would not even offer them
            set(context);
        });
    };
    const auto only = [](int version) {
        return [version](SSL_CTX* context) {
            SSL_CTX_set_min_proto_version(context, version);
            SSL_CTX_set_max_proto_version(context, version);
        };
    };
    const auto suite = [&](const char* name) {
        return [only, name](SSL_CTX* context) {
            only(TLS1_2_VERSION)(context);
            REQUIRE(SSL_CTX_set_cipher_list(context, name) == 1);
        };
    };
    CHECK_FALSE(attempt(only(TLS1_VERSION)));
    CHECK_FALSE(attempt(only(TLS1_1_VERSION)));
    CHECK(attempt(only(TLS1_2_VERSION)));
    CHECK(attempt(only(TLS1_3_VERSION)));
    CHECK(attempt(suite("ECDHE-ECDSA-AES128-GCM-SHA256")));
    CHECK_FALSE(attempt(suite("ECDHE-ECDSA-AES128-SHA256"))); // no AEAD
    CHECK_FALSE(attempt(suite("AES128-GCM-SHA256")));         // no forward secrecy
    CHECK(world.served == 0);
}

TEST_CASE("a device over TLS 1.2 is served too, and may not renegotiate", "[wire]")
{
    WireWorld world{echo};
    RawPeer peer{world.context, world.listener.port()};
    REQUIRE(!peer.start_tls([](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); }));
    REQUIRE(peer.upgrade() == "HTTP/1.1 101 Switching Protocols");
    REQUIRE(peer.send(client_frame(0x82, "old")));
    CHECK(peer.read(5) == "\x82\x03old");
    SSL_renegotiate(peer.stream().ssl());
    peer.send(client_frame(0x82, "new"));
    CHECK(peer.read_to_end() != "\x82\x03new");
}

TEST_CASE("a web server that is no Roadbook server is told apart", "[wire]")
{
    WireWorld world{echo};
    SECTION("other path")
    {
        world.rules.path = "/elsewhere";
        auto wire = world.connect();
        REQUIRE(wire.has_error());
        CHECK(wire.error().code == Errc::upgrade_refused);
        CHECK(says(wire.error(), "HTTP status 404"));
    }
    SECTION("busy, with the seconds to wait")
    {
        world.rules.busy = std::chrono::seconds{17};
        auto wire = world.connect();
        REQUIRE(wire.has_error());
        CHECK(wire.error().code == Errc::server_busy);
        CHECK(wire.error().field == "17");
    }
}

TEST_CASE("nobody there, no such name, and a server that does not answer are told apart", "[wire]")
{
    asio::io_context context{1};
    const auto trust = wire::ClientTls::system().value();
    auto listener = std::make_optional(wire::listen(context.get_executor(), "127.0.0.1", 0).value());
    const wire::Url url{"127.0.0.1", listener->port()};
    wire::Options quick;
    quick.timeouts.tls_handshake = std::chrono::milliseconds{50};
    auto silent = run(context, wire::connect(context.get_executor(), url, trust, quick));
    CHECK(silent.error().code == Errc::timed_out);
    listener.reset();
    auto nobody = run(context, wire::connect(context.get_executor(), url, trust));
    CHECK(nobody.error().code == Errc::link_lost);
    auto no_name = run(context, wire::connect(context.get_executor(), {"no-such-host.invalid", 443}, trust));
    CHECK(no_name.error().code == Errc::link_lost);
}

TEST_CASE("the development certificate is made once and kept private", "[wire]")
{
    TempFolder folder;
    const std::vector<std::string> names{"roadbook.local", "192.0.2.7"};
    const auto made = wire::ServerTls::development(folder / "tls", names).value();
    CHECK(made.fingerprint().starts_with("sha256:"));
    CHECK(made.fingerprint().size() == 7 + 64);
    CHECK(made.valid_until() > system_clock().now() + std::chrono::hours{24 * 824});
    CHECK(wire::ServerTls::development(folder / "tls").value().fingerprint() == made.fingerprint());
    for (const auto* file : {"tls/server.key", "tls/server.crt"}) {
        struct stat status {};
        REQUIRE(::stat((folder / file).c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
    std::filesystem::remove(folder / "tls/server.crt"); // as after a crash between the two
    CHECK(wire::ServerTls::development(folder / "tls").has_value());
}

TEST_CASE("certificates that cannot serve are refused at the start, with the reason", "[wire]")
{
    TempFolder folder;
    const auto good = wire::make_certificate(good_certificate());
    const auto other = wire::make_certificate(good_certificate());
    const auto certificate = write_file(folder / "c", good.certificate_pem);
    const auto key = write_file(folder / "k", good.key_pem);
    CHECK(wire::ServerTls::load(certificate, key).value().fingerprint() == good.fingerprint);

    CHECK(error_of(wire::ServerTls::load(folder / "none", key)).code == Errc::file_unreadable);
    CHECK(error_of(wire::ServerTls::load(certificate, folder / "none")).code == Errc::file_unreadable);
    CHECK(error_of(wire::ServerTls::load(key, key)).code == Errc::bad_argument);
    CHECK(error_of(wire::ServerTls::load(certificate, certificate)).code == Errc::bad_argument);
    const auto mismatch = error_of(wire::ServerTls::load(certificate, write_file(folder / "o", other.key_pem)));
    CHECK(mismatch.code == Errc::bad_argument);
    CHECK(says(mismatch, "does not belong"));

    auto old = good_certificate();
    old.valid_from = system_clock().now() - std::chrono::hours{48};
    old.valid_until = system_clock().now() - std::chrono::hours{24};
    const auto expired = error_of(load(folder.path(), wire::make_certificate(old)));
    CHECK(expired.code == Errc::tls_failed);
    CHECK(says(expired, "expired on"));
    write_file(folder / "server.crt", wire::make_certificate(old).certificate_pem);
    CHECK(error_of(wire::ServerTls::development(folder.path())).code == Errc::file_unreadable); // its key is missing
    auto early = good_certificate();
    early.valid_from = system_clock().now() + std::chrono::hours{24};
    early.valid_until = early.valid_from + std::chrono::hours{24};
    CHECK(says(error_of(load(folder.path(), wire::make_certificate(early))), "not valid before"));
}

TEST_CASE("what a device is told to trust is read strictly", "[wire]")
{
    const std::string digits(64, 'a');
    CHECK(wire::ClientTls::pinned("sha256:" + digits).has_value());
    CHECK(wire::ClientTls::pinned("SHA256:" + std::string(64, 'A')).has_value());
    for (const auto& wrong : {std::string{}, digits, std::string{"sha256:"}, "sha256:" + digits + "a",
                              "sha256:" + digits.substr(1) + "g", "sha1:" + digits}) {
        CAPTURE(wrong);
        const auto pin = wire::ClientTls::pinned(wrong);
        REQUIRE(pin.has_error());
        CHECK(pin.error().code == Errc::bad_argument);
    }
    TempFolder folder;
    const auto missing = wire::ClientTls::authority(folder / "none");
    REQUIRE(missing.has_error());
    CHECK(missing.error().code == Errc::file_unreadable);
    const auto empty = wire::ClientTls::authority(write_file(folder / "empty", ""));
    REQUIRE(empty.has_error());
    CHECK(empty.error().code == Errc::bad_argument);
}
