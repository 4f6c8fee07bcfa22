// Which idempotency keys and webhook ids a history has used so far. In memory and without a
// window: 24 bytes for each key, found by a 128-bit hash of it (two different keys that share one
// would take 10^19 keys to expect). The live engine's index is in storage/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/customer/usage.hpp"

namespace reckoner::sim {

enum class Seen : std::uint8_t { never, same, other_content };

class SeenKeys {
 public:
  // A key, hashed, with a hash of what it stands for.
  struct Key {
    std::uint64_t high, low, content;
  };
  static Key of_usage(std::string_view customer_id, const Usage& usage);
  static Key of_webhook(std::string_view webhook_id);

  // Asks for the memory that look_up will touch.
  void prefetch(const Key& key) const { __builtin_prefetch(&slots_[key.low & mask_]); }
  Seen look_up(const Key& key) const;
  // Only for a key that was never seen.
  void add(const Key& key);

 private:
  static bool empty(const Key& slot) { return slot.high == 0 && slot.low == 0; }
  void insert(const Key& key);

  std::vector<Key> slots_ = std::vector<Key>(1024, Key{0, 0, 0});
  std::size_t mask_ = 1023;
  std::size_t size_ = 0;
};

}  // namespace reckoner::sim
