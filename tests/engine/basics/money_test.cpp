// Money: exact to 10^-12 USD, read from decimals and written without rounding.
#include <catch2/catch.hpp>

#include <string>

#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {

TEST_CASE("money: a decimal is read exactly, to twelve decimals", "[engine][money]") {
  const auto [text, pico] = GENERATE(table<std::string, std::string>({
      {"0", "0"},
      {"-0", "0"},
      {"29", "29"},
      {"29.10", "29.1"},
      {"-0.5", "-0.5"},
      {"0.000000000001", "0.000000000001"},
      {"-0.000000000001", "-0.000000000001"},
      {"1e-12", "0.000000000001"},
      {"1E-7", "0.0000001"},
      {"1e+2", "100"},
      {"2.5e3", "2500"},
      {"1.10000000000000000000000000000000000000", "1.1"},
      {"0.00000000000000000000000000000000000000", "0"},
      {"100000000000000000000000000000000000e-15", "100000000000000000000"},
      {"123456789012345678.123456789012", "123456789012345678.123456789012"},
      {"0e400", "0"},
      {"0.000000000001000", "0.000000000001"},
      {"999999999999999999999999.999999999999", "999999999999999999999999.999999999999"},
      {"999999999999999999999999e0", "999999999999999999999999"},
  }));
  INFO(text);
  const auto read = parse_money(text);
  REQUIRE(read);
  CHECK(format_money(*read) == pico);
}

TEST_CASE("money: what is no decimal, too fine or too large is not read", "[engine][money]") {
  const std::string text = GENERATE(
      "", "-", "+1", ".", ".5", "5.", "1,5", " 1", "1 ", "0x10", "1e", "1e+", "1e-", "1ee2",
      "1e2.5", "1e--0", "1e+-0", "1e-+0", "1e401", "1e-401", "1e99999999999999999999", "--1", "1-",
      "NaN", "infinity", "1e24", "1000000000000000000000000.5", "9e30", "-1e24", "0.0000000000001",
      "1e-13", "1.0000000000000000000000000000000000001",
      "100000000000000000000000000000000000000001e-20");
  INFO(text);
  CHECK_FALSE(parse_money(text));
}

TEST_CASE("money: rounding to a cent goes half away from zero", "[engine][money]") {
  const auto [text, cents] = GENERATE(table<std::string, Cents>({
      {"29.1", 2910},
      {"0.005", 1},
      {"0.0049999999999999999999999999999999999999999", 0},
      {"-0.005", -1},
      {"-0.0049", 0},
      {"0.994999", 99},
      {"0.995", 100},
      {"1e-400", 0},
      {"1e-500", 0},
      {"1e3", 100000},
      {"12.345678901234567890123456789012345678901234567890", 1235},
      {"0.0151", 2},
      {"1.015", 102},
      {"92233720368547758.07", INT64_MAX},
      {"92233720368547758.074", INT64_MAX},
      {"-92233720368547758.07", -INT64_MAX},
  }));
  INFO(text);
  CHECK(parse_cents_rounded(text) == cents);
}

TEST_CASE("money: cents that leave 64 bits, and what is no number, are not read",
          "[engine][money]") {
  for (const std::string text : {"92233720368547758.075", "1e17", "-1e30", "1e40", "x", ""}) {
    INFO(text);
    CHECK_FALSE(parse_cents_rounded(text));
  }
}

TEST_CASE("money: charges are rounded down, towards minus infinity", "[engine][money]") {
  const auto [text, cents] = GENERATE(table<std::string, Cents>({
      {"0", 0},
      {"0.009999999999", 0},
      {"0.01", 1},
      {"0.019999999999", 1},
      {"-0.000000000001", -1},
      {"-0.01", -1},
      {"-0.010000000001", -2},
      {"10000000000000000", 1'000'000'000'000'000'000},
      {"-10000000000000000", -1'000'000'000'000'000'000},
  }));
  INFO(text);
  CHECK(floor_cents(support::usd(text)) == cents);
}

TEST_CASE("money: what is rounded off is less than a cent and never negative", "[engine][money]") {
  for (std::int64_t i = -3000; i <= 3000; ++i) {
    const Money amount{Int128(i) * 1'234'567'891};
    const Money rest = amount - Money::of_cents(floor_cents(amount));
    if (rest < Money{} || rest >= Money::of_cents(1)) FAIL(format_money(amount));
  }
}

TEST_CASE("money: written without trailing zeros, and read again it is the same",
          "[engine][money]") {
  CHECK(format_money({}) == "0");
  CHECK(format_money(Money::of_cents(400)) == "4");
  CHECK(format_money(Money::of_cents(-1)) == "-0.01");
  CHECK(format_money({1}) == "0.000000000001");
  Int128 pico = 1;
  for (int digits = 1; digits < 36; ++digits, pico = pico * 10 + digits % 10) {
    for (const Money amount : {Money{pico}, Money{-pico}, Money{pico * 10}, Money{-pico * 100}}) {
      const std::string text = format_money(amount);
      INFO(text);
      if (amount < support::usd("1e23") && Money{} - amount < support::usd("1e23"))
        CHECK(parse_money(text) == amount);
      const bool fraction = text.find('.') != std::string::npos;
      CHECK_FALSE((fraction && (text.back() == '0' || text.back() == '.')));
    }
  }
}

TEST_CASE("money: the ends of 128 bits can be written too", "[engine][money]") {
  const Int128 most = static_cast<Int128>(~UInt128(0) >> 1);
  CHECK(format_money({most}) == "170141183460469231731687303.715884105727");
  CHECK(format_money({-most - 1}) == "-170141183460469231731687303.715884105728");
}

TEST_CASE("money: whole cents have two decimals", "[engine][money]") {
  const auto [text, written] = GENERATE(table<std::string, std::string>({
      {"0", "0.00"},
      {"29", "29.00"},
      {"29.1", "29.10"},
      {"29.12", "29.12"},
      {"0.009", "0.00"},
      {"-0.5", "-0.50"},
      {"1234.567", "1234.56"},
  }));
  CHECK(format_cents(support::usd(text)) == written);
}

TEST_CASE("money: sums are exact, and one that leaves 128 bits stops the program",
          "[engine][money]") {
  const Money most{static_cast<Int128>(~UInt128(0) >> 1)};
  Money sum = support::usd("0.1");
  sum += support::usd("0.2");
  CHECK(sum == support::usd("0.3"));
  sum -= support::usd("0.3");
  CHECK(sum == Money{});
  CHECK(most - most == Money{});
  CHECK(support::reports_bug([&] { sum = most + Money{1}; }));
  CHECK(support::reports_bug([&] { sum = Money{} - most - Money{2}; }));
  CHECK_FALSE(support::reports_bug([&] { sum = Money{} - most - Money{1}; }));
}

}  // namespace reckoner
