// Price books that are not what JSON should be there: each fault is named with the path to it, what
// came and what is taken.
#include <catch2/catch.hpp>

#include <vector>

#include "tests/engine/json/price_book_text.hpp"

namespace reckoner::json {
namespace {

constexpr std::string_view kTakesPrice =
    "; it takes a string with a decimal number of up to 12 decimals, like \"0.0002\"";

// For a member that is a price.
std::vector<FaultRow> wrong_prices() {
  std::vector<FaultRow> rows;
  for (const std::string value :
       {"1", "true", "{}", "[\"1\"]", "\"\"", "\"free\"", "\"1,00\"", "\"$1\"", "\" 1\"", "\"1 \"",
        "\"+1\"", "\"1.\"", "\".5\"", "\"NaN\"", "\"0.0000000000001\"", "\"1e24\"",
        "\"1.0000000000001\"", "\"1e-13\""})
    rows.push_back({value, " is " + value + std::string(kTakesPrice)});
  return rows;
}

// For a member that is a count.
std::vector<FaultRow> wrong_counts() {
  std::vector<FaultRow> rows;
  for (const std::string value : {"\"5\"", "true", "{}", "[5]", "\"\"", "9223372036854775808"})
    rows.push_back({value, " is " + value + "; it takes an integer"});
  return rows;
}

}  // namespace

TEST_CASE("price book faults: what is no JSON") {
  for (const char* text : {"", "{", R"({"plans":[],})", "plans: []", "{\"plans\":[]} x"}) {
    INFO(text);
    CHECK(fault(text).starts_with("no JSON: "));
  }
}

TEST_CASE("price book faults: what is no object, or has no plans") {
  CHECK(fault("{}") == "plans is missing; it takes an array");
  CHECK(fault(R"({"plans":null})") == "plans is missing; it takes an array");
  for (const std::string value : {"5", "true", "{}", "\"free\""})
    CHECK(fault(R"({"plans":)" + value + "}") == "plans is " + value + "; it takes an array");
  for (const std::string plan : {"null", "5", "\"free\"", "[]"})
    CHECK(fault(book_of(plan)) == "plans[0] is " + plan + "; it takes an object");
}

TEST_CASE("price book faults: what is no object as a whole") {
  for (const std::string text : {"null", "5", "true", "[]", "\"book\""})
    CHECK(fault(text).ends_with("is " + text + "; it takes an object"));
}

TEST_CASE("price book faults: a member that is not known, at each level") {
  CHECK(fault(R"({"plans":[],"currency":"usd"})") == "currency is not known; there are plans");
  CHECK(fault_of_plan(R"("prices":1)") ==
        "plans[0].prices is not known; there are id, name, product_ids, price_usd, "
        "tokens_per_month, rate_limit, pricing");
  CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":"1","unit_price":"1"})") ==
        "plans[0].pricing.unit_price is not known; there are model, included_tokens, "
        "unit_price_usd");
  CHECK(fault_of_pricing(R"({"model":"package","package_size":1,"package_price_usd":"1","x":1})") ==
        "plans[0].pricing.x is not known; there are model, included_tokens, package_size, "
        "package_price_usd");
  CHECK(fault_of_pricing(R"({"model":"volume","bands":[],"unit_price_usd":"1"})") ==
        "plans[0].pricing.unit_price_usd is not known; there are model, included_tokens, bands");
  CHECK(fault_of_bands(R"([{"unit_price_usd":"1","from":0}])") ==
        "plans[0].pricing.bands[0].from is not known; there are up_to, unit_price_usd, flat_usd");
  // A member of another model is none of this one.
  CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":"1","package_size":5})") ==
        "plans[0].pricing.package_size is not known; there are model, included_tokens, "
        "unit_price_usd");
}

TEST_CASE("price book faults: a member of a plan that is missing") {
  const std::pair<const char*, std::string> members[] = {
      {"id", "a string"},
      {"product_ids", "an array"},
      {"price_usd", std::string(kTakesPrice.substr(11))},
      {"tokens_per_month", "an integer"},
      {"rate_limit", "an integer"},
      {"pricing", "an object"},
  };
  for (const auto& [member, takes] : members)
    CHECK(fault_of_plan("\"" + std::string(member) + "\":null") ==
          "plans[0]." + (member + (" is missing; it takes " + takes)));
  CHECK(fault(book_of("{}")) == "plans[0].id is missing; it takes a string");
}

TEST_CASE("price book faults: a member of a plan that is of another type") {
  for (const std::string value : {"5", "true", "{}", "[\"p\"]"}) {
    CHECK(fault_of_plan(R"("id":)" + value) == "plans[0].id is " + value + "; it takes a string");
    CHECK(fault_of_plan(R"("name":)" + value) ==
          "plans[0].name is " + value + "; it takes a string");
  }
  CHECK(fault_of_plan(R"("name":null)").empty());
  CHECK(fault_of_plan(R"("product_ids":"x")") ==
        "plans[0].product_ids is \"x\"; it takes an array");
  for (const std::string value : {"5", "null", "[\"x\"]", "{}"})
    CHECK(fault_of_plan(R"("product_ids":["x",)" + value + "]") ==
          "plans[0].product_ids is " + value + "; it takes strings");
  for (const FaultRow& row : wrong_prices())
    CHECK(fault_of_plan(R"("price_usd":)" + row.value) == "plans[0].price_usd" + row.fault);
  for (const FaultRow& row : wrong_counts()) {
    CHECK(fault_of_plan(R"("tokens_per_month":)" + row.value) ==
          "plans[0].tokens_per_month" + row.fault);
    CHECK(fault_of_plan(R"("rate_limit":)" + row.value) == "plans[0].rate_limit" + row.fault);
  }
  for (const std::string value : {"5", "true", "[]", "\"free\""})
    CHECK(fault_of_pricing(value) == "plans[0].pricing is " + value + "; it takes an object");
}

TEST_CASE("price book faults: a price that is a number, and a count that is no integer") {
  for (const std::string price : {"0.5", "0.0002", "1e-4", "29.00"}) {
    const std::string detail = fault_of_plan(R"("price_usd":)" + price);
    CHECK(detail.starts_with("plans[0].price_usd is "));
    CHECK(detail.ends_with(kTakesPrice));
  }
  for (const std::string count : {"1.5", "1e3", "1000.0"}) {
    const std::string detail = fault_of_plan(R"("rate_limit":)" + count);
    CHECK(detail.starts_with("plans[0].rate_limit is "));
    CHECK(detail.ends_with("; it takes an integer"));
  }
}

TEST_CASE("price book faults: a model that is missing or not known") {
  const std::string takes = "; it takes per_unit, graduated, volume or package";
  CHECK(fault_of_pricing("{}") == "plans[0].pricing.model is missing; it takes a string");
  CHECK(fault_of_pricing(R"({"model":5})") == "plans[0].pricing.model is 5; it takes a string");
  for (const std::string model : {"", "Per_unit", "flat", "tiered"})
    CHECK(fault_of_pricing(R"({"model":")" + model + "\"}") ==
          "plans[0].pricing.model is \"" + model + "\"" + takes);
}

TEST_CASE("price book faults: a member of a pricing that is missing or of another type") {
  const std::string price_missing = " is missing" + std::string(kTakesPrice);
  CHECK(fault_of_pricing(R"({"model":"per_unit"})") ==
        "plans[0].pricing.unit_price_usd" + price_missing);
  CHECK(fault_of_pricing(R"({"model":"package","package_price_usd":"1"})") ==
        "plans[0].pricing.package_size is missing; it takes an integer");
  CHECK(fault_of_pricing(R"({"model":"package","package_size":1})") ==
        "plans[0].pricing.package_price_usd" + price_missing);
  for (const FaultRow& row : wrong_prices()) {
    CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":)" + row.value + "}") ==
          "plans[0].pricing.unit_price_usd" + row.fault);
    CHECK(fault_of_pricing(R"({"model":"package","package_size":1,"package_price_usd":)" +
                           row.value + "}") == "plans[0].pricing.package_price_usd" + row.fault);
  }
  for (const FaultRow& row : wrong_counts()) {
    CHECK(fault_of_pricing(R"({"model":"package","package_price_usd":"1","package_size":)" +
                           row.value + "}") == "plans[0].pricing.package_size" + row.fault);
    CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":"1","included_tokens":)" +
                           row.value + "}") == "plans[0].pricing.included_tokens" + row.fault);
  }
  CHECK(fault_of_pricing(R"({"model":"per_unit","unit_price_usd":"1","included_tokens":null})")
            .empty());
}

TEST_CASE("price book faults: a member of a band that is missing or of another type") {
  CHECK(fault_of_pricing(R"({"model":"graduated"})") ==
        "plans[0].pricing.bands is missing; it takes an array");
  CHECK(fault_of_bands("{}") == "plans[0].pricing.bands is {}; it takes an array");
  CHECK(fault_of_bands("[5]") == "plans[0].pricing.bands[0] is 5; it takes an object");
  CHECK(fault_of_bands("[{}]") ==
        "plans[0].pricing.bands[0].unit_price_usd is missing" + std::string(kTakesPrice));
  const std::string before = R"([{"up_to":1,"unit_price_usd":"1"},{"unit_price_usd":"1",)";
  const std::string path = "plans[0].pricing.bands[1].";
  for (const FaultRow& row : wrong_prices()) {
    CHECK(fault_of_bands(before + R"("unit_price_usd":)" + row.value + "}]") ==
          path + "unit_price_usd" + row.fault);
    CHECK(fault_of_bands(before + R"("flat_usd":)" + row.value + "}]") ==
          path + "flat_usd" + row.fault);
  }
  for (const FaultRow& row : wrong_counts())
    CHECK(fault_of_bands(before + R"("up_to":)" + row.value + "}]") == path + "up_to" + row.fault);
}

TEST_CASE("price book faults: what came is shown, but not all of it") {
  const std::string long_text(200, 'x');
  const std::string detail = fault_of_plan(R"("price_usd":")" + long_text + "\"");
  CHECK(detail ==
        "plans[0].price_usd is \"" + long_text.substr(0, 59) + "…" + std::string(kTakesPrice));
}

TEST_CASE("price book faults: of several the first is told") {
  CHECK(fault(book_of(plan("") + "," + plan(R"("id":5,"price_usd":6,"pricing":7)") + ",8")) ==
        "plans[1].id is 5; it takes a string");
}

}  // namespace reckoner::json
