#include "sim/drive/latencies.hpp"

#include <algorithm>
#include <bit>

namespace reckoner::sim {

std::size_t Latencies::class_of(std::uint64_t micros) {
  if (micros < 64) return micros;
  const unsigned doublings = static_cast<unsigned>(std::bit_width(micros)) - 6;  // 1 for 64 to 127
  const std::uint64_t step = (micros >> doublings) - kSteps;
  return std::min<std::size_t>(64 + (doublings - 1) * kSteps + step, kClasses - 1);
}

// The largest value in a class.
std::uint64_t Latencies::end_of(std::size_t number) {
  if (number < 64) return number;
  const std::size_t doublings = (number - 64) / kSteps + 1, step = (number - 64) % kSteps;
  return ((kSteps + step + 1) << doublings) - 1;
}

void Latencies::add(std::chrono::microseconds took) {
  ++classes_[class_of(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)))];
  ++count_;
}

void Latencies::add(const Latencies& other) {
  for (std::size_t i = 0; i < kClasses; ++i) classes_[i] += other.classes_[i];
  count_ += other.count_;
}

std::chrono::microseconds Latencies::per_mille(unsigned part) const {
  const std::uint64_t wanted = (count_ * part + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kClasses && count_ > 0; ++i) {
    seen += classes_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1))
      return std::chrono::microseconds(static_cast<std::int64_t>(end_of(i)));
  }
  return {};
}

}  // namespace reckoner::sim
