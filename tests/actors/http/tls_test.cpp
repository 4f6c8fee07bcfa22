// TLS, with a certificate made for the test.
#include "tests/actors/http/server_stand.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::http {
namespace {

using support::make_certificate;

ServerOptions with_tls(const support::TemporaryFolder& folder) {
  make_certificate(folder);
  ServerOptions options;
  options.tls_certificate = folder.file("certificate.pem");
  options.tls_key = folder.file("key.pem");
  return options;
}

std::string start_fault(const std::string& certificate, const std::string& key) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.tls_certificate = certificate;
  options.tls_key = key;
  const auto started = Server::start(options, repeat);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "invalid_certificate");
  return started.error().detail;
}

}  // namespace

TEST_CASE("TLS: requests as without it, large ones too") {
  const support::TemporaryFolder folder;
  const auto server = start_server(with_tls(folder));
  RawClient client(server->port(), true);
  CHECK(client.tls_version() == "TLSv1.3");
  CHECK(client.ask(RawClient::post("/", "hello")).body == "POST / hello");
  const std::string large(1'000'000, 'x');
  CHECK(client.ask(RawClient::post("/", large)).body == "POST / " + large);
  CHECK(client.ask(RawClient::get("/", "Connection: close\r\n")).status == 200);
  CHECK(client.is_closed());
}

TEST_CASE("TLS: plain HTTP gets nothing, and a silent client is closed") {
  const support::TemporaryFolder folder;
  ServerOptions options = with_tls(folder);
  options.header_timeout = std::chrono::milliseconds(100);
  const auto server = start_server(options);
  RawClient plain(server->port());
  plain.send(RawClient::get("/"));
  while (!plain.is_closed()) plain.receive();
  RawClient silent(server->port());
  CHECK(silent.is_closed());
}

TEST_CASE("TLS: a certificate that cannot be used says why") {
  const support::TemporaryFolder folder;
  make_certificate(folder);
  const std::string certificate = folder.file("certificate.pem"), key = folder.file("key.pem");
  CHECK(start_fault(certificate, "").find("without a tls_key") != std::string::npos);
  CHECK(start_fault("", key).find("without a tls_certificate") != std::string::npos);
  CHECK(start_fault(folder.file("none"), key).find(folder.file("none")) != std::string::npos);
  CHECK(start_fault(certificate, certificate).find("tls_key is") != std::string::npos);
  const support::TemporaryFolder other;
  make_certificate(other);
  CHECK(start_fault(certificate, other.file("key.pem")).find("tls_key is") != std::string::npos);
}

}  // namespace reckoner::http
