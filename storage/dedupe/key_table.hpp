// The keys of one journal shard, in memory and for ever: about 10 bytes a key, at most 11.5 from
// some ten thousand keys on. What it does not find was never added; what it finds is a candidate,
// to be compared with the journal's entry (one look-up in 20 000 is a false one at 200 000 keys in
// a part). One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace reckoner::storage {

// Of an entry in a shard's journal; the first is 1.
inline constexpr std::uint64_t kMostSequence = 0xFFFF'FFFF;

class KeyTable {
 public:
  KeyTable() = default;
  ~KeyTable();
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;
  KeyTable(KeyTable&& other) noexcept { *this = std::move(other); }
  KeyTable& operator=(KeyTable&& other) noexcept;

  // Asks for the memory that `find` and `add` will touch.
  void prefetch(std::uint64_t hash) const {
    const Part& part = parts_[part_of(hash)];
    __builtin_prefetch(part.slots + position(fingerprint_of(hash), part.capacity));
  }

  // Calls is_it(sequence) for each key that may be this one, in order of sequence, until it
  // returns true; whether it did.
  template <class IsIt>
  bool find(std::uint64_t hash, IsIt&& is_it) const {
    const Part& part = parts_[part_of(hash)];
    const std::uint64_t fingerprint = fingerprint_of(hash);
    const Slot* at = part.slots + position(fingerprint, part.capacity);
    at = skip_below(at, fingerprint << 32);
    for (; *at != kEmpty && *at >> 32 == fingerprint; ++at)
      if (is_it(static_cast<std::uint32_t>(*at))) return true;
    return false;
  }

  // Keys may share a hash. `sequence`: 1 to kMostSequence.
  void add(std::uint64_t hash, std::uint64_t sequence);
  // Adds those of a run of entries that have a key (the others are kNoKey). Faster than one by one,
  // the more so the more there are. `scratch` is memory to use, which the caller keeps from run to
  // run.
  void add_run(std::uint64_t first_sequence, std::span<const std::uint64_t> hashes,
               std::vector<std::uint64_t>& scratch);
  // Makes room for so many keys in all, so that adding up to them need not grow it.
  void reserve(std::uint64_t keys);

  std::uint64_t size() const;
  std::uint64_t bytes() const;

 private:
  // Fingerprint (32 bits of the hash), then sequence. A sequence is never 0, so no key is.
  using Slot = std::uint64_t;
  static constexpr Slot kEmpty = 0;
  static constexpr Slot kNoSlots[1] = {kEmpty};
  static constexpr std::size_t kParts = 16;

  // Open addressing with linear probing. The place where a slot wants to be rises with its
  // fingerprint, and slots lie in order of (fingerprint, sequence) over the whole array: those that
  // are not found are given up early, and growing is one pass through both arrays. Nothing wraps:
  // behind the `capacity` places there is a tail for what is pushed over the end, whose last slot
  // is always empty.
  struct Part {
    const Slot* slots = kNoSlots;
    std::uint64_t capacity = 0;  // places that fingerprints are spread over
    std::uint64_t tail = 1;      // slots behind them
    std::uint64_t size = 0;
    std::uint64_t most = 0;  // keys in it before it grows

    Slot* writable() { return const_cast<Slot*>(slots); }
  };

  static std::size_t part_of(std::uint64_t hash) { return hash >> 60; }
  static std::uint64_t fingerprint_of(std::uint64_t hash) { return hash << 4 >> 32; }
  static std::uint64_t position(std::uint64_t fingerprint, std::uint64_t capacity) {
    return fingerprint * capacity >> 32;
  }
  // Less one, an empty slot is the highest of all.
  static const Slot* skip_below(const Slot* at, Slot from) {
    while (*at - 1 < from) ++at;
    return at;
  }

  void insert(std::size_t part, Slot slot);
  static void rebuild(Part& part, std::uint64_t capacity, std::uint64_t tail);
  static bool copy_in_order(const Part& from, Part& to);

  std::array<Part, kParts> parts_;
};

}  // namespace reckoner::storage
