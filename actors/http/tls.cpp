#include "actors/http/tls.hpp"

namespace reckoner::http {

namespace ssl = boost::asio::ssl;

namespace {

Error invalid_certificate(std::string detail) {
  return {"invalid_certificate", std::move(detail)};
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls(const std::string& certificate,
                                               const std::string& key) {
  if (certificate.empty() && key.empty()) return std::unique_ptr<ssl::context>();
  if (certificate.empty())
    return invalid_certificate("tls_key is '" + key + "' without a tls_certificate; it takes both");
  if (key.empty())
    return invalid_certificate("tls_certificate is '" + certificate +
                               "' without a tls_key; it takes both");
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failure;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                           ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1 | ssl::context::no_compression |
                           ssl::context::single_dh_use,
                       failure);
  // A passphrase would be asked for on the terminal.
  context->set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); }, failure);
  context->use_certificate_chain_file(certificate, failure);
  if (failure)
    return invalid_certificate("tls_certificate is '" + certificate + "': " + failure.message() +
                               "; it takes a file with a certificate chain in PEM");
  context->use_private_key_file(key, ssl::context::pem, failure);
  if (failure)
    return invalid_certificate("tls_key is '" + key + "': " + failure.message() +
                               "; it takes a file with the certificate's private key in PEM, "
                               "without a passphrase");
  return context;
}

}  // namespace reckoner::http
