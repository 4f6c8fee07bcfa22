// Where a server listens, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::http {

struct ListenAddress {
  std::string host;  // without brackets: "127.0.0.1", "::1", "localhost"
  std::uint16_t port = 0;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:0". Error: `invalid_listen`.
Result<ListenAddress> parse_listen(std::string_view text);
Error invalid_listen(std::string_view text, std::string_view why);

}  // namespace reckoner::http
