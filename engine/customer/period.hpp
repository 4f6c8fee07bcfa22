// Billing periods: [start, end) between two billing days (billing-rules.md, Periods). A customer's
// billing day can change; the days it had are kept as segments of time.
#pragma once

#include <cstdint>

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/instant.hpp"

namespace reckoner {

struct Period {
  Instant start, end;

  bool holds(Instant at) const { return start <= at && at < end; }
  friend bool operator==(Period, Period) = default;
};

// A period that follows a changed billing day lasts this long at least, so that moving the day
// gains nothing.
inline constexpr Micros kShortestPeriodAfterChange = 28 * kDay;

class BillingDays {
 public:
  // A billing day in force from an instant on; the first one given holds for all time before, too.
  struct Segment {
    Instant from;
    std::uint8_t day;
    friend bool operator==(Segment, Segment) = default;
  };

  BillingDays() = default;
  explicit BillingDays(std::uint8_t first_day)
      : segments_{{kDistantPast, first_day}}, asked_(first_day) {}
  BillingDays(std::uint8_t asked, CompactVector<Segment> segments)
      : segments_(std::move(segments)), asked_(asked) {}

  // The last day asked for, which is in force from the end of the current period at the latest.
  std::uint8_t asked() const { return asked_; }
  void ask(std::uint8_t day) { asked_ = day; }

  Period period_of(Instant at) const;

  // A period ends: what was asked for takes effect.
  void period_ends(Instant end);

  // Drops segments that no period ending after `oldest` needs.
  void forget_before(Instant oldest);

  const CompactVector<Segment>& segments() const { return segments_; }
  friend bool operator==(const BillingDays&, const BillingDays&) = default;

 private:
  CompactVector<Segment> segments_;  // by `from`, never empty once constructed with a day
  std::uint8_t asked_ = 1;
};

// The last boundary at or before `at`, and the first one after it, for a billing day that never
// changes: 00:00:00 UTC on day min(day, last day of the month) of each month.
Instant boundary_at_or_before(Instant at, std::uint8_t day);
Instant boundary_after(Instant at, std::uint8_t day);

}  // namespace reckoner
