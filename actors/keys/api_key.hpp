// How an API key looks: rk_<id>_<secret>, of letters and digits. The id names it in the store, in
// lists and in messages; the secret is shown once, when it is made, and kept as a hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/basics/sha256.hpp"

namespace reckoner::keys {

struct ApiKey {
  std::string id, secret;

  std::string text() const { return "rk_" + id + '_' + secret; }
};
// From the system's random numbers: 47 bits of id, 196 of secret.
ApiKey make_api_key();

// Its parts, borrowed from `text`; nothing where it is no key.
struct ApiKeyParts {
  std::string_view id, secret;
};
std::optional<ApiKeyParts> split_api_key(std::string_view text);

bool is_key_id(std::string_view text);

inline Digest secret_hash(std::string_view secret) {
  return sha256(secret);
}
// In constant time.
bool same_digest(const Digest& a, const Digest& b);

}  // namespace reckoner::keys
