#include "storage/dedupe/key_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <bit>
#include <cstring>

#include "engine/basics/check.hpp"

namespace reckoner::storage {
namespace {

// The hash's bytes are kept and compared as a number of this machine.
static_assert(std::endian::native == std::endian::little);

constexpr char kUsage = 'u', kWebhook = 'w';

std::uint64_t never_none(std::uint64_t hash) {
  return hash == kNoKey ? 1 : hash;
}

}  // namespace

struct KeyHasher::Context {
  KeySecret secret;
  EVP_MAC* mac = nullptr;
  EVP_MAC_CTX* context = nullptr;

  explicit Context(const KeySecret& with)
      : secret(with),
        mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr)),
        context(EVP_MAC_CTX_new(mac)) {
    unsigned size = sizeof(std::uint64_t);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_SIZE, &size),
                                     OSSL_PARAM_construct_end()};
    RECKONER_CHECK(context != nullptr && EVP_MAC_CTX_set_params(context, parameters) == 1,
                   "OpenSSL has no SipHash");
  }
  ~Context() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    OPENSSL_cleanse(secret.data(), secret.size());
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

KeyHasher::KeyHasher(const KeySecret& secret) : context_(std::make_unique<Context>(secret)) {}
KeyHasher::~KeyHasher() = default;
KeyHasher::KeyHasher(KeyHasher&&) noexcept = default;
KeyHasher& KeyHasher::operator=(KeyHasher&&) noexcept = default;

std::uint64_t KeyHasher::of_usage(std::string_view customer_id, std::string_view idempotency_key) {
  // The length of the first part says where the second begins, so no other pair joins to this.
  const std::uint64_t size = customer_id.size();
  char length[sizeof size];
  std::memcpy(length, &size, sizeof size);
  joined_.assign(1, kUsage);
  joined_.append(length, sizeof length).append(customer_id).append(idempotency_key);
  return never_none(of_bytes(joined_));
}

std::uint64_t KeyHasher::of_webhook(std::string_view webhook_id) {
  joined_.assign(1, kWebhook).append(webhook_id);
  return never_none(of_bytes(joined_));
}

std::uint64_t KeyHasher::of_bytes(std::string_view bytes) {
  std::uint64_t hash = 0;
  std::size_t size = 0;
  EVP_MAC_CTX* const context = context_->context;
  const bool done =
      EVP_MAC_init(context, context_->secret.data(), context_->secret.size(), nullptr) == 1 &&
      EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) ==
          1 &&
      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(&hash), &size, sizeof hash) == 1;
  RECKONER_CHECK(done && size == sizeof hash, "SipHash failed");
  return hash;
}

}  // namespace reckoner::storage
