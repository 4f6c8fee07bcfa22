// Points in time: UTC, whole microseconds since 1970-01-01T00:00:00Z. The engine never asks what
// time it is; every instant comes in with an entry.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace reckoner {

using Micros = std::int64_t;  // a length of time

inline constexpr Micros kSecond = 1'000'000;
inline constexpr Micros kDay = 86'400 * kSecond;

struct Instant {
  std::int64_t micros = 0;

  friend auto operator<=>(Instant, Instant) = default;
  friend Instant operator+(Instant at, Micros length) { return {at.micros + length}; }
  friend Instant operator-(Instant at, Micros length) { return {at.micros - length}; }
  friend Micros operator-(Instant a, Instant b) { return a.micros - b.micros; }
};

// Before and after everything. The ends of the int64 range are left free, so that adding a
// configured length of time (at most 36 500 days) to either cannot overflow.
inline constexpr Instant kDistantPast{std::numeric_limits<std::int64_t>::min() / 4};
inline constexpr Instant kDistantFuture{std::numeric_limits<std::int64_t>::max() / 4};

// The years 0000 to 9999, in which every period lies that an instant read by parse_instant has.
inline constexpr Instant kCalendarStart{-62'167'219'200 * kSecond};
inline constexpr Instant kCalendarEnd{253'402'300'800 * kSecond};
inline bool in_calendar(Instant at) {
  return kCalendarStart <= at && at < kCalendarEnd;
}

// Reads RFC 3339 ("2026-01-05T10:00:00.123456Z", any offset; `T` may be a space, `T` and `Z` may
// be lower case). Digits finer than microseconds are cut off. Nothing else is read: no date
// alone, no missing offset, no leap second, and no year but 0001 to 9998.
std::optional<Instant> parse_instant(std::string_view text);

// RFC 3339 in UTC with `Z`: without a fraction if it is zero, else with six digits. Only for an
// instant in the calendar.
std::string format_instant(Instant at);

}  // namespace reckoner
