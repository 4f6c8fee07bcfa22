#include "engine/customer/period.hpp"

#include <algorithm>
#include <chrono>

namespace reckoner {
namespace {

namespace chrono = std::chrono;

chrono::year_month_day date_of(Instant at) {
  const chrono::sys_time<chrono::microseconds> time{chrono::microseconds(at.micros)};
  return chrono::year_month_day{chrono::floor<chrono::days>(time)};
}

Instant boundary_in(chrono::year_month month, std::uint8_t day) {
  const auto last =
      chrono::year_month_day_last(month.year(), chrono::month_day_last(month.month()));
  const chrono::day clamped = std::min(chrono::day(day), last.day());
  const chrono::sys_days date{month / clamped};
  return {chrono::microseconds(date.time_since_epoch()).count()};
}

}  // namespace

Instant boundary_at_or_before(Instant at, std::uint8_t day) {
  const auto date = date_of(at);
  const chrono::year_month month{date.year(), date.month()};
  const Instant boundary = boundary_in(month, day);
  return boundary <= at ? boundary : boundary_in(month - chrono::months(1), day);
}

Instant boundary_after(Instant at, std::uint8_t day) {
  const auto date = date_of(at);
  const chrono::year_month month{date.year(), date.month()};
  const Instant boundary = boundary_in(month, day);
  return boundary > at ? boundary : boundary_in(month + chrono::months(1), day);
}

Period BillingDays::period_of(Instant at) const {
  auto segment = segments_.rbegin();
  while (segment->from > at && std::next(segment) != segments_.rend()) ++segment;
  if (segment->from != kDistantPast && segment->from <= at) {
    // The first boundary of the new day at or after the shortest length.
    const Instant shortest = segment->from + kShortestPeriodAfterChange;
    const Instant end = boundary_after(shortest - 1, segment->day);
    if (at < end) return {segment->from, end};
  }
  return {boundary_at_or_before(at, segment->day), boundary_after(at, segment->day)};
}

void BillingDays::period_ends(Instant end) {
  if (asked_ != segments_.back().day) segments_.push_back({end, asked_});
}

void BillingDays::forget_before(Instant oldest) {
  const auto needed = std::find_if(segments_.begin() + 1, segments_.end(),
                                   [oldest](Segment next) { return next.from > oldest; });
  segments_.erase(segments_.begin(), needed - 1);
}

}  // namespace reckoner
