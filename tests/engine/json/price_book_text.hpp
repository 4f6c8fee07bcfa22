// For the tests of price books: texts with one thing wrong, and what the reader says of them.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "engine/json/price_book_json.hpp"

namespace reckoner::json {

// The error's detail; empty where the book is good.
inline std::string fault(std::string_view text) {
  const auto book = read_price_book(text);
  if (book) return {};
  CHECK(book.error().code == "invalid_price_book");
  return book.error().detail;
}

// A plan with these members, after any good ones that they replace: the last of a key counts.
inline std::string plan(std::string_view members) {
  constexpr std::string_view kGood =
      R"({"id":"p","product_ids":["x"],"price_usd":"1.00","tokens_per_month":1,"rate_limit":1,)"
      R"("pricing":{"model":"per_unit","unit_price_usd":"0.5"})";
  return std::string(kGood) + (members.empty() ? "" : ",") + std::string(members) + "}";
}

inline std::string book_of(std::string_view plans) {
  return R"({"plans":[)" + std::string(plans) + "]}";
}

inline std::string fault_of_plan(std::string_view members) {
  return fault(book_of(plan(members)));
}

inline std::string fault_of_pricing(std::string_view pricing) {
  return fault_of_plan(R"("pricing":)" + std::string(pricing));
}

inline std::string fault_of_bands(std::string_view bands) {
  const std::string members = R"(,"bands":)" + std::string(bands) + "}";
  const std::string graduated = fault_of_pricing(R"({"model":"graduated")" + members);
  CHECK(fault_of_pricing(R"({"model":"volume")" + members) == graduated);
  return graduated;
}

struct FaultRow {
  std::string value, fault;
};

}  // namespace reckoner::json
