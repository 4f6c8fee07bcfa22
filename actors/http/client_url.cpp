#include "actors/http/client_url.hpp"

#include <algorithm>
#include <charconv>

#include "engine/basics/ids.hpp"

namespace reckoner::http {
namespace {

Error bad_url(std::string_view why) {
  return {"invalid_request", "a URL " + std::string(why), Retry::never};
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == host.npos ? host : '[' + host + ']';
  if (port != (tls ? 443 : 80)) out += ':' + std::to_string(port);
  return out;
}

Result<Url> parse_url(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c >= 0x7F) return bad_url("holds a byte that must be percent-encoded");
  Url out;
  const std::string scheme = fold_case(text.substr(0, text.find("://")));
  if (scheme != "http" && scheme != "https") return bad_url("begins with http:// or https://");
  out.tls = scheme == "https";
  out.port = out.tls ? 443 : 80;
  std::string_view rest = text.substr(std::min(text.size(), scheme.size() + 3));

  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end);
  rest.remove_prefix(end);
  if (rest.find('#') != rest.npos) return bad_url("has no fragment (#)");
  if (authority.find('@') != authority.npos) return bad_url("names no user (@)");
  out.target = rest.starts_with('/') ? std::string(rest) : '/' + std::string(rest);

  std::size_t host_end = authority.find(':');
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == authority.npos) return bad_url("closes the bracket of its address");
    out.host = authority.substr(1, close - 1);
    host_end = close + 1 == authority.size() ? authority.npos : close + 1;
    if (host_end != authority.npos && authority[host_end] != ':')
      return bad_url("has a port after its address");
  } else {
    out.host = authority.substr(0, host_end);
  }
  if (out.host.empty()) return bad_url("names a host");
  if (host_end != authority.npos) {
    const std::string_view digits = authority.substr(host_end + 1);
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc() || stop != digits.data() + digits.size() || out.port == 0)
      return bad_url("has a port from 1 to 65535");
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace reckoner::http
