// URLs as the client takes them, and percent-encoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::http {

struct Url {
  bool tls = false;
  std::string host;  // a name or an address, without the brackets of IPv6
  std::uint16_t port = 80;
  std::string target;  // path and query: "/api/v1/charges?a=b"

  // "api.polar.sh:443": as the Host header and messages name it.
  std::string authority() const;
  std::string origin() const { return (tls ? "https://" : "http://") + authority(); }
};

// http:// or https://, a host, perhaps a port, path and query; no user and no fragment. Errors:
// `invalid_request`, which does not repeat the URL.
Result<Url> parse_url(std::string_view text);

// Everything but letters, digits and -._~ as %XX: for one item of a path or query.
std::string percent_encoded(std::string_view text);

}  // namespace reckoner::http
