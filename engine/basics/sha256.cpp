#include "engine/basics/sha256.hpp"

#include <openssl/evp.h>

#include "engine/basics/check.hpp"

namespace reckoner {

struct Sha256::Context {
  EVP_MD_CTX* held = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(held); }

  void start() {
    // Fetched once: looking the algorithm up costs more than hashing a small block.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    const int done = EVP_DigestInit_ex(held, algorithm, nullptr);
    RECKONER_CHECK(done == 1, "OpenSSL cannot start SHA-256");
  }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  context_->start();
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  const int done = EVP_DigestUpdate(context_->held, bytes.data(), bytes.size());
  RECKONER_CHECK(done == 1, "OpenSSL cannot go on with SHA-256");
}

Digest Sha256::finish() {
  Digest digest;
  const int done = EVP_DigestFinal_ex(context_->held, digest.data(), nullptr);
  RECKONER_CHECK(done == 1, "OpenSSL cannot finish SHA-256");
  context_->start();
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::optional<std::string> from_hex(std::string_view hex) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace reckoner
