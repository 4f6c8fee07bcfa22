// Money: exact, in units of 10^-12 USD. Nothing here rounds unless its name says so, and nothing
// that holds money or a price is a binary floating-point number.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/basics/check.hpp"

namespace reckoner {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr int kMoneyDecimals = 12;
inline constexpr Int128 kPicoPerCent = 10'000'000'000;
inline constexpr Int128 kPicoPerUsd = 1'000'000'000'000;

// Whole cents, where money leaves: charges and payments.
using Cents = std::int64_t;

struct Money {
  // Aligned as an int64, so that rows with money in them have no gaps.
  __extension__ typedef __int128 Pico __attribute__((aligned(8)));
  Pico pico = 0;  // 10^-12 USD

  static constexpr Money of_cents(Cents cents) { return {Int128(cents) * kPicoPerCent}; }

  friend auto operator<=>(Money, Money) = default;
  friend Money operator+(Money a, Money b) {
    Money sum;
    const bool overflow = __builtin_add_overflow(a.pico, b.pico, &sum.pico);
    RECKONER_CHECK(!overflow, "a sum of money leaves 128 bits");
    return sum;
  }
  friend Money operator-(Money a, Money b) {
    Money difference;
    const bool overflow = __builtin_sub_overflow(a.pico, b.pico, &difference.pico);
    RECKONER_CHECK(!overflow, "a difference of money leaves 128 bits");
    return difference;
  }
  Money& operator+=(Money other) { return *this = *this + other; }
  Money& operator-=(Money other) { return *this = *this - other; }
};

// Rounded down (towards minus infinity). Only for amounts within the engine's limits
// (engine/limits.hpp), which fit.
Cents floor_cents(Money amount);

// Reads a decimal number as JSON writes it or a price book does ("29", "-0.5", "1e-7", "29.10").
// Empty where it is none, has more than 12 decimals, or is 10^24 USD or more.
std::optional<Money> parse_money(std::string_view text);

// As parse_money, for any number of decimals, rounded to a cent, half away from zero. Empty where
// it is no number or leaves int64.
std::optional<Cents> parse_cents_rounded(std::string_view text);

// Exact, without trailing zeros: "0.0022", "-0.34532", "4".
std::string format_money(Money amount);
// Whole cents, with two decimals: "29.00". Fractions of a cent are cut off.
std::string format_cents(Money amount);

}  // namespace reckoner
