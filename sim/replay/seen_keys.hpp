// Which idempotency keys and webhook ids a history has used so far. In memory and without a
// window: a slot of 16 bytes for each key, in a table at most two thirds full, found by a hash of
// 96 bits (two different keys that share one would take 10^14 keys to expect). The live engine's
// index is in storage/.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/customer/usage.hpp"

namespace reckoner::sim {

enum class Seen : std::uint8_t { never, same, other_content };

class SeenKeys {
 public:
  // A key, hashed, with a hash of what it stands for.
  struct Key {
    std::uint64_t low;
    std::uint32_t high, content;
  };
  static Key of_usage(std::string_view customer_id, const Usage& usage);
  static Key of_webhook(std::string_view webhook_id);

  SeenKeys();
  ~SeenKeys();
  SeenKeys(const SeenKeys&) = delete;
  SeenKeys& operator=(const SeenKeys&) = delete;

  // Asks for the memory that look_up will touch.
  void prefetch(const Key& key) const { __builtin_prefetch(&slots_[key.low & mask_]); }
  Seen look_up(const Key& key) const;
  // Only for a key that was never seen.
  void add(const Key& key);

 private:
  static bool empty(const Key& slot) { return slot.low == 0 && slot.high == 0; }
  void insert(const Key& key);

  Key* slots_;  // on huge pages where there are some: every look-up is a random one
  std::size_t mask_;
  std::size_t size_ = 0;
};

}  // namespace reckoner::sim
