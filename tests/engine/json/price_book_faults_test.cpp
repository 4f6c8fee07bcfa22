// Price books that say what no price book can (check_price_book), as JSON: each fault is named with
// its plan, the path within it, what came and what is taken.
#include <catch2/catch.hpp>

#include "tests/engine/json/price_book_text.hpp"

namespace reckoner::json {

TEST_CASE("price book faults: no plan at all") {
  CHECK(fault(book_of("")) == "plans is empty; it takes one plan or more");
}

TEST_CASE("price book faults: an id that is none, or that two plans have") {
  for (const std::string& id : {std::string(), std::string(256, 'p'), std::string("a\\u0007b")})
    CHECK(fault_of_plan(R"("id":")" + id + "\"")
              .ends_with("id is no id of 1 to 255 bytes without control characters"));
  CHECK(fault(book_of(plan("") + "," + plan(R"("product_ids":["y"])"))) ==
        "plans[1] (p): id is used twice; each plan has its own");
}

TEST_CASE("price book faults: a product that is none, or that is used twice") {
  CHECK(fault_of_plan(R"("product_ids":["x",""])") ==
        "plans[0] (p): product_ids has one that is no id of 1 to 255 bytes");
  CHECK(fault_of_plan(R"("product_ids":["x","x"])") ==
        "plans[0] (p): product_ids has x a second time; a product belongs to one plan");
  CHECK(fault(book_of(plan("") + "," + plan(R"("id":"q")"))) ==
        "plans[1] (q): product_ids has x a second time; a product belongs to one plan");
}

TEST_CASE("price book faults: a price that is negative or beyond a million") {
  const auto per_unit = [](const std::string& price) {
    return R"({"model":"per_unit","unit_price_usd":")" + price + "\"}";
  };
  const auto package = [](const std::string& price) {
    return R"({"model":"package","package_size":1,"package_price_usd":")" + price + "\"}";
  };
  const FaultRow prices[] = {
      {"-1", " is -1; a price is not negative"},
      {"-0.000000000001", " is -0.000000000001; a price is not negative"},
      {"1000000.000000000001", " is 1000000.000000000001; the highest price is 1000000"},
      {"1e7", " is 10000000; the highest price is 1000000"},
  };
  for (const auto& [price, fault] : prices) {
    CHECK(fault_of_plan(R"("price_usd":")" + price + "\"") == "plans[0] (p): price_usd" + fault);
    CHECK(fault_of_pricing(per_unit(price)) == "plans[0] (p): pricing.unit_price_usd" + fault);
    CHECK(fault_of_pricing(package(price)) == "plans[0] (p): pricing.package_price_usd" + fault);
    CHECK(fault_of_bands(R"([{"unit_price_usd":")" + price + "\"}]") ==
          "plans[0] (p): pricing.bands[0].unit_price_usd" + fault);
    CHECK(fault_of_bands(R"([{"unit_price_usd":"1","flat_usd":")" + price + "\"}]") ==
          "plans[0] (p): pricing.bands[0].flat_usd" + fault);
  }
  CHECK(fault_of_pricing(per_unit("-0")).empty());
}

TEST_CASE("price book faults: a count that is out of range") {
  for (const std::string count : {"-1", "1000000000000000001", "-9223372036854775808"}) {
    const std::string from_0 = " is " + count + "; it takes 0 to 1000000000000000000";
    const std::string from_1 = " is " + count + "; it takes 1 to 1000000000000000000";
    CHECK(fault_of_plan(R"("tokens_per_month":)" + count) ==
          "plans[0] (p): tokens_per_month" + from_0);
    CHECK(fault_of_plan(R"("rate_limit":)" + count) == "plans[0] (p): rate_limit" + from_0);
    CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":"1","included_tokens":)" +
                           count + "}") == "plans[0] (p): pricing.included_tokens" + from_0);
    CHECK(fault_of_pricing(R"({"model":"package","package_price_usd":"1","package_size":)" + count +
                           "}") == "plans[0] (p): pricing.package_size" + from_1);
  }
  CHECK(fault_of_pricing(R"({"model":"package","package_price_usd":"1","package_size":0})") ==
        "plans[0] (p): pricing.package_size is 0; it takes 1 to 1000000000000000000");
}

TEST_CASE("price book faults: no bands, or more than a thousand") {
  CHECK(fault_of_bands("[]") == "plans[0] (p): pricing.bands has 0 bands; it takes 1 to 1000");
  const auto many = [](int bands) {
    std::string out = "[";
    for (int i = 1; i < bands; ++i)
      out += R"({"up_to":)" + std::to_string(i) + R"(,"unit_price_usd":"1"},)";
    return out + R"({"unit_price_usd":"1"}])";
  };
  CHECK(fault_of_bands(many(1'000)).empty());
  CHECK(fault_of_bands(many(1'001)) ==
        "plans[0] (p): pricing.bands has 1001 bands; it takes 1 to 1000");
}

TEST_CASE("price book faults: bands that do not ascend, or have no end where they need one") {
  const auto bands = [](std::initializer_list<const char*> ends) {
    std::string out;
    for (const char* end : ends)
      out += (out.empty() ? "[" : ",") + (R"({"unit_price_usd":"1","up_to":)" + std::string(end)) +
             "}";
    return fault_of_bands(out + "]");
  };
  const std::string path = "plans[0] (p): pricing.bands";
  CHECK(bands({"10", "20", "null"}).empty());
  CHECK(bands({"10"}) == path + "[0].up_to is 10; the last band's is null");
  CHECK(bands({"10", "20"}) == path + "[1].up_to is 20; the last band's is null");
  CHECK(bands({"null", "null"}) == path + "[0].up_to is null; only the last band's is");
  CHECK(bands({"10", "null", "null"}) == path + "[1].up_to is null; only the last band's is");
  const std::string above = " to 1000000000000000000, above the band before";
  CHECK(bands({"0", "null"}) == path + "[0].up_to is 0; it takes 1" + above);
  CHECK(bands({"-1", "null"}) == path + "[0].up_to is -1; it takes 1" + above);
  CHECK(bands({"10", "10", "null"}) == path + "[1].up_to is 10; it takes 11" + above);
  CHECK(bands({"10", "9", "null"}) == path + "[1].up_to is 9; it takes 11" + above);
  CHECK(bands({"1000000000000000000", "null"}).empty());
  CHECK(bands({"1000000000000000001", "null"}) ==
        path + "[0].up_to is 1000000000000000001; it takes 1" + above);
}

}  // namespace reckoner::json
