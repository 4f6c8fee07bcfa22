#include "storage/dedupe/key_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "engine/basics/check.hpp"
#include "storage/dedupe/key_hash.hpp"

namespace reckoner::storage {
namespace {

// A part grows by a quarter when it is 88 % full. Parts of one table begin with different
// capacities, up to a quarter apart, so that they do not all grow at the same time.
constexpr std::uint64_t kFirstCapacity = 64, kFirstTail = 16;
constexpr std::uint64_t most_in(std::uint64_t capacity) {
  return capacity * 22 / 25;
}
constexpr std::uint64_t staggered(std::uint64_t capacity, std::size_t part) {
  return capacity + capacity * part / 64;
}

std::uint64_t square_root(std::uint64_t of) {
  std::uint64_t root = 0;
  while (root * root < of) root = root + root / 16 + 1;
  return root;
}

}  // namespace

KeyTable::~KeyTable() {
  for (Part& part : parts_)
    if (part.slots != kNoSlots) std::free(part.writable());
}

KeyTable& KeyTable::operator=(KeyTable&& other) noexcept {
  std::swap(parts_, other.parts_);
  return *this;
}

std::uint64_t KeyTable::size() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_) sum += part.size;
  return sum;
}

std::uint64_t KeyTable::bytes() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_)
    if (part.slots != kNoSlots) sum += (part.capacity + part.tail) * sizeof(Slot);
  return sum;
}

void KeyTable::add(std::uint64_t hash, std::uint64_t sequence) {
  RECKONER_CHECK(0 < sequence && sequence <= kMostSequence, "a shard's journal is full");
  insert(part_of(hash), fingerprint_of(hash) << 32 | sequence);
}

void KeyTable::insert(std::size_t number, Slot slot) {
  Part& part = parts_[number];
  if (part.size >= part.most) [[unlikely]]
    rebuild(part, part.capacity == 0 ? staggered(kFirstCapacity, number) : part.capacity * 5 / 4,
            std::max(part.tail, kFirstTail));
  for (;;) {
    Slot* const slots = part.writable();
    Slot* const last = slots + part.capacity + part.tail - 1;
    Slot* const at =
        const_cast<Slot*>(skip_below(slots + position(slot >> 32, part.capacity), slot));
    Slot* end = at;
    while (*end != kEmpty) ++end;
    if (end != last) {
      std::memmove(at + 1, at, static_cast<std::size_t>(end - at) * sizeof(Slot));
      *at = slot;
      ++part.size;
      return;
    }
    rebuild(part, part.capacity, part.tail * 2);
  }
}

void KeyTable::add_run(std::uint64_t first_sequence, std::span<const std::uint64_t> hashes,
                       std::vector<std::uint64_t>& scratch) {
  if (hashes.empty()) return;
  RECKONER_CHECK(0 < first_sequence && first_sequence + hashes.size() - 1 <= kMostSequence,
                 "a shard's journal is full");
  // Sorted by the upper bits of the hash, each bucket's keys go to a small piece of one part, which
  // then stays in the cache.
  constexpr int kBucketBits = 10;
  std::array<std::uint32_t, (1 << kBucketBits) + 1> ends{};
  for (const std::uint64_t hash : hashes) ++ends[(hash >> (64 - kBucketBits)) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  scratch.resize(hashes.size());
  for (std::size_t i = 0; i < hashes.size(); ++i)
    scratch[ends[hashes[i] >> (64 - kBucketBits)]++] =
        hashes[i] == kNoKey ? kEmpty : fingerprint_of(hashes[i]) << 32 | (first_sequence + i);
  constexpr std::size_t kAhead = 12;
  std::size_t at = 0;
  for (std::size_t bucket = 0; bucket + 1 < ends.size(); ++bucket) {
    const Part& part = parts_[bucket >> (kBucketBits - 4)];
    for (; at < ends[bucket]; ++at) {
      if (at + kAhead < scratch.size())
        __builtin_prefetch(part.slots + position(scratch[at + kAhead] >> 32, part.capacity), 1);
      if (scratch[at] != kEmpty) insert(bucket >> (kBucketBits - 4), scratch[at]);
    }
  }
}

void KeyTable::reserve(std::uint64_t keys) {
  // Four standard deviations more than a part has on average.
  const std::uint64_t average = keys / kParts + 1;
  const std::uint64_t most = average + 4 * square_root(average);
  const std::uint64_t capacity = most * 25 / 22 + 1;
  for (std::size_t number = 0; number < kParts; ++number) {
    Part& part = parts_[number];
    if (const std::uint64_t wanted = staggered(capacity, number); wanted > part.capacity)
      rebuild(part, wanted, std::max(part.tail, kFirstTail));
  }
}

void KeyTable::rebuild(Part& part, std::uint64_t capacity, std::uint64_t tail) {
  for (;; tail *= 2) {
    const std::uint64_t slots = capacity + tail;
    RECKONER_CHECK(0 < slots && slots <= 2 * kMostSequence, "a part of a key table is too large");
    Part next;
    next.slots = static_cast<Slot*>(std::calloc(slots, sizeof(Slot)));
    RECKONER_CHECK(next.slots != nullptr, "no memory for the deduplication index");
    next.capacity = capacity;
    next.tail = tail;
    next.most = most_in(capacity);
    if (copy_in_order(part, next)) {
      if (part.slots != kNoSlots) std::free(part.writable());
      part = next;
      return;
    }
    std::free(next.writable());
  }
}

// False when the tail is too short.
bool KeyTable::copy_in_order(const Part& from, Part& to) {
  Slot* const slots = to.writable();
  const std::uint64_t last = to.capacity + to.tail - 1;
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < from.capacity + from.tail; ++i) {
    // An empty slot is copied to where the next one goes: cheaper than to ask which is which.
    const Slot slot = from.slots[i];
    next = std::max(next, position(slot >> 32, to.capacity));
    if (next >= last) [[unlikely]]
      return false;
    slots[next] = slot;
    next += slot != kEmpty;
  }
  to.size = from.size;
  return true;
}

}  // namespace reckoner::storage
