// Result: a value or the error in its place.
#include <catch2/catch.hpp>

#include <memory>
#include <string>

#include "engine/basics/result.hpp"
#include "tests/support/bug.hpp"

namespace reckoner {
namespace {

Result<std::string> made(bool well) {
  if (well) return std::string("value");
  return Error{"broken", "it broke", Retry::later};
}

}  // namespace

TEST_CASE("result: holds a value or an error, and says which", "[engine][result]") {
  Result<std::string> good = made(true);
  CHECK(good.ok());
  CHECK(static_cast<bool>(good));
  CHECK(*good == "value");
  CHECK(good->size() == 5);
  good.value() += "!";
  const Result<std::string>& read = good;
  CHECK(read.value() == "value!");
  CHECK(*read == "value!");
  CHECK(read->size() == 6);
  const Result<std::string> bad = made(false);
  CHECK_FALSE(bad.ok());
  CHECK(bad.error().code == "broken");
  CHECK(bad.error().detail == "it broke");
  CHECK(bad.error().retry == Retry::later);
}

TEST_CASE("result: a value can be moved out", "[engine][result]") {
  Result<std::unique_ptr<int>> held = std::make_unique<int>(7);
  const std::unique_ptr<int> out = std::move(held).value();
  CHECK(*out == 7);
}

TEST_CASE("result: asking for what it does not hold stops the program", "[engine][result]") {
  CHECK(support::reports_bug([] { made(false).value().size(); }));
  CHECK(support::reports_bug([] { made(true).error().code.size(); }));
  CHECK_FALSE(support::reports_bug([] { made(true).value().size(); }));
}

TEST_CASE("result: an invalid field has its code, and trying again is no use", "[engine][result]") {
  const Status status = invalid("tokens is -1");
  CHECK(status.error().code == "invalid_field");
  CHECK(status.error().detail == "tokens is -1");
  CHECK(status.error().retry == Retry::never);
  CHECK(Status(Done{}).ok());
}

}  // namespace reckoner
