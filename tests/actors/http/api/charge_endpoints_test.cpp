#include <catch2/catch.hpp>

#include <future>

#include "tests/actors/http/api/api_stand.hpp"

namespace reckoner::http::api {
namespace {

const std::string kCharges = "/api/v1/charges";

// A linked customer with one charge of 2.00.
void charge(ApiStand& stand, const std::string& customer) {
  const ApiAnswer made = stand.ask(
      "POST /api/v1/customers",
      R"({"customer_id":")" + customer + R"(","polar_customer_id":"polar of )" + customer + "\"}");
  CHECK(made.status == 201);
  stand.done("POST /api/v1/usage",
             R"({"customer_id":")" + customer + R"(","tokens":10000,"operation":"a"})");
}

void settle(ApiStand& stand, const std::string& customer, ChargeStatus status) {
  std::promise<bool> done;
  actors::ChargeRequest<Settlement> request;
  request.customer_id = customer;
  request.body = {1, status, "ch_1"};
  request.on_done = [&](const Result<const actors::ChargeAnswer*>& answer) {
    done.set_value(answer.ok());
  };
  stand.engine().settlement(std::move(request));
  REQUIRE(done.get_future().get());
}

}  // namespace

TEST_CASE("charges: listed newest first, and by status and customer") {
  ApiStand stand;
  CHECK(stand.done("GET " + kCharges).at("/items") == "[]");
  charge(stand, "a:b");
  charge(stand, "c");
  const ApiAnswer all = stand.done("GET " + kCharges);
  CHECK(all.json.at("items").as_array().size() == 2);
  const ApiAnswer one = stand.done("GET " + kCharges + "?customer_id=a%3Ab&status=pending");
  CHECK(one.json.at("items").as_array().size() == 1);
  CHECK(one.at("/items/0/id") == "a:b:1");
  CHECK(one.at("/items/0/customer_id") == "a:b");
  CHECK(one.at("/items/0/amount_usd") == "2.00");
  CHECK(one.at("/items/0/reason") == "threshold");
  CHECK(one.at("/items/0/description") == "Monthly usage: 10000 tokens");
  CHECK(one.at("/next") == "null");
  const ApiAnswer first = stand.done("GET " + kCharges + "?limit=1");
  const ApiAnswer second = stand.done("GET " + kCharges + "?limit=1&cursor=" + first.at("/next"));
  CHECK(first.at("/items/0/id") != second.at("/items/0/id"));
  CHECK(stand.done("GET " + kCharges + "?status=failed").at("/items") == "[]");
  CHECK(stand.ask("GET " + kCharges + "?status=lost").detail() ==
        "status is 'lost'; it takes one of pending, held, unknown, submitted, paid, failed, "
        "written_off");
}

TEST_CASE("charges: a query that names no customer or no page says what came") {
  ApiStand stand;
  charge(stand, "a");
  const std::string takes = "'; it takes 1 to 255 bytes of UTF-8 without control characters";
  for (const auto& [sent, named] : std::initializer_list<std::pair<std::string, std::string>>{
           {std::string(256, 'a'), std::string(256, 'a')}, {"a%01", "a\x01"}, {"a%ff", "a?"}}) {
    const ApiAnswer answer = stand.ask("GET " + kCharges + "?customer_id=" + sent);
    CHECK(answer.status == 422);
    CHECK(answer.code() == "invalid_field");
    CHECK(answer.detail() == "customer_id is '" + named + takes);
  }
  CHECK(stand.ask("GET " + kCharges + "?customer_id=a%00").status == 422);
  CHECK(stand.done("GET " + kCharges + "?customer_id=").at("/items/0/id") == "a:1");
  for (const std::string cursor : {"00", "zz", "7a7a"})
    CHECK(stand.ask("GET " + kCharges + "?cursor=" + cursor).detail() ==
          "cursor is '" + cursor + "'; it takes the next of an answer, as it came");
}

TEST_CASE("charges: an operator's acts, and the statuses that take none") {
  ApiStand stand;
  charge(stand, "a:b");
  const std::string path = "POST " + kCharges + "/a%3Ab%3A1/";
  const ApiAnswer early = stand.ask(path + "retry");
  CHECK(early.status == 409);
  CHECK(early.code() == "wrong_status");
  CHECK(early.detail() == "charge 'a:b:1' is pending, which takes no retry");
  settle(stand, "a:b", ChargeStatus::unknown);
  settle(stand, "a:b", ChargeStatus::failed);
  CHECK(stand.done("GET /api/v1/customers/a:b").at("/status") == "blocked");
  CHECK(stand.done("GET /api/v1/customers?blocked=true").at("/items/0/customer_id") == "a:b");
  CHECK(stand.done("POST /api/v1/customers/a:b/authorize").at("/reason") == "payment_required");
  const ApiAnswer retried = stand.ask(path + "retry", "", "admin");
  CHECK(retried.status == 200);
  CHECK(retried.at("/id") == "a:b:1");
  CHECK(retried.at("/status") == "pending");
  CHECK(stand.records().back().customer_id == "a:b");
  CHECK(stand.ask(path + "release").status == 409);
  const ApiAnswer written_off = stand.done("POST " + kCharges + "/a:b:1/write-off");
  CHECK(written_off.at("/status") == "written_off");
  // It has left the state, and is found all the same.
  CHECK(stand.ask(path + "write-off").detail() ==
        "charge 'a:b:1' is written_off, which takes no write-off");
}

TEST_CASE("charges: ids that are none") {
  ApiStand stand;
  charge(stand, "a");
  for (const std::string id :
       {"a:2", "nobody:1", "a", "a:", ":1", "a:x", "a:01", "a:-1", "%00:1", "%ff:1"}) {
    INFO(id);
    const ApiAnswer answer = stand.ask("POST " + kCharges + "/" + id + "/retry");
    CHECK(answer.status == 404);
    CHECK(answer.code() == "unknown_charge");
  }
}

TEST_CASE("charges: hashes over everybody, with totals") {
  ApiStand stand;
  charge(stand, "a");
  const ApiAnswer now = stand.done("GET /api/v1/hashes");
  CHECK(now.at("/at") == std::string(kNow));
  CHECK(now.at("/state_hash").size() == 64);
  CHECK(now.at("/money_hash").size() == 64);
  CHECK(now.at("/totals/charged_usd") == "2.00");
  CHECK(now.at("/totals/customers") == "1");
  CHECK(stand.done("GET /api/v1/hashes?at=2026-01-10T12:00:00Z").at("/state_hash") ==
        now.at("/state_hash"));
  CHECK(stand.ask("GET /api/v1/hashes?at=now").code() == "invalid_field");
}

}  // namespace reckoner::http::api
