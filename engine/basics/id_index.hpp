// Finds records by id: a flat hash table of (hash, place), open addressing, linear probing. It is
// never gone through, so its order reaches nothing. Places are those of a container that only
// grows.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace reckoner {

class IdIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  static std::uint64_t hash(std::string_view id) { return std::hash<std::string_view>{}(id); }

  // The place for which `is(place)` holds, among those with this hash; kNone if there is none.
  template <class Is>
  std::uint32_t find(std::uint64_t hash, Is is) const {
    for (std::size_t i = hash & mask_; slots_[i].place != kNone; i = (i + 1) & mask_)
      if (slots_[i].tag == tag_of(hash) && is(slots_[i].place)) return slots_[i].place;
    return kNone;
  }

  // Only for what find does not find. `hash_of(place)` gives the hash again when the table grows.
  template <class HashOf>
  void add(std::uint64_t hash, std::uint32_t place, HashOf hash_of) {
    if (++size_ * 2 > slots_.size()) grow(hash_of, place);
    insert(hash, place);
  }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = kNone;
  };

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  void insert(std::uint64_t hash, std::uint32_t place) {
    std::size_t i = hash & mask_;
    while (slots_[i].place != kNone) i = (i + 1) & mask_;
    slots_[i] = {tag_of(hash), place};
  }

  template <class HashOf>
  void grow(HashOf hash_of, std::uint32_t places) {
    slots_.assign(slots_.size() * 2, Slot{});
    mask_ = slots_.size() - 1;
    for (std::uint32_t place = 0; place < places; ++place) insert(hash_of(place), place);
  }

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t mask_ = 1023;
  std::size_t size_ = 0;
};

}  // namespace reckoner
