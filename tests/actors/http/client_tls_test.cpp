// The client's side of TLS: whom it trusts, and whom not.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/actors/http/client_stand.hpp"
#include "tests/actors/http/server_stand.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::http {
namespace {

// Writes a certificate for this name, signed by itself, and its key.
ServerOptions with_certificate(const support::TemporaryFolder& folder, const char* host,
                               long valid_until = 3'600) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -7'200);
  X509_gmtime_adj(X509_getm_notAfter(certificate), valid_until);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host),
                             -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  ServerOptions out;
  out.tls_certificate = folder.file("certificate.pem");
  out.tls_key = folder.file("key.pem");
  FILE* file = fopen(out.tls_certificate.c_str(), "w");
  PEM_write_X509(file, certificate);
  fclose(file);
  file = fopen(out.tls_key.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return out;
}

std::string https(const Server& server, const std::string& host) {
  return "https://" + host + ":" + std::to_string(server.port()) + "/";
}

ClientOptions trusting(const ServerOptions& server) {
  ClientOptions out;
  out.ca_file = server.tls_certificate;
  return out;
}

void is_refused(Client& client, const std::string& url) {
  const Error error = fault(client, post(url, "secret"));
  CHECK(error.code == "tls_failed");
  CHECK(error.retry == Retry::later);
}

}  // namespace

TEST_CASE("client: TLS with a certificate it trusts, on a kept connection", "[http][client]") {
  const support::TemporaryFolder folder;
  const ServerOptions options = with_certificate(folder, "localhost");
  const auto server = start_server(options);
  const auto client = start_client(trusting(options));
  const std::string large(200'000, 'x');
  for (int i = 0; i < 3; ++i) {
    const auto response = ask(*client, post(https(*server, "localhost"), large));
    REQUIRE(response.ok());
    CHECK(response->body == "POST / " + large);
  }
  CHECK(server->connections() == 1);
}

TEST_CASE("client: TLS is refused where it proves nothing", "[http][client]") {
  const support::TemporaryFolder folder;
  SECTION("by nobody known") {
    const auto server = start_server(with_certificate(folder, "localhost"));
    is_refused(*start_client(), https(*server, "localhost"));
  }
  SECTION("of another host") {
    const ServerOptions options = with_certificate(folder, "polar.example");
    const auto server = start_server(options);
    is_refused(*start_client(trusting(options)), https(*server, "localhost"));
  }
  SECTION("of a name, asked for by address") {
    const ServerOptions options = with_certificate(folder, "localhost");
    const auto server = start_server(options);
    is_refused(*start_client(trusting(options)), https(*server, "127.0.0.1"));
  }
  SECTION("run out") {
    const ServerOptions options = with_certificate(folder, "localhost", -3'600);
    const auto server = start_server(options);
    is_refused(*start_client(trusting(options)), https(*server, "localhost"));
  }
  SECTION("a server without TLS") {
    const auto server = start_server();
    is_refused(*start_client(), https(*server, "localhost"));
  }
}

TEST_CASE("client: a file of certificates that is none is an error", "[http][client]") {
  const support::TemporaryFolder folder;
  ClientOptions options;
  options.ca_file = folder.write("ca.pem", "hello");
  const auto started = Client::start(options);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "invalid_ca_file");
  CHECK(started.error().detail.find("ca.pem") != std::string::npos);
}

}  // namespace reckoner::http
