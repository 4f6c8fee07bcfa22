// What an entry has for deduplication: its key's hash, or kNoKey.
#pragma once

#include "engine/customer/entry.hpp"
#include "engine/identity/identity.hpp"
#include "storage/dedupe/key_hash.hpp"

namespace reckoner::storage {

inline std::uint64_t key_of(KeyHasher& hasher, std::string_view customer_id, const Usage& usage) {
  return usage.idempotency_key.empty() ? kNoKey
                                       : hasher.of_usage(customer_id, usage.idempotency_key);
}
inline std::uint64_t key_of(KeyHasher& hasher, const Webhook& webhook) {
  return webhook.id.empty() ? kNoKey : hasher.of_webhook(webhook.id);
}

inline std::uint64_t key_of(KeyHasher& hasher, const CustomerEntry& entry) {
  const Usage* usage = std::get_if<Usage>(&entry.body);
  return usage == nullptr ? kNoKey : key_of(hasher, entry.customer_id, *usage);
}
inline std::uint64_t key_of(KeyHasher& hasher, const IdentityEntry& entry) {
  const Webhook* webhook = std::get_if<Webhook>(&entry.body);
  return webhook == nullptr ? kNoKey : key_of(hasher, *webhook);
}

}  // namespace reckoner::storage
