// Random numbers that are the same on every platform: the standard fixes what std::mt19937_64
// yields, but not what its distributions make of it, so those are made here, of whole numbers only.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/basics/money.hpp"

namespace reckoner::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }

  // Evenly from 0 to `bound` - 1; `bound` is not 0.
  std::uint64_t below(std::uint64_t bound) {
    // Lemire: the high half of a product, drawn again in the few cases that would favour some.
    while (true) {
      const UInt128 product = UInt128(bits()) * bound;
      const auto low = static_cast<std::uint64_t>(product);
      if (low >= bound || low >= -bound % bound) return static_cast<std::uint64_t>(product >> 64);
    }
  }
  // Evenly from `low` to `high`, both inside.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool chance(std::uint64_t in_ten_thousand) { return below(10'000) < in_ten_thousand; }

 private:
  std::mt19937_64 engine_;
};

// A number that depends on both and on nothing else, and looks random: for what is wanted again
// later and not worth keeping. Different numbers under one seed give different results.
inline std::uint64_t mix(std::uint64_t seed, std::uint64_t number) {
  // The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
  // Generators", 2014).
  std::uint64_t z = seed + number * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// Picks customers of very different sizes: the r-th largest is picked in proportion to 1 / (r + 3)
// (Zipf's law, a little flattened at the top). Who is how large is random. Each pick takes the same
// short time, whatever the number of customers.
class HeavyTailPicker {
 public:
  // `size` is not 0.
  HeavyTailPicker(std::uint32_t size, Random& random);

  std::uint32_t pick(Random& random) const {
    const std::uint64_t bits = random.bits();
    const auto slot = static_cast<std::uint32_t>(((bits >> 32) * slots_.size()) >> 32);
    const Slot& found = slots_[slot];
    return static_cast<std::uint32_t>(bits) < found.own ? slot : found.other;
  }

 private:
  // Walker's alias method: a slot is one's own for the share own / 2^32, and another's beyond.
  struct Slot {
    std::uint32_t own;
    std::uint32_t other;
  };
  std::vector<Slot> slots_;
};

}  // namespace reckoner::sim
