// How long answers took: counted in classes of at most 3 % width, so that it stays small.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace reckoner::sim {

class Latencies {
 public:
  void add(std::chrono::microseconds took);
  void add(const Latencies& other);

  std::uint64_t count() const { return count_; }
  // What so many per mille of the answers took at most: 500 is the median. 0 where there are none.
  std::chrono::microseconds per_mille(unsigned part) const;

 private:
  // Up to 64 µs each has a class of its own; from there on 32 classes for each doubling.
  static constexpr unsigned kSteps = 32, kClasses = 64 + 34 * kSteps;
  static std::size_t class_of(std::uint64_t micros);
  static std::uint64_t end_of(std::size_t number);

  std::array<std::uint64_t, kClasses> classes_{};
  std::uint64_t count_ = 0;
};

}  // namespace reckoner::sim
