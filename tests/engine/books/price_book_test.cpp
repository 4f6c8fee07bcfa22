// The guide's plans, and what makes a price book bad: each fault is named.
#include <functional>
#include <string>

#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::usd;

std::vector<Band> two_bands() {
  return {{100, usd("0.1"), {}}, {std::nullopt, usd("0.01"), {}}};
}

struct Fault {
  std::string name;
  std::string part_of_detail;
  std::function<void(PriceBook&)> make;
};

template <class Model>
Fault bands(std::string name, std::string part_of_detail,
            std::function<void(std::vector<Band>&)> make) {
  return {std::move(name), std::move(part_of_detail), [make](PriceBook& book) {
            std::vector<Band> changed = two_bands();
            make(changed);
            book.plans[1].pricing.model = Model{changed};
          }};
}

const Money kTooHigh = kMaxPrice + Money{1};

std::vector<Fault> faults_of_plans() {
  return {
      {"no plan", "plans is empty", [](PriceBook& b) { b.plans.clear(); }},
      {"no id", "plans[1] (): id is no id", [](PriceBook& b) { b.plans[1].id.clear(); }},
      {"id twice", "plans[1] (free): id is used twice",
       [](PriceBook& b) { b.plans[1].id = "free"; }},
      {"product twice, of two plans", "cortex_free a second time",
       [](PriceBook& b) { b.plans[1].product_ids = {"cortex_free"}; }},
      {"product twice, of one plan", "p a second time",
       [](PriceBook& b) {
         b.plans[1].product_ids = {"p", "p"};
       }},
      {"product without an id", "product_ids has one that is no id",
       [](PriceBook& b) { b.plans[1].product_ids = {""}; }},
      {"negative price", "price_usd is -0.01",
       [](PriceBook& b) { b.plans[1].price = usd("-0.01"); }},
      {"price too high", "the highest price is 1000000",
       [](PriceBook& b) { b.plans[1].price = kTooHigh; }},
      {"negative allowance", "tokens_per_month is -1",
       [](PriceBook& b) { b.plans[1].tokens_per_month = -1; }},
      {"negative rate limit", "rate_limit is -1", [](PriceBook& b) { b.plans[1].rate_limit = -1; }},
      {"negative included tokens", "pricing.included_tokens is -1",
       [](PriceBook& b) { b.plans[1].pricing.included_tokens = -1; }},
      {"too many included tokens", "it takes 0 to 1000000000000000000",
       [](PriceBook& b) { b.plans[1].pricing.included_tokens = kMaxTokensSummed + 1; }},
      {"negative unit price", "pricing.unit_price_usd is -0.000000000001",
       [](PriceBook& b) { b.plans[1].pricing.model = PerUnit{Money{-1}}; }},
      {"package of 0", "pricing.package_size is 0",
       [](PriceBook& b) {
         b.plans[1].pricing.model = Package{0, usd("1")};
       }},
      {"package price too high", "pricing.package_price_usd is",
       [](PriceBook& b) {
         b.plans[1].pricing.model = Package{1, kTooHigh};
       }},
  };
}

template <class Model>
std::vector<Fault> faults_of_bands() {
  return {
      bands<Model>("no bands", "has 0 bands", [](auto& b) { b.clear(); }),
      bands<Model>("too many bands", "has 1001 bands", [](auto& b) { b.resize(1001); }),
      bands<Model>("last band closed", "pricing.bands[1].up_to is 200; the last band's is null",
                   [](auto& b) { b[1].up_to = 200; }),
      bands<Model>("no open band among one",
                   "pricing.bands[0].up_to is 100; the last band's is null",
                   [](auto& b) { b.pop_back(); }),
      bands<Model>("band open before the last", "pricing.bands[0].up_to is null; only the last",
                   [](auto& b) { b[0].up_to.reset(); }),
      bands<Model>("band ends at 0", "pricing.bands[0].up_to is 0",
                   [](auto& b) { b[0].up_to = 0; }),
      bands<Model>("bands not ascending", "pricing.bands[1].up_to is 100; it takes 101",
                   [](auto& b) { b.insert(b.begin(), b[0]); }),
      bands<Model>("band beyond what can be summed", "pricing.bands[0].up_to is",
                   [](auto& b) { b[0].up_to = kMaxTokensSummed + 1; }),
      bands<Model>("negative price in a band", "pricing.bands[0].unit_price_usd is -1",
                   [](auto& b) { b[0].unit_price = usd("-1"); }),
      bands<Model>("negative flat part of a band", "pricing.bands[1].flat_usd is -1",
                   [](auto& b) { b[1].flat = usd("-1"); }),
  };
}

}  // namespace

TEST_CASE("price book: the default one is the guide's", "[engine][books]") {
  const PriceBook book = default_price_book();
  REQUIRE(check_price_book(book).ok());
  REQUIRE(book.plans.size() == 4);
  const auto [place, id, price, tokens, rate, unit] =
      GENERATE(table<int, std::string, std::string, std::int64_t, std::int64_t, std::string>({
          {0, "free", "0", 1'000, 10, "0.0002"},
          {1, "starter", "29", 100'000, 100, "0.0001"},
          {2, "professional", "99", 1'000'000, 1'000, "0.00005"},
          {3, "enterprise", "299", 10'000'000, 10'000, "0.00002"},
      }));
  const Plan& plan = book.plans[place];
  CHECK(plan.id == id);
  CHECK(plan.product_ids == std::vector<std::string>{"cortex_" + id});
  CHECK(plan.price == usd(price));
  CHECK(plan.tokens_per_month == tokens);
  CHECK(plan.rate_limit == rate);
  CHECK(plan.pricing.included_tokens == 0);
  CHECK(plan.pricing.cost_of_first(1) == usd(unit));
  CHECK(book.find(id) == &plan);
}

TEST_CASE("price book: a plan that is not there is not found", "[engine][books]") {
  CHECK(default_price_book().find("Free") == nullptr);
  CHECK(PriceBook{}.find("free") == nullptr);
}

TEST_CASE("price book: every fault is refused, and the detail names it", "[engine][books]") {
  const auto faults =
      GENERATE(faults_of_plans(), faults_of_bands<Graduated>(), faults_of_bands<Volume>());
  for (const Fault& fault : faults) {
    INFO(fault.name);
    PriceBook book = default_price_book();
    fault.make(book);
    const Status checked = check_price_book(book);
    REQUIRE_FALSE(checked.ok());
    CHECK(checked.error().code == "invalid_price_book");
    CHECK_THAT(checked.error().detail, Catch::Contains(fault.part_of_detail));
  }
}

TEST_CASE("price book: the limits themselves are taken", "[engine][books]") {
  PriceBook book = default_price_book();
  book.plans[0].price = kMaxPrice;
  book.plans[0].pricing = {PerUnit{kMaxPrice}, kMaxTokensSummed};
  book.plans[1].tokens_per_month = 0;
  book.plans[1].rate_limit = kMaxTokensSummed;
  book.plans[1].product_ids.clear();
  std::vector<Band> many(kMaxBands, Band{std::nullopt, kMaxPrice, kMaxPrice});
  for (std::size_t i = 0; i + 1 < many.size(); ++i)
    many[i].up_to = static_cast<std::int64_t>(i + 1);
  many[kMaxBands - 2].up_to = kMaxTokensSummed;
  book.plans[1].pricing = {Graduated{many}, 0};
  book.plans[2].pricing = {Volume{{{std::nullopt, {}, {}}}}, 0};
  book.plans[3].pricing = {Package{1, kMaxPrice}, 0};
  const Status checked = check_price_book(book);
  INFO((checked ? std::string() : checked.error().detail));
  CHECK(checked.ok());
}

}  // namespace reckoner
