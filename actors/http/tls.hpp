// The server's side of TLS.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "engine/basics/result.hpp"

namespace reckoner::http {

// TLS 1.2 and later, with a certificate chain and its key from PEM files. Null where neither is
// given. Error: `invalid_certificate`.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls(const std::string& certificate,
                                                            const std::string& key);

}  // namespace reckoner::http
