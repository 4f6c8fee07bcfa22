// The bounds within which all arithmetic of the engine is exact. Input beyond them is refused at
// the door (a tokens count, a price), and a customer whose sums would leave them is set aside.
#pragma once

#include <cstdint>

#include "engine/basics/money.hpp"

namespace reckoner {

// One usage event (billing-rules.md, Usage).
inline constexpr std::int64_t kMaxTokens = 1'000'000'000'000;
// All tokens of one period on one plan, and all unbilled tokens: a million of the largest events.
inline constexpr std::int64_t kMaxTokensSummed = 1'000'000'000'000'000'000;
// A price in a price book: of a token, a package, or the flat part of a band.
inline constexpr Money kMaxPrice{Int128(1'000'000) * kPicoPerUsd};
// What a customer may owe or be owed at one time. It fits in int64 cents.
inline constexpr Money kMaxAccrued{Int128(10'000'000'000'000'000) * kPicoPerUsd};
// Bands of one plan.
inline constexpr std::size_t kMaxBands = 1'000;
// So the highest F(n), 10^18 tokens at the highest price and each band's flat part, is far below
// 2^127.

// The cost of one period on one plan, so that a million rows of it can be summed.
inline constexpr Money kMaxPeriodCost{kMaxAccrued.pico * 10'000};

// Sums over many rows, for people to read: they stop at the end of int64.
inline std::int64_t add_saturating(std::int64_t a, std::int64_t b) {
  std::int64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

}  // namespace reckoner
