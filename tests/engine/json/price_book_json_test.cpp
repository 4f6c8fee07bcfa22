// Price books and settings as JSON (contracts.md, Configuration): what good ones are read as.
#include <catch2/catch.hpp>

#include "engine/books/book_encoding.hpp"
#include "tests/engine/json/price_book_text.hpp"
#include "tests/support/files.hpp"

namespace reckoner::json {
namespace {

Money usd(std::string_view text) {
  const auto money = parse_money(text);
  REQUIRE(money);
  return *money;
}

PriceBook good_book(std::string_view text) {
  auto book = read_price_book(text);
  if (!book) FAIL(book.error().detail);
  return std::move(book).value();
}

}  // namespace

TEST_CASE("price books: every member is read, and a plan without a name goes by its id") {
  const PriceBook book = good_book(R"({"plans":[
      {"id":"free","product_ids":[],"price_usd":"0","tokens_per_month":0,"rate_limit":0,
       "pricing":{"model":"per_unit","unit_price_usd":"0.000000000001"}},
      {"id":"team","name":"For teams","product_ids":["a","b"],"price_usd":"29.00",
       "tokens_per_month":1000000000000000000,"rate_limit":100,
       "pricing":{"model":"package","package_size":1000,"package_price_usd":"0.37",
                  "included_tokens":2500}}]})");
  REQUIRE(book.plans.size() == 2);
  const Plan& free = book.plans[0];
  CHECK(free.id == "free");
  CHECK(free.name == "free");
  CHECK(free.product_ids.empty());
  CHECK((free.price == Money{}));
  CHECK((std::get<PerUnit>(free.pricing.model).unit_price == Money{1}));
  CHECK(free.pricing.included_tokens == 0);
  const Plan& team = book.plans[1];
  CHECK(team.name == "For teams");
  CHECK(team.product_ids == std::vector<std::string>{"a", "b"});
  CHECK((team.price == usd("29")));
  CHECK(team.tokens_per_month == 1'000'000'000'000'000'000);
  CHECK(team.rate_limit == 100);
  CHECK(std::get<Package>(team.pricing.model).size == 1000);
  CHECK((std::get<Package>(team.pricing.model).price == usd("0.37")));
  CHECK(team.pricing.included_tokens == 2500);
}

TEST_CASE("price books: bands are read in their order, the last without an end") {
  for (const std::string model : {"graduated", "volume"}) {
    const PriceBook book = good_book(
        book_of(plan(R"("pricing":{"model":")" + model +
                     R"(","bands":[{"up_to":1000,"unit_price_usd":"0.001","flat_usd":"5"},)"
                     R"({"up_to":null,"unit_price_usd":"0"}]})")));
    const PricingModel& pricing = book.plans[0].pricing.model;
    CHECK(std::holds_alternative<Graduated>(pricing) == (model == "graduated"));
    const auto& bands =
        model == "graduated" ? std::get<Graduated>(pricing).bands : std::get<Volume>(pricing).bands;
    REQUIRE(bands.size() == 2);
    CHECK((bands[0].up_to == std::int64_t(1000)));
    CHECK((bands[0].unit_price == usd("0.001")));
    CHECK((bands[0].flat == usd("5")));
    CHECK_FALSE(bands[1].up_to);
    CHECK((bands[1].unit_price == Money{}));
    CHECK((bands[1].flat == Money{}));
  }
}

TEST_CASE("price books: one without up_to is the last band, as one with null is") {
  CHECK(fault_of_bands(R"([{"unit_price_usd":"1"}])").empty());
  CHECK(fault_of_bands(R"([{"up_to":1,"unit_price_usd":"1","flat_usd":null},)"
                       R"({"unit_price_usd":"1","up_to":null}])")
            .empty());
}

TEST_CASE("price books: the default book is the guide's, written as JSON") {
  const PriceBook read = good_book(R"({"plans":[
      {"id":"free","product_ids":["cortex_free"],"price_usd":"0.00","tokens_per_month":1000,
       "rate_limit":10,"pricing":{"model":"per_unit","unit_price_usd":"0.0002"}},
      {"id":"starter","product_ids":["cortex_starter"],"price_usd":"29.00",
       "tokens_per_month":100000,"rate_limit":100,
       "pricing":{"model":"per_unit","unit_price_usd":"0.0001","included_tokens":0}},
      {"id":"professional","product_ids":["cortex_professional"],"price_usd":"99.00",
       "tokens_per_month":1000000,"rate_limit":1000,
       "pricing":{"model":"per_unit","unit_price_usd":"0.00005"}},
      {"id":"enterprise","product_ids":["cortex_enterprise"],"price_usd":"299.00",
       "tokens_per_month":10000000,"rate_limit":10000,
       "pricing":{"model":"per_unit","unit_price_usd":"0.00002"}}]})");
  CHECK(encode_book({read, {}}) == encode_book({default_price_book(), {}}));
  CHECK(check_price_book(default_price_book()).ok());
}

TEST_CASE("price books: the golden ones are read, and encode to bytes that decode to them") {
  int books = 0;
  for (const auto& file : std::filesystem::directory_iterator(support::golden_folder())) {
    if (!file.path().filename().string().ends_with(".prices.json")) continue;
    INFO(file.path().filename().string());
    const std::string bytes = encode_book({good_book(support::read_file(file.path())), {}});
    const auto again = decode_book(bytes);
    REQUIRE(again.ok());
    CHECK(encode_book(*again) == bytes);
    ++books;
  }
  CHECK(books >= 2);
}

TEST_CASE("price books: prices are exact up to 12 decimals and a million, in any notation") {
  for (const std::string price :
       {"0", "0.0", "1e-12", "0.000000000001", "1000000", "1e6", "0.5000000000000000000", "1.5E+2"})
    CHECK(fault_of_plan(R"("price_usd":")" + price + "\"").empty());
}

// --- settings of a book line ----------------------------------------------------------------

TEST_CASE("settings: names and values are read as texts, in their order") {
  const auto settings = read_settings(R"({"b":"1","a":"","b.c":"\u00e9"})");
  REQUIRE(settings.ok());
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(*settings == Pairs{{"b", "1"}, {"a", ""}, {"b.c", "é"}});
  CHECK(read_settings("{}")->empty());
}

TEST_CASE("settings: what is no object of texts is refused") {
  for (const char* text : {"", "{", "[]", "5", "null", "\"a=1\""}) {
    const auto settings = read_settings(text);
    REQUIRE_FALSE(settings.ok());
    CHECK(settings.error().code == "invalid_setting");
    CHECK(settings.error().detail == "it takes an object of names and values as strings");
  }
  for (const std::string value : {"5", "null", "true", "{}", "[\"7\"]"})
    CHECK(read_settings(R"({"billing.grace_days":)" + value + "}").error().detail ==
          "billing.grace_days is " + value + "; it takes a string");
}

}  // namespace reckoner::json
