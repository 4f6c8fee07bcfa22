// When usage comes: more by day than by night, less at weekends, growing with the customers, uneven
// from one quarter of an hour to the next, and now and then a burst by one customer.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/basics/instant.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim {

inline constexpr Micros kSliceLength = 900 * kSecond;

// One usage to come.
struct Slot {
  Instant at;
  bool in_burst = false;
};

class Rhythm {
 public:
  // Spreads `events` over `slices` slices of time from `from` on.
  Rhythm(std::uint64_t seed, Instant from, std::size_t slices, std::uint64_t events);

  // The usage of the next slice, in order of time: valid until the next call.
  const std::vector<Slot>& next_slice(Random& random);

 private:
  std::uint64_t weight(std::size_t slice) const;
  bool has_burst(std::size_t slice) const;
  // How many of all events lie before the weight reached so far.
  std::uint64_t events_before() const;

  std::uint64_t seed_;
  Instant from_;
  std::size_t slices_, slice_ = 0;
  std::uint64_t events_;
  std::uint64_t total_weight_ = 0, weight_before_ = 0;
  std::vector<std::uint64_t> offsets_;
  std::vector<Slot> slots_;
};

}  // namespace reckoner::sim
