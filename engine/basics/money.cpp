#include "engine/basics/money.hpp"

#include <algorithm>
#include <charconv>

namespace reckoner {
namespace {

// A decimal number as written: `digits` × 10^`exponent`, negated if `negative`. Digits beyond the
// 36th are dropped; `inexact` says that one of them was not zero.
struct Decimal {
  bool negative = false;
  bool inexact = false;
  UInt128 digits = 0;
  int exponent = 0;
};

constexpr int kMaxDigits = 36;
constexpr int kMaxExponent = 400;  // beyond any number that means something

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class DecimalReader {
 public:
  explicit DecimalReader(std::string_view text) : text_(text) {}

  std::optional<Decimal> read() {
    if (at_ < text_.size() && text_[at_] == '-') {
      out_.negative = true;
      ++at_;
    }
    if (!read_digits(0)) return std::nullopt;
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!read_digits(-1)) return std::nullopt;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (!read_exponent()) return std::nullopt;
    }
    if (at_ != text_.size()) return std::nullopt;
    return out_;
  }

 private:
  // One digit at least; each moves the exponent by `step` as it is taken in.
  bool read_digits(int step) {
    const std::size_t first = at_;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
      const unsigned digit = static_cast<unsigned>(text_[at_] - '0');
      if (taken_ == kMaxDigits) {
        out_.inexact = out_.inexact || digit != 0;
        out_.exponent += 1 + step;
        continue;
      }
      out_.digits = out_.digits * 10 + digit;
      if (out_.digits != 0) ++taken_;
      out_.exponent += step;
    }
    return at_ != first;
  }

  bool read_exponent() {
    bool negative = false;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) {
      negative = text_[at_] == '-';
      ++at_;
    }
    if (at_ == text_.size() || !is_digit(text_[at_])) return false;
    int exponent = 0;
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, exponent);
    if (error != std::errc()) return false;
    at_ = static_cast<std::size_t>(stop - text_.data());
    if (exponent > kMaxExponent) {
      if (!negative) return false;
      exponent = kMaxExponent;  // as good as nothing, like anything as small
    }
    out_.exponent += negative ? -exponent : exponent;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int taken_ = 0;
  Decimal out_;
};

struct Scaled {
  UInt128 whole = 0;  // |value| × 10^decimals, cut off
  bool half_or_more = false;
  bool exact = true;
};

// |value| × 10^decimals; empty where the whole part has more than 36 digits.
std::optional<Scaled> scale(const Decimal& value, int decimals) {
  Scaled out{value.digits, false, !value.inexact};
  int shift = value.exponent + decimals;
  for (; shift > 0 && out.whole != 0; --shift) {
    constexpr UInt128 kLimit = UInt128(kPicoPerUsd) * kPicoPerUsd * kPicoPerUsd / 10;
    if (out.whole >= kLimit) return std::nullopt;
    out.whole *= 10;
  }
  for (; shift < 0; ++shift) {
    const auto digit = static_cast<unsigned>(out.whole % 10);
    out.exact = out.exact && digit == 0;
    out.half_or_more = digit >= 5;
    out.whole /= 10;
  }
  return out;
}

}  // namespace

Cents floor_cents(Money amount) {
  Int128 cents = amount.pico / kPicoPerCent;
  if (amount.pico % kPicoPerCent < 0) --cents;
  return static_cast<Cents>(cents);
}

std::optional<Money> parse_money(std::string_view text) {
  const auto decimal = DecimalReader(text).read();
  if (!decimal) return std::nullopt;
  const auto scaled = scale(*decimal, kMoneyDecimals);
  if (!scaled || !scaled->exact) return std::nullopt;
  const auto pico = static_cast<Int128>(scaled->whole);
  return Money{decimal->negative ? -pico : pico};
}

std::optional<Cents> parse_cents_rounded(std::string_view text) {
  const auto decimal = DecimalReader(text).read();
  if (!decimal) return std::nullopt;
  const auto scaled = scale(*decimal, 2);
  if (!scaled) return std::nullopt;
  const UInt128 cents = scaled->whole + (scaled->half_or_more ? 1 : 0);
  if (cents > UInt128(INT64_MAX)) return std::nullopt;
  const auto rounded = static_cast<Cents>(cents);
  return decimal->negative ? -rounded : rounded;
}

std::string format_money(Money amount) {
  const bool negative = amount.pico < 0;
  UInt128 rest = negative ? UInt128(0) - UInt128(amount.pico) : UInt128(amount.pico);
  std::string digits;
  for (; rest != 0 || digits.size() <= kMoneyDecimals; rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  std::reverse(digits.begin(), digits.end());
  std::string out = negative ? "-" : "";
  out.append(digits, 0, digits.size() - kMoneyDecimals);
  const std::size_t last = digits.find_last_not_of('0');
  if (last != std::string::npos && last >= digits.size() - kMoneyDecimals) {
    out += '.';
    const std::size_t point = digits.size() - kMoneyDecimals;
    out.append(digits, point, last + 1 - point);
  }
  return out;
}

std::string format_cents(Money amount) {
  const Int128 cents = amount.pico / kPicoPerCent;
  std::string out = format_money({cents * kPicoPerCent});
  const std::size_t point = out.find('.');
  if (point == std::string::npos) return out + ".00";
  return out.size() - point == 2 ? out + '0' : out;
}

}  // namespace reckoner
