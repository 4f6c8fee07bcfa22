// The canonical encoding at its lowest level: a value has one encoding, and bytes that no value
// encodes to are refused.
#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <vector>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

template <class Write>
std::string encoded(Write write) {
  Encoder out;
  write(out);
  return out.take();
}

const std::vector<std::uint64_t> kCounts = {0,          1,
                                            127,        128,
                                            129,        16'383,
                                            16'384,     (1ULL << 32) - 1,
                                            1ULL << 32, (1ULL << 63) - 1,
                                            1ULL << 63, std::numeric_limits<std::uint64_t>::max()};

}  // namespace

TEST_CASE("bytes: counts and numbers of every size come back", "[engine][bytes]") {
  for (const std::uint64_t value : kCounts) {
    const std::string bytes = encoded([&](Encoder& out) { out.count(value); });
    Decoder in(bytes);
    CHECK(in.count() == value);
    CHECK(in.finished());
    for (const auto number :
         {static_cast<std::int64_t>(value), -static_cast<std::int64_t>(value / 2)}) {
      const std::string zigzag = encoded([&](Encoder& out) { out.number(number); });
      Decoder signed_in(zigzag);
      CHECK(signed_in.number() == number);
      CHECK(signed_in.finished());
    }
  }
}

TEST_CASE("bytes: money of every size comes back", "[engine][bytes]") {
  for (int shift = 0; shift < 127; ++shift) {
    for (const Int128 pico :
         {Int128(1) << shift, -(Int128(1) << shift), (Int128(1) << shift) - 1}) {
      const std::string bytes = encoded([&](Encoder& out) { out.money({pico}); });
      Decoder in(bytes);
      CHECK((in.money() == Money{pico}));
      CHECK(in.finished());
    }
  }
}

TEST_CASE("bytes: an overlong varint is refused", "[engine][bytes]") {
  for (const std::uint64_t value : kCounts) {
    std::string bytes = encoded([&](Encoder& out) { out.count(value); });
    bytes.back() = static_cast<char>(bytes.back() | 0x80);
    bytes += '\0';
    Decoder count(bytes), money(bytes);
    count.count();
    CHECK_FALSE(count.good());
    money.money();
    CHECK_FALSE(money.good());
  }
}

TEST_CASE("bytes: a varint of more than its 64 or 128 bits is refused", "[engine][bytes]") {
  const auto ones = [](std::size_t more, char last) { return std::string(more, '\xFF') + last; };
  CHECK(Decoder(ones(9, 1)).count() == std::numeric_limits<std::uint64_t>::max());
  for (const std::string& bytes : {ones(9, 2), ones(9, 3), ones(10, 1), ones(9, 0x7F)}) {
    Decoder in(bytes);
    CHECK(in.count() == 0);
    CHECK_FALSE(in.good());
  }
  const std::string most = ones(18, 3);
  Decoder widest(most);
  CHECK((widest.money() == Money{-static_cast<Int128>(~UInt128(0) >> 1) - 1}));
  CHECK(widest.finished());
  for (const std::string& bytes : {ones(18, 4), ones(18, 0x7F), ones(19, 1), ones(40, 1)}) {
    Decoder in(bytes);
    in.money();
    CHECK_FALSE(in.good());
  }
}

TEST_CASE("bytes: any two bytes are the encoding of one count or of none", "[engine][bytes]") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      Decoder in(bytes);
      const std::uint64_t value = in.count();
      if (!in.good()) continue;
      const std::string again = encoded([&](Encoder& out) { out.count(value); });
      if (again != bytes.substr(0, bytes.size() - in.rest().size())) FAIL(first << " " << second);
    }
  }
}

TEST_CASE("bytes: what is cut off fails, and all that follows is zero or empty",
          "[engine][bytes]") {
  const std::string bytes = encoded([](Encoder& out) {
    out.text("hello");
    out.number(-70'000);
    out.money(support::usd("12345.67"));
    out.flag(true);
  });
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Decoder in(std::string_view(bytes).substr(0, size));
    in.text();
    in.number();
    in.money();
    in.flag();
    CHECK(in.good() == (size == bytes.size()));
    CHECK(in.finished() == (size == bytes.size()));
  }
  Decoder failed("\x05xyz");
  failed.fail();
  CHECK(failed.byte() == 0);
  CHECK(failed.count() == 0);
  CHECK(failed.number() == 0);
  CHECK(failed.text().empty());
  CHECK(failed.list() == 0);
  CHECK(failed.rest().empty());
  CHECK_FALSE(failed.finished());
}

TEST_CASE("bytes: a value that its type or its choices do not have is refused", "[engine][bytes]") {
  for (int value = 0; value < 256; ++value) {
    const std::string bytes(1, static_cast<char>(value));
    Decoder flag(bytes), choice(bytes);
    CHECK(flag.flag() == (value == 1));
    CHECK(flag.good() == (value < 2));
    CHECK(choice.choice(7) == (value < 7 ? value : 0));
    CHECK(choice.good() == (value < 7));
  }
  for (const std::uint64_t value : kCounts) {
    const std::string bytes = encoded([&](Encoder& out) { out.count(value); });
    Decoder in(bytes);
    CHECK(in.small<std::uint16_t>() == (value <= 0xFFFF ? value : 0));
    CHECK(in.good() == (value <= 0xFFFF));
  }
}

TEST_CASE("bytes: a list is no longer than the bytes that are left allow", "[engine][bytes]") {
  const std::string bytes = encoded([](Encoder& out) {
    out.count(3);
    out.raw("123456");
  });
  Decoder one(bytes), two(bytes), three(bytes);
  CHECK(one.list() == 3);
  CHECK(two.list(2) == 3);
  CHECK(three.list(3) == 0);
  CHECK_FALSE(three.good());
}

TEST_CASE("bytes: instants lie between the distant past and future, dates in the calendar",
          "[engine][bytes]") {
  const auto read = [](Instant value, bool date) {
    const std::string bytes = encoded([&](Encoder& out) { out.instant(value); });
    Decoder in(bytes);
    const Instant again = date ? in.date_instant() : in.instant();
    CHECK((!in.good() || again == value));
    return in.good();
  };
  CHECK(read(kDistantPast, false));
  CHECK(read(kDistantFuture, false));
  CHECK_FALSE(read(kDistantPast - 1, false));
  CHECK_FALSE(read(kDistantFuture + 1, false));
  CHECK(read(kCalendarStart, true));
  CHECK(read(kCalendarEnd - 1, true));
  CHECK_FALSE(read(kCalendarStart - 1, true));
  CHECK_FALSE(read(kCalendarEnd, true));
}

TEST_CASE("bytes: a number or an amount beyond its bounds is refused", "[engine][bytes]") {
  for (const std::int64_t value : {INT64_MIN, std::int64_t(-4), std::int64_t(-3), std::int64_t(0),
                                   std::int64_t(7), std::int64_t(8), INT64_MAX}) {
    const std::string bytes = encoded([&](Encoder& out) { out.number(value); });
    Decoder in(bytes);
    const bool within = value >= -3 && value <= 7;
    CHECK(in.number_in(-3, 7) == (within ? value : -3));
    CHECK(in.good() == within);
  }
  const Money most = Money::of_cents(5);
  const Money least = Money{} - most, beyond{1};
  for (const Money amount : {most, least, Money{}, most + beyond, least - beyond}) {
    const bool within = least <= amount && amount <= most;
    const std::string bytes = encoded([&](Encoder& out) { out.money(amount); });
    Decoder in(bytes);
    CHECK(in.money_within(most) == (within ? amount : Money{}));
    CHECK(in.good() == within);
  }
}

TEST_CASE("bytes: an encoder that was emptied begins anew", "[engine][bytes]") {
  Encoder out;
  out.text("abc");
  CHECK(out.bytes() ==
        "\x03"
        "abc");
  out.clear();
  out.byte(7);
  CHECK(out.take() == "\x07");
}

}  // namespace reckoner
