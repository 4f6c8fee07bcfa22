#include "sim/replay/seen_keys.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::sim {
namespace {

constexpr std::uint64_t kUsageKeys = 1, kWebhookIds = 2;  // kept apart by the hash's seed

std::uint64_t content_of(const Usage& usage) {
  const std::int64_t numbers[] = {usage.tokens, usage.timestamp ? 1 : 0,
                                  usage.timestamp.value_or(Instant{}).micros,
                                  static_cast<std::int64_t>(usage.operation.size())};
  std::uint64_t hash = XXH3_64bits(numbers, sizeof numbers);
  hash = XXH3_64bits_withSeed(usage.operation.data(), usage.operation.size(), hash);
  return XXH3_64bits_withSeed(usage.metadata.data(), usage.metadata.size(), hash);
}

}  // namespace

SeenKeys::Key SeenKeys::of_usage(std::string_view customer_id, const Usage& usage) {
  // customer_id and key, joined so that no other pair gives the same bytes: neither holds a NUL.
  char joined[2 * 256];
  std::size_t size = customer_id.copy(joined, 255);
  joined[size++] = '\0';
  size += usage.idempotency_key.copy(joined + size, 255);
  const XXH128_hash_t hash = XXH3_128bits_withSeed(joined, size, kUsageKeys);
  return {hash.high64, hash.low64, content_of(usage)};
}

SeenKeys::Key SeenKeys::of_webhook(std::string_view webhook_id) {
  const XXH128_hash_t hash =
      XXH3_128bits_withSeed(webhook_id.data(), webhook_id.size(), kWebhookIds);
  return {hash.high64, hash.low64, 0};
}

Seen SeenKeys::look_up(const Key& key) const {
  for (std::size_t i = key.low & mask_; !empty(slots_[i]); i = (i + 1) & mask_)
    if (slots_[i].low == key.low && slots_[i].high == key.high)
      return slots_[i].content == key.content ? Seen::same : Seen::other_content;
  return Seen::never;
}

void SeenKeys::add(const Key& key) {
  if (++size_ * 3 > slots_.size() * 2) {
    std::vector<Key> old(slots_.size() * 2, Key{0, 0, 0});
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Key& held : old)
      if (!empty(held)) insert(held);
  }
  insert(key);
}

void SeenKeys::insert(const Key& key) {
  std::size_t i = key.low & mask_;
  while (!empty(slots_[i])) i = (i + 1) & mask_;
  slots_[i] = key;
}

}  // namespace reckoner::sim
