// What usage costs: the cumulative function F of each model (billing-rules.md, Pricing).
#include <algorithm>
#include <vector>

#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::usd;

Pricing per_unit(std::string_view price, std::int64_t included = 0) {
  return {PerUnit{usd(price)}, included};
}

std::vector<Band> three_bands() {
  return {{10, usd("1"), usd("0.5")},
          {100, usd("0.1"), usd("0")},
          {std::nullopt, usd("0.01"), usd("2")}};
}

// F as the table says it, a token at a time.
Money slow_graduated(const std::vector<Band>& bands, std::int64_t tokens) {
  Money sum;
  std::int64_t lower = 0;
  for (const Band& band : bands) {
    if (tokens > lower) sum += band.flat;
    for (std::int64_t n = lower + 1; n <= tokens && (!band.up_to || n <= *band.up_to); ++n)
      sum += band.unit_price;
    if (band.up_to) lower = *band.up_to;
  }
  return sum;
}

const std::vector<std::pair<std::string, Pricing>>& all_models() {
  static const std::vector<std::pair<std::string, Pricing>> models = {
      {"per unit", per_unit("0.0002")},
      {"per unit, some included", per_unit("0.0002", 25)},
      {"graduated", {Graduated{three_bands()}, 0}},
      {"graduated, some included", {Graduated{three_bands()}, 7}},
      {"volume", {Volume{three_bands()}, 0}},
      {"volume, some included", {Volume{three_bands()}, 7}},
      {"package", {Package{7, usd("0.37")}, 0}},
      {"package, some included", {Package{7, usd("0.37")}, 3}},
  };
  return models;
}

}  // namespace

TEST_CASE("pricing: F(0) is 0, and so is F up to the included tokens", "[engine][pricing]") {
  for (const auto& [name, pricing] : all_models()) {
    INFO(name);
    for (std::int64_t n = 0; n <= pricing.included_tokens; ++n)
      CHECK(pricing.cost_of_first(n) == Money{});
    CHECK(pricing.cost_of_first(pricing.included_tokens + 1) > Money{});
  }
}

TEST_CASE("pricing: included tokens shift F and change nothing else", "[engine][pricing]") {
  for (const auto& [name, pricing] : all_models()) {
    INFO(name);
    Pricing without = pricing;
    without.included_tokens = 0;
    for (std::int64_t n = 0; n < 200; ++n)
      CHECK(pricing.cost_of_first(n) ==
            without.cost_of_first(std::max<std::int64_t>(0, n - pricing.included_tokens)));
  }
}

TEST_CASE(
    "pricing: an event costs F(before + tokens) - F(before), so the events of a period sum "
    "to F of their tokens",
    "[engine][pricing]") {
  for (const auto& [name, pricing] : all_models()) {
    INFO(name);
    for (const std::int64_t step : {0, 1, 3, 10, 64}) {
      Money sum;
      std::int64_t before = 0;
      for (int i = 0; i < 40; ++i, before += step) {
        const Money cost = pricing.cost_of_next(before, step);
        CHECK(cost == pricing.cost_of_first(before + step) - pricing.cost_of_first(before));
        sum += cost;
      }
      CHECK(sum == pricing.cost_of_first(before));
    }
  }
}

TEST_CASE("pricing: per unit is tokens times the price", "[engine][pricing]") {
  CHECK(per_unit("0.0002").cost_of_first(11) == usd("0.0022"));
  CHECK(per_unit("0.000000000001").cost_of_first(3) == usd("0.000000000003"));
  CHECK(per_unit("0").cost_of_first(kMaxTokensSummed) == Money{});
}

TEST_CASE(
    "pricing: graduated bills the tokens of each band at its price, and its flat part once "
    "it is entered",
    "[engine][pricing]") {
  const Pricing pricing{Graduated{three_bands()}, 0};
  for (std::int64_t n = 0; n <= 250; ++n)
    CHECK(pricing.cost_of_first(n) == slow_graduated(three_bands(), n));
  // A band holds the tokens up to and including its end.
  CHECK(pricing.cost_of_first(10) == usd("10.5"));
  CHECK(pricing.cost_of_first(11) == usd("10.6"));
  CHECK(pricing.cost_of_first(100) == usd("19.5"));
  CHECK(pricing.cost_of_first(101) == usd("21.51"));
}

TEST_CASE("pricing: volume prices all tokens by the band that holds them", "[engine][pricing]") {
  const Pricing pricing{Volume{three_bands()}, 0};
  CHECK(pricing.cost_of_first(1) == usd("1.5"));
  CHECK(pricing.cost_of_first(10) == usd("10.5"));
  CHECK(pricing.cost_of_first(11) == usd("1.1"));
  CHECK(pricing.cost_of_first(100) == usd("10"));
  CHECK(pricing.cost_of_first(101) == usd("3.01"));
  // Crossing into the next band gives money back.
  CHECK(pricing.cost_of_next(10, 1) == usd("-9.4"));
}

TEST_CASE("pricing: a package that is begun is paid whole", "[engine][pricing]") {
  const Pricing pricing{Package{7, usd("0.37")}, 0};
  for (std::int64_t n = 1; n <= 50; ++n) {
    const std::int64_t packages = n / 7 + (n % 7 != 0 ? 1 : 0);
    CHECK((pricing.cost_of_first(n) == Money{usd("0.37").pico * packages}));
  }
}

TEST_CASE("pricing: the largest F of every model is exact", "[engine][pricing]") {
  const Int128 highest = kMaxPrice.pico;
  CHECK((Pricing{PerUnit{kMaxPrice}, 0}.cost_of_first(kMaxTokensSummed) ==
         Money{highest * kMaxTokensSummed}));
  CHECK((Pricing{Package{1, kMaxPrice}, 0}.cost_of_first(kMaxTokensSummed) ==
         Money{highest * kMaxTokensSummed}));
  std::vector<Band> bands(kMaxBands, Band{std::nullopt, kMaxPrice, kMaxPrice});
  for (std::size_t i = 0; i + 1 < bands.size(); ++i)
    bands[i].up_to = static_cast<std::int64_t>(i + 1);
  CHECK((Pricing{Graduated{bands}, 0}.cost_of_first(kMaxTokensSummed) ==
         Money{highest * kMaxTokensSummed + highest * Int128(kMaxBands)}));
  CHECK((Pricing{Volume{bands}, 0}.cost_of_first(kMaxTokensSummed) ==
         Money{highest * kMaxTokensSummed + highest}));
}

}  // namespace reckoner
