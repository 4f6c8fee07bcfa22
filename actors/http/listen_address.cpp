#include "actors/http/listen_address.hpp"

#include <charconv>

namespace reckoner::http {

Error invalid_listen(std::string_view text, std::string_view why) {
  return {"invalid_listen", "listen is '" + std::string(text) + "': " + std::string(why) +
                                "; it takes an address and a port, like 127.0.0.1:8080 or "
                                "[::1]:8080"};
}

Result<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return invalid_listen(text, "it has no port");
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  if (host.empty()) return invalid_listen(text, "it has no address");
  if (!brackets && host.find(':') != host.npos)
    return invalid_listen(text, "an IPv6 address stands in brackets");
  ListenAddress out{std::string(host), 0};
  const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc() || stop != port.data() + port.size())
    return invalid_listen(text, "the port is a number from 0 to 65535");
  return out;
}

}  // namespace reckoner::http
