// Things to come, kept by slices of time: putting one in and taking a slice out cost the same
// however many there are.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/basics/instant.hpp"

namespace reckoner::sim {

template <class Thing>
class Calendar {
 public:
  Calendar(Instant from, Micros slice_length, std::size_t slices)
      : from_(from), slice_length_(slice_length), slices_(slices) {}

  // What lies behind the end is dropped. `at` lies in the slice that is being worked on, or later.
  void put(Instant at, const Thing& thing) {
    const auto slice = static_cast<std::size_t>((at - from_) / slice_length_);
    if (slice < slices_.size()) slices_[slice].push_back(thing);
  }

  // In the order that they were put in. Putting more into the slice may move it.
  std::vector<Thing>& slice(std::size_t number) { return slices_[number]; }
  void forget(std::size_t number) { std::vector<Thing>().swap(slices_[number]); }

 private:
  Instant from_;
  Micros slice_length_;
  std::vector<std::vector<Thing>> slices_;
};

}  // namespace reckoner::sim
