// Instants as text: RFC 3339 in, UTC out.
#include <catch2/catch.hpp>

#include <string>

#include "engine/basics/instant.hpp"

namespace reckoner {

TEST_CASE("instants: RFC 3339 is read, and finer digits than microseconds are cut off",
          "[engine][instant]") {
  const auto [text, micros] = GENERATE(table<std::string, std::int64_t>({
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:01Z", kSecond},
      {"1970-01-02T00:00:00Z", kDay},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"1970-01-01t00:00:00z", 0},
      {"1970-01-01 00:00:00Z", 0},
      {"1970-01-01T01:00:00+01:00", 0},
      {"1969-12-31T18:30:00-05:30", 0},
      {"1970-01-01T00:00:00-00:00", 0},
      {"1970-01-01T23:59:00+23:59", 0},
      {"1970-01-01T00:00:00.5Z", 500'000},
      {"1970-01-01T00:00:00.123456Z", 123'456},
      {"1970-01-01T00:00:00.1234569999999999Z", 123'456},
      {"1970-01-01T00:00:00.000000999Z", 0},
      {"1970-01-01T00:00:00.000001+00:00", 1},
      {"2000-02-29T12:34:56Z", 951'827'696 * kSecond},
      {"2038-01-19T03:14:08Z", 2'147'483'648 * kSecond},
      {"0001-01-01T00:00:00Z", -62'135'596'800 * kSecond},
      {"9998-12-31T23:59:59.999999Z", 253'370'764'799 * kSecond + 999'999},
  }));
  INFO(text);
  const auto read = parse_instant(text);
  REQUIRE(read);
  CHECK(read->micros == micros);
}

TEST_CASE("instants: nothing but RFC 3339 is read", "[engine][instant]") {
  const std::string text =
      GENERATE("", "2026", "2026-01-05", "2026-01-05T10:00:00", "2026-01-05T10:00Z",
               "2026-01-05T10:00:00.Z", "2026-01-05T10:00:00ZZ", "2026-01-05T10:00:00 Z",
               "2026-01-05_10:00:00Z", "2026/01-05T10:00:00Z", "2026-01/05T10:00:00Z",
               "2026-01-05T10-00:00Z", "2026-01-05T10:00-00Z", "2026-13-05T10:00:00Z",
               "2026-00-05T10:00:00Z", "2026-01-32T10:00:00Z", "2026-01-00T10:00:00Z",
               "2025-02-29T10:00:00Z", "2026-01-05T24:00:00Z", "2026-01-05T10:60:00Z",
               "2026-01-05T10:00:60Z", "x026-01-05T10:00:00Z", "2026-0x-05T10:00:00Z",
               "2026-01-05T10:00:0xZ", "2026-01-05T10:00:00+1:00", "2026-01-05T10:00:00+01",
               "2026-01-05T10:00:00+0100", "2026-01-05T10:00:00+24:00", "2026-01-05T10:00:00+01:60",
               "2026-01-05T10:00:00*01:00", "2026-01-05T10:00:00+0a:00",
               "2026-01-05T10:00:00+01-00", "2026-01-05T10:00:00.123", "2026-01-05T10:00:00.12x",
               "0000-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
               "9998-12-31T23:59:59-00:01", "-026-01-05T10:00:00Z", "02026-01-05T10:00:00Z");
  INFO(text);
  CHECK_FALSE(parse_instant(text));
}

TEST_CASE("instants: no byte of a time can be another without the time being another or none",
          "[engine][instant]") {
  const std::string text = "2026-01-05T10:20:30.123456+01:30";
  const auto right = parse_instant(text);
  REQUIRE(right);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string other = text;
      other[i] = static_cast<char>(value);
      const bool same_mark = i == 10 && (value == 't' || value == ' ');
      if (other == text || same_mark) continue;
      if (parse_instant(other) == right) FAIL(other);
    }
  }
}

TEST_CASE("instants: written and read again they are the same", "[engine][instant]") {
  // Steps that share no factor with days, seconds or each other.
  const Micros step = GENERATE(86'400'000'000LL * 13 + 7, 3'599'999'983LL * 997);
  int written = 0;
  for (std::int64_t micros = -62'135'596'800 * kSecond; micros < 253'370'764'800 * kSecond;
       micros += step) {
    if (++written % 17 != 0 && step < kDay * 7) continue;
    const std::string text = format_instant({micros});
    if (parse_instant(text) != Instant{micros}) FAIL(text);
  }
  CHECK(written > 1000);
}

TEST_CASE("instants: a zero fraction is dropped, any other has six digits", "[engine][instant]") {
  CHECK(format_instant({0}) == "1970-01-01T00:00:00Z");
  CHECK(format_instant({1}) == "1970-01-01T00:00:00.000001Z");
  CHECK(format_instant({500'000}) == "1970-01-01T00:00:00.500000Z");
  CHECK(format_instant({-1}) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_instant(*parse_instant("0007-03-04T05:06:07Z")) == "0007-03-04T05:06:07Z");
}

TEST_CASE("instants: the first and the last that are read can be written", "[engine][instant]") {
  for (const std::string text : {"0001-01-01T00:00:00Z", "9998-12-31T23:59:59.999999Z"})
    CHECK(format_instant(*parse_instant(text)) == text);
}

TEST_CASE("instants: the distant past and future leave room for any length", "[engine][instant]") {
  constexpr Micros kLongest = 36'500 * kDay;
  CHECK(kDistantPast - kLongest < kDistantPast);
  CHECK(kDistantFuture + kLongest > kDistantFuture);
  CHECK(kDistantPast + kLongest < kCalendarStart);
  CHECK(kDistantFuture - kLongest > kCalendarEnd);
  CHECK(in_calendar(kCalendarStart));
  CHECK(in_calendar(kCalendarEnd - 1));
  CHECK_FALSE(in_calendar(kCalendarStart - 1));
  CHECK_FALSE(in_calendar(kCalendarEnd));
  CHECK(Instant{5} - Instant{3} == 2);
}

}  // namespace reckoner
