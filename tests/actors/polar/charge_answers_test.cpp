#include "actors/polar/charge_answers.hpp"

#include <catch2/catch.hpp>

#include "actors/polar/charges_api.hpp"

namespace reckoner::polar {
namespace {

const ChargeOrder kOrder{"ada:1", "P", 1'234, 617'000};

Outcome outcome(const std::string& body) {
  const auto shown = read_charges(body);
  REQUIRE(shown.has_value());
  return outcome_of(shown->charge, kOrder);
}
bool agrees(const std::string& amount) {
  const Outcome found = outcome(R"({"id":"c","amount_usd":)" + amount + "}");
  if (const auto* drift = std::get_if<Drift>(&found)) CHECK(drift->polar_charge_id == "c");
  return std::holds_alternative<Taken>(found);
}
ChargeStatus status(const std::string& text) {
  return std::get<Taken>(outcome(R"({"id":"c","status":)" + text + "}")).status;
}

}  // namespace

TEST_CASE("charge answers: the status, in Polar's words", "[polar]") {
  for (const char* paid : {R"("paid")", R"("succeeded")", R"("completed")", R"("Paid")"})
    CHECK(status(paid) == ChargeStatus::paid);
  for (const char* failed : {R"("failed")", R"("declined")"})
    CHECK(status(failed) == ChargeStatus::failed);
  for (const char* other : {R"("pending")", R"("")", "null", "7", R"({"a":"paid"})", R"(["paid"])"})
    CHECK(status(other) == ChargeStatus::submitted);
  CHECK(std::get<Taken>(outcome(R"({"id":"c"})")).status == ChargeStatus::submitted);
}

TEST_CASE("charge answers: an amount agrees, whatever it is written as", "[polar]") {
  for (const char* same : {"12.34", R"("12.34")", "12.340", "1234e-2", R"("12.3400")"})
    CHECK(agrees(same));
  for (const char* none : {"null", R"("")", "{}", "[12]", "true", R"("a dollar")"})
    CHECK(agrees(none));  // not given, or not to be read
  for (const char* other : {"12.35", "12.341", "0", "-12.34", R"("1234")", "1234", "12.34000001"})
    CHECK_FALSE(agrees(other));
}

TEST_CASE("charge answers: amounts beyond what a binary number tells apart", "[polar]") {
  const ChargeOrder large{"ada:1", "P", 999'999'999'999'999'999, 1};
  const auto held = [&](const std::string& amount) {
    const auto shown = read_charges(R"({"id":"c","amount_usd":)" + amount + "}");
    return std::holds_alternative<Taken>(outcome_of(shown->charge, large));
  };
  CHECK(held("9999999999999999.99"));
  CHECK(held(R"("9999999999999999.99")"));
  CHECK_FALSE(held(R"("9999999999999999.98")"));
}

TEST_CASE("charge answers: another currency is another amount", "[polar]") {
  CHECK(std::holds_alternative<Taken>(outcome(R"({"id":"c","currency":"usd"})")));
  CHECK(std::holds_alternative<Taken>(outcome(R"({"id":"c","currency":7})")));
  CHECK(std::holds_alternative<Drift>(outcome(R"({"id":"c","currency":"EUR"})")));
}

TEST_CASE("charge answers: what is no object says nothing", "[polar]") {
  for (const char* body : {"", "[]", "7", "null", "<html>", "{", "{} {}", R"({"id":)"})
    CHECK_FALSE(read_charges(body).has_value());
  CHECK_FALSE(read_charges(std::string(100, '[')).has_value());
  std::string deep = "1";
  for (int i = 0; i < 100; ++i) deep = R"({"a":)" + deep + "}";
  CHECK_FALSE(read_charges(deep).has_value());
}

TEST_CASE("charge answers: an id that cannot be one is as not given", "[polar]") {
  const auto id = [](const std::string& value) {
    return read_charges(R"({"id":)" + value + "}")->charge.id;
  };
  CHECK(id(R"("c")") == "c");
  CHECK(id("17") == "17");
  CHECK(id("null").empty());
  CHECK(id(R"("a\nb")").empty());
  CHECK(id('"' + std::string(256, 'x') + '"').empty());
  CHECK(id("1.5").empty());
}

TEST_CASE("charge answers: which charge it says it is", "[polar]") {
  const auto is = [](const std::string& members, const std::string& id) {
    return read_charges("{" + members + "}")->charge.is(id);
  };
  CHECK(is(R"("idempotency_key":"ada:1")", "ada:1"));
  CHECK(is(R"("metadata":{"charge_id":"ada:1"})", "ada:1"));
  CHECK_FALSE(is(R"("idempotency_key":"ada:12")", "ada:1"));
  CHECK_FALSE(is(R"("id":"ada:1")", "ada:1"));
  CHECK(is(R"("idempotency_key":"%20ada:1")", " ada:1"));
  CHECK_FALSE(is(R"("idempotency_key":"ada:1")", " ada:1"));
}

TEST_CASE("charge answers: a message is one line, and short", "[polar]") {
  CHECK(read_charges(R"({"detail":"no\r\nfunds"})")->message == "no??funds");
  CHECK(read_charges(R"({"error":"card","message":"later"})")->message == "card");
  CHECK(read_charges(R"({"detail":")" + std::string(5'000, 'x') + "\"}")->message.size() == 160);
}

TEST_CASE("Retry-After: seconds or a date", "[polar]") {
  using std::chrono::seconds;
  const std::int64_t now = 1'445'412'400;  // Wed, 21 Oct 2015 07:26:40 GMT
  CHECK(read_retry_after("0", now) == seconds(0));
  CHECK(read_retry_after("120", now) == seconds(120));
  CHECK(read_retry_after("99999999", now) == seconds(86'400));
  CHECK(read_retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now) == seconds(80));
  CHECK(read_retry_after("Wed, 21 Oct 2015 07:20:00 GMT", now) == seconds(0));
  for (const char* bad : {"", "soon", "-1", "1.5", "12 s", "Wed, 21 Oct 2015 07:28:00 GMT+1"})
    CHECK_FALSE(read_retry_after(bad, now).has_value());
}

TEST_CASE("the idempotency key is the charge's id, and no two ids have the same", "[polar]") {
  CHECK(idempotency_key("ada:1") == "ada:1");
  CHECK(idempotency_key("a b%20c:1") == "a b%20c:1");
  CHECK(idempotency_key(" a:1") == "%20a:1");
  CHECK(idempotency_key("%20a:1") == "%2520a:1");
}

TEST_CASE("the body asks for exact cents", "[polar]") {
  CHECK(charge_body(kOrder) ==
        R"({"customer_id":"P","amount_usd":12.34,"description":"Monthly usage: 617000 tokens",)"
        R"("type":"usage","currency":"USD","metadata":{"charge_id":"ada:1"}})");
  CHECK(charge_body({"a\"b:1", "P", 5, 0}).find(R"("amount_usd":0.05,)") != std::string::npos);
  CHECK(charge_body({"a\"b:1", "P", 5, 0}).find(R"("charge_id":"a\"b:1")") != std::string::npos);
  CHECK(charge_body({"a:1", "P", 999'999'999'999'999'999, 0})
            .find(R"("amount_usd":9999999999999999.99,)") != std::string::npos);
}

}  // namespace reckoner::polar
