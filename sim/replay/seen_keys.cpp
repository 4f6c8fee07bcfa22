#include "sim/replay/seen_keys.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::sim {
namespace {

constexpr std::uint64_t kUsageKeys = 1, kWebhookIds = 2;  // kept apart by the hash's seed

constexpr std::size_t kHugePage = 2 * 1024 * 1024;
constexpr std::size_t kFirstSlots = kHugePage / sizeof(SeenKeys::Key);

SeenKeys::Key* new_slots(std::size_t count) {
  const std::size_t bytes = count * sizeof(SeenKeys::Key);
  void* slots = std::aligned_alloc(kHugePage, bytes);
  RECKONER_CHECK(slots != nullptr, "no memory for the keys of a history");
  ::madvise(slots, bytes, MADV_HUGEPAGE);  // a wish: without huge pages it is only slower
  std::memset(slots, 0, bytes);
  return static_cast<SeenKeys::Key*>(slots);
}

std::uint32_t upper_half(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

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
  return {hash.low64, upper_half(hash.high64), upper_half(content_of(usage))};
}

SeenKeys::Key SeenKeys::of_webhook(std::string_view webhook_id) {
  const XXH128_hash_t hash =
      XXH3_128bits_withSeed(webhook_id.data(), webhook_id.size(), kWebhookIds);
  return {hash.low64, upper_half(hash.high64), 0};
}

SeenKeys::SeenKeys() : slots_(new_slots(kFirstSlots)), mask_(kFirstSlots - 1) {}
SeenKeys::~SeenKeys() {
  std::free(slots_);
}

Seen SeenKeys::look_up(const Key& key) const {
  for (std::size_t i = key.low & mask_; !empty(slots_[i]); i = (i + 1) & mask_)
    if (slots_[i].low == key.low && slots_[i].high == key.high)
      return slots_[i].content == key.content ? Seen::same : Seen::other_content;
  return Seen::never;
}

void SeenKeys::add(const Key& key) {
  if (++size_ * 3 > (mask_ + 1) * 2) {
    Key* const old = slots_;
    const std::size_t count = mask_ + 1;
    slots_ = new_slots(count * 2);
    mask_ = count * 2 - 1;
    for (std::size_t i = 0; i < count; ++i)
      if (!empty(old[i])) insert(old[i]);
    std::free(old);
  }
  insert(key);
}

void SeenKeys::insert(const Key& key) {
  std::size_t i = key.low & mask_;
  while (!empty(slots_[i])) i = (i + 1) & mask_;
  slots_[i] = key;
}

}  // namespace reckoner::sim
