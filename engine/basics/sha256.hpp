// SHA-256 by OpenSSL. Used where a hash is part of a format: blocks, books, state and money hashes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reckoner {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  // The digest of all that was added; the object then starts anew.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);
inline std::string_view as_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
std::string to_hex(std::string_view bytes);
// Nothing where it is not hex.
std::optional<std::string> from_hex(std::string_view hex);
inline std::string to_hex(const Digest& digest) {
  return to_hex(as_bytes(digest));
}

}  // namespace reckoner
