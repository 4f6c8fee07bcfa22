#include "actors/keys/api_key.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "engine/basics/check.hpp"

namespace reckoner::keys {
namespace {

constexpr std::string_view kLetters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBegin = "rk_";
constexpr std::size_t kIdLetters = 8, kSecretLetters = 33;

// Each letter as likely as any other: bytes beyond the last whole run of letters are not used.
std::string random_letters(std::size_t count) {
  constexpr std::size_t kUsable = 256 / kLetters.size() * kLetters.size();
  std::string out;
  while (out.size() < count) {
    unsigned char byte = 0;
    RECKONER_CHECK(RAND_bytes(&byte, 1) == 1, "the system has no random numbers");
    if (byte < kUsable) out += kLetters[byte % kLetters.size()];
  }
  return out;
}

bool are_letters(std::string_view text, std::size_t count) {
  return text.size() == count && text.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

ApiKey make_api_key() {
  return {random_letters(kIdLetters), random_letters(kSecretLetters)};
}

std::optional<ApiKeyParts> split_api_key(std::string_view text) {
  if (text.size() != kBegin.size() + kIdLetters + 1 + kSecretLetters || !text.starts_with(kBegin))
    return std::nullopt;
  const ApiKeyParts parts{text.substr(kBegin.size(), kIdLetters),
                          text.substr(text.size() - kSecretLetters)};
  const bool good = is_key_id(parts.id) && text[kBegin.size() + kIdLetters] == '_' &&
                    are_letters(parts.secret, kSecretLetters);
  return good ? std::optional(parts) : std::nullopt;
}

bool is_key_id(std::string_view text) {
  return are_letters(text, kIdLetters);
}

bool same_digest(const Digest& a, const Digest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace reckoner::keys
