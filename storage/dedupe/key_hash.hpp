// What the deduplication index knows a key by: SipHash-2-4, 64 bits, under a secret that is made
// with the store. Without the secret nobody can choose keys whose hashes collide, which would make
// every look-up read the journal; so the secret is neither logged nor shown. Part of the format of
// the key log.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace reckoner::storage {

using KeySecret = std::array<std::uint8_t, 16>;

// In place of a hash: the entry has no key.
inline constexpr std::uint64_t kNoKey = 0;

// One thread at a time; each has its own.
class KeyHasher {
 public:
  explicit KeyHasher(const KeySecret& secret);
  ~KeyHasher();
  KeyHasher(KeyHasher&&) noexcept;
  KeyHasher& operator=(KeyHasher&&) noexcept;

  // Never kNoKey. Bytes of any kind and length; what is hashed differs for each two pairs, and for
  // usage and webhooks.
  std::uint64_t of_usage(std::string_view customer_id, std::string_view idempotency_key);
  std::uint64_t of_webhook(std::string_view webhook_id);

  // SipHash-2-4 of just these bytes.
  std::uint64_t of_bytes(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::string joined_;
};

}  // namespace reckoner::storage
