// The canonical binary encoding, at its lowest level (docs/formats.md): a value has one encoding,
// and bytes that no value encodes to are refused. Numbers are LEB128 varints of minimal length,
// signed ones zigzagged; texts and lists begin with their count.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"

namespace reckoner {

class Encoder {
 public:
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  void count(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void number(std::int64_t value) {
    count((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void wide(Int128 value) {
    UInt128 rest = (UInt128(value) << 1) ^ UInt128(value >> 127);
    for (; rest >= 0x80; rest >>= 7) byte(static_cast<std::uint8_t>(rest | 0x80));
    byte(static_cast<std::uint8_t>(rest));
  }
  void money(Money value) { wide(value.pico); }
  void instant(Instant value) { number(value.micros); }
  void flag(bool value) { byte(value ? 1 : 0); }
  void text(std::string_view value) {
    count(value.size());
    raw(value);
  }
  void raw(std::string_view bytes) { out_.append(bytes); }

  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }
  void clear() { out_.clear(); }

 private:
  std::string out_;
};

// Reads what an Encoder wrote. The first thing that is not as it should be makes it fail; all it
// returns from then on is zero or empty, and the caller looks at `good` once, at the end. Texts
// are views into the bytes that are read.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return fail(), 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint64_t count() {
    if (!rest_.empty() && static_cast<std::uint8_t>(rest_.front()) < 0x80) [[likely]]
      return byte();
    return static_cast<std::uint64_t>(long_count(64));
  }
  std::int64_t number() {
    const std::uint64_t value = count();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  Money money() {
    const UInt128 value = long_count(128);
    return {static_cast<Int128>(value >> 1) ^ -static_cast<Int128>(value & 1)};
  }
  std::int64_t number_in(std::int64_t least, std::int64_t most) {
    const std::int64_t value = number();
    require(least <= value && value <= most);
    return good_ ? value : least;
  }
  // Between -most and most.
  Money money_within(Money most) {
    const Money value = money();
    require(value <= most && value.pico >= -most.pico);
    return good_ ? value : Money{};
  }
  // Any instant that state can hold: between kDistantPast and kDistantFuture.
  Instant instant() {
    const Instant at{number()};
    require(kDistantPast <= at && at <= kDistantFuture);
    return at;
  }
  // One that has a calendar date.
  Instant date_instant() {
    const Instant at{number()};
    require(in_calendar(at));
    return good_ ? at : Instant{};
  }
  bool flag() { return choice(2) == 1; }
  // A value below `choices`.
  std::uint8_t choice(int choices) {
    const std::uint8_t value = byte();
    if (value >= choices) return fail(), 0;
    return value;
  }
  // A value that fits the type.
  template <class Number>
  Number small() {
    const std::uint64_t value = count();
    if (value > std::numeric_limits<Number>::max()) return fail(), Number{};
    return static_cast<Number>(value);
  }
  std::string_view text() { return raw(count()); }
  std::string_view raw(std::uint64_t size) {
    if (size > rest_.size()) return fail(), std::string_view();
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // How many things follow, each of which takes `least` bytes or more.
  std::size_t list(std::size_t least = 1) {
    const std::uint64_t size = count();
    if (size > rest_.size() / least) return fail(), 0;
    return size;
  }

  void fail() {
    good_ = false;
    rest_ = {};
  }
  void require(bool condition) {
    if (!condition) fail();
  }
  bool good() const { return good_; }
  bool finished() const { return good_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  UInt128 long_count(int bits) {
    UInt128 value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      const std::uint8_t next = byte();
      const UInt128 part = next & 0x7F;
      if ((part << shift) >> shift != part || (bits == 64 && shift == 63 && part > 1)) break;
      value |= part << shift;
      if (next < 0x80) {
        if (next == 0 && shift != 0) break;  // a shorter encoding exists
        return value;
      }
    }
    return fail(), 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace reckoner
