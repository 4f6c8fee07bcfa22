#include "sim/generate/rhythm.hpp"

#include <algorithm>
#include <array>

#include "engine/basics/money.hpp"

namespace reckoner::sim {
namespace {

// By the hour, UTC.
constexpr std::array<std::uint64_t, 24> kByHour = {22, 18, 16, 15,  16, 20, 30, 45, 65, 85, 95, 98,
                                                   90, 94, 99, 100, 98, 90, 76, 62, 50, 42, 34, 27};
constexpr std::uint64_t kWorkday = 100, kWeekend = 55;

constexpr Instant kSomeSaturday{-719'157 * kDay};  // the 6th of January of the year 1

std::uint64_t of_weekday(Instant at) {
  const std::int64_t days = (at - kSomeSaturday) / kDay;
  return days % 7 < 2 ? kWeekend : kWorkday;
}

std::uint64_t of_hour(Instant at) {
  return kByHour[static_cast<std::size_t>((at - kSomeSaturday) / (3600 * kSecond) % 24)];
}

}  // namespace

Rhythm::Rhythm(std::uint64_t seed, Instant from, std::size_t slices, std::uint64_t events)
    : seed_(seed), from_(from), slices_(slices), events_(events) {
  for (std::size_t slice = 0; slice < slices; ++slice) total_weight_ += weight(slice);
}

bool Rhythm::has_burst(std::size_t slice) const {
  return mix(seed_, slice * 2) % 100 < 4;
}

std::uint64_t Rhythm::weight(std::size_t slice) const {
  const Instant at = from_ + static_cast<Micros>(slice) * kSliceLength;
  const std::uint64_t growth = 70 + 30 * slice / slices_;
  const std::uint64_t noise = 85 + mix(seed_, slice * 2 + 1) % 31;
  const std::uint64_t burst = has_burst(slice) ? 3 : 1;
  return of_hour(at) * of_weekday(at) * growth * noise * burst;
}

std::uint64_t Rhythm::events_before() const {
  return static_cast<std::uint64_t>(UInt128(events_) * weight_before_ / total_weight_);
}

const std::vector<Slot>& Rhythm::next_slice(Random& random) {
  const Instant start = from_ + static_cast<Micros>(slice_) * kSliceLength;
  const bool burst = has_burst(slice_);
  std::uint64_t count = events_before();
  weight_before_ += weight(slice_++);
  count = events_before() - count;

  // Two thirds of a slice with a burst are the burst, within a few minutes. The lowest bit says so.
  const auto burst_start = static_cast<std::uint64_t>(random.below(kSliceLength / 2));
  const std::uint64_t burst_length = kSliceLength / 10 + random.below(kSliceLength * 4 / 10);
  offsets_.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool in_burst = burst && i % 3 != 0;
    const std::uint64_t offset =
        in_burst ? burst_start + random.below(burst_length) : random.below(kSliceLength);
    offsets_.push_back(offset * 2 + (in_burst ? 1 : 0));
  }
  std::ranges::sort(offsets_);
  slots_.clear();
  for (const std::uint64_t offset : offsets_)
    slots_.push_back({start + static_cast<Micros>(offset / 2), offset % 2 == 1});
  return slots_;
}

}  // namespace reckoner::sim
