// What a key may do (contracts.md, HTTP).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::keys {

struct Scopes {
  bool usage = false, read = false, admin = false;

  bool none() const { return !usage && !read && !admin; }
  friend bool operator==(const Scopes&, const Scopes&) = default;
};

// "usage,read": names with commas, in any order. The error says what came and what is taken.
Result<Scopes> parse_scopes(std::string_view text);
// "usage,read,admin", in this order.
std::string scopes_text(Scopes scopes);

// As records keep them: 1 usage, 2 read, 4 admin.
std::uint8_t scope_bits(Scopes scopes);
Scopes scopes_of_bits(std::uint8_t bits);

}  // namespace reckoner::keys
