// The keys of entries that are not durable yet, in the order in which they were staged: a small
// hash table over a list, emptied with each batch. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/dedupe/key_chunk.hpp"

namespace reckoner::storage {

class StagedKeys {
 public:
  template <class IsIt>
  bool find(std::uint32_t shard, std::uint64_t hash, IsIt&& is_it) const {
    for (std::size_t i = hash & mask(); slots_[i] != 0; i = (i + 1) & mask()) {
      const EntryKey& key = keys_[slots_[i] - 1];
      if (key.hash == hash && key.shard == shard && is_it(key.sequence)) return true;
    }
    return false;
  }

  void add(const EntryKey& key) {
    keys_.push_back(key);
    if (keys_.size() * 2 > slots_.size())
      rebuild(slots_.size() * 2);
    else
      enter(keys_.size());
  }

  std::span<const EntryKey> all() const { return keys_; }
  std::size_t size() const { return keys_.size(); }

  // Takes out those that were staged first.
  void drop_first(std::size_t count) {
    for (const EntryKey& key : keys_) clear_from(key.hash & mask());
    keys_.erase(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t number = 1; number <= keys_.size(); ++number) enter(number);
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }

  void enter(std::size_t number) {
    const std::uint64_t hash = keys_[number - 1].hash;
    if (hash == kNoKey) return;
    std::size_t i = hash & mask();
    while (slots_[i] != 0) i = (i + 1) & mask();
    slots_[i] = static_cast<std::uint32_t>(number);
  }

  // All keys go, so a run of full slots may go as a whole.
  void clear_from(std::size_t i) {
    for (; slots_[i] != 0; i = (i + 1) & mask()) slots_[i] = 0;
  }

  void rebuild(std::size_t slots) {
    slots_.assign(slots, 0);
    for (std::size_t number = 1; number <= keys_.size(); ++number) enter(number);
  }

  std::vector<EntryKey> keys_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024);  // places in keys_, from 1
};

}  // namespace reckoner::storage
