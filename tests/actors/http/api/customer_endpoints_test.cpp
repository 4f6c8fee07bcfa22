#include <catch2/catch.hpp>

#include "tests/actors/http/api/api_stand.hpp"

namespace reckoner::http::api {
namespace {

const std::string kCustomers = "/api/v1/customers";

std::string usage(const std::string& customer, int tokens) {
  return R"({"customer_id":")" + customer + R"(","tokens":)" + std::to_string(tokens) +
         R"(,"operation":"chat"})";
}

}  // namespace

TEST_CASE("customers: registered, changed, shown") {
  ApiStand stand;
  const ApiAnswer made = stand.ask(
      "POST " + kCustomers,
      R"({"customer_id":"ä/1","email":"a@b.c","name":"A","company":null,"billing_day":15,)"
      R"("create_at_polar":false,"other":{}})");
  CHECK(made.status == 201);
  CHECK(made.header("Location") == "/api/v1/customers/%C3%A4%2F1");
  CHECK(made.at("/customer_id") == "ä/1");
  CHECK(made.at("/tier") == "free");
  CHECK(made.at("/status") == "active");
  CHECK(made.at("/billing_day") == "15");
  CHECK(made.at("/company") == "null");
  const ApiAnswer again =
      stand.ask("POST " + kCustomers, R"({"customer_id":"ä/1","company":"C","email":""})");
  CHECK(again.status == 200);
  CHECK(again.at("/company") == "C");
  CHECK(again.at("/email") == "a@b.c");
  const std::string path = kCustomers + "/%C3%A4%2f1";
  const ApiAnswer changed = stand.ask("PATCH " + path, R"({"name":"B"})");
  CHECK(changed.status == 200);
  CHECK(changed.at("/name") == "B");
  const ApiAnswer shown = stand.done("GET " + path);
  CHECK(shown.at("/customer_id") == "ä/1");
  CHECK(shown.at("/name") == "B");
  CHECK(shown.at("/periods") == "[]");
  CHECK(shown.at("/charges") == "[]");
  CHECK(shown.at("/subscriptions") == "[]");
  CHECK(shown.at("/blocked") == "false");
  CHECK(stand.records().back().customer_id == "ä/1");
}

TEST_CASE("customers: who is not there, and bodies that are wrong") {
  ApiStand stand;
  const ApiAnswer unknown = stand.ask("GET " + kCustomers + "/nobody");
  CHECK(unknown.status == 404);
  CHECK(unknown.code() == "unknown_customer");
  const ApiAnswer patch = stand.ask("PATCH " + kCustomers + "/nobody", "{}");
  CHECK(patch.status == 404);
  CHECK(patch.code() == "unknown_customer");
  CHECK(stand.ask("GET " + kCustomers + "/nobody").status == 404);
  const std::string takes = "; it takes 1 to 255 bytes of UTF-8 without control characters";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{}", "customer_id is missing" + takes},
      {R"({"customer_id":5})", "customer_id is 5" + takes},
      {R"({"customer_id":"a\nb"})", "customer_id is \"a\\nb\"" + takes},
      {R"({"customer_id":"a","email":5})", "email is 5" + takes},
      {R"({"customer_id":"a","name":[]})", "name is an array" + takes},
      {R"({"customer_id":"a","billing_day":0})",
       "billing_day is 0; it takes an integer from 1 to 31"},
      {R"({"customer_id":"a","billing_day":"1"})",
       "billing_day is \"1\"; it takes an integer from 1 to 31"},
      {R"({"customer_id":"a","create_at_polar":true})",
       "create_at_polar is true; it takes false: customers are made at Polar by whoever "
       "subscribes them"},
  };
  for (const auto& [body, detail] : rows) {
    const ApiAnswer answer = stand.ask("POST " + kCustomers, body);
    CHECK(answer.status == 422);
    CHECK(answer.code() == "invalid_field");
    CHECK(answer.detail() == detail);
  }
  CHECK(stand.ask("POST " + kCustomers, "[]").code() == "invalid_json");
  CHECK(stand.ask("POST " + kCustomers, "{").status == 400);
  CHECK(stand.ask("PATCH " + kCustomers + "/a", R"({"customer_id":"b"})").status == 422);
  CHECK(stand.ask("GET " + kCustomers + "/a%00b").code() == "invalid_field");
  CHECK(stand.ask("POST " + kCustomers, "a=b", "all", {{"content-type", "text/plain"}}).status ==
        415);
}

TEST_CASE("customers: a Polar customer belongs to one") {
  ApiStand stand;
  CHECK(stand.ask("POST " + kCustomers, R"({"customer_id":"a","polar_customer_id":"p"})").status ==
        201);
  const ApiAnswer taken =
      stand.ask("POST " + kCustomers, R"({"customer_id":"b","polar_customer_id":"p"})");
  CHECK(taken.status == 409);
  CHECK(taken.code() == "polar_customer_taken");
}

TEST_CASE("customers: listed by pages, and only those who are asked for") {
  ApiStand stand;
  for (const std::string id : {"c", "a", "d", "b", "e"})
    CHECK(stand
              .ask("POST " + kCustomers, R"({"customer_id":")" + id + "\"" +
                                             (id == "d" ? R"(,"polar_customer_id":"p")" : "") + "}")
              .status == 201);
  std::string seen, cursor;
  int pages = 0;
  do {
    const ApiAnswer page =
        stand.done("GET " + kCustomers + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.json.at("items").as_array())
      seen += item.at("customer_id").as_string().c_str();
    cursor = page.json.at("next").is_null() ? "" : page.at("/next");
  } while (!cursor.empty() && ++pages < 10);
  CHECK(seen == "abcde");
  CHECK(stand.done("GET " + kCustomers + "?unlinked=true").json.at("items").as_array().size() == 4);
  CHECK(stand.done("GET " + kCustomers + "?tier=starter&blocked=false").at("/items") == "[]");
  CHECK(stand.ask("GET " + kCustomers + "?tier=gold").detail() ==
        "tier is 'gold'; it takes one of free, starter, professional, enterprise");
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=abc", "unlinked=1", "a=%zz"}) {
    const ApiAnswer answer = stand.ask("GET " + kCustomers + "?" + query);
    CHECK(answer.status == 422);
    CHECK(answer.code() == "invalid_field");
  }
}

TEST_CASE("customers: what they may use") {
  ApiStand stand;
  stand.done("POST /api/v1/usage", usage("u1", 400));
  const ApiAnswer some = stand.done("GET " + kCustomers + "/u1/entitlement");
  CHECK(some.at("/tier") == "free");
  CHECK(some.at("/status") == "active");
  CHECK(some.at("/tokens_used") == "400");
  CHECK(some.at("/tokens_limit") == "1000");
  CHECK(some.at("/tokens_remaining") == "600");
  CHECK(some.at("/rate_limit") == "10");
  CHECK(some.at("/over_limit") == "false");
  CHECK(some.at("/period/end") == "2026-02-01T00:00:00Z");
  stand.done("POST /api/v1/usage", usage("u1", 601));
  const ApiAnswer over = stand.done("GET " + kCustomers + "/u1/entitlement");
  CHECK(over.at("/tokens_remaining") == "0");
  CHECK(over.at("/over_limit") == "true");
  CHECK(stand.ask("GET " + kCustomers + "/nobody/entitlement").code() == "unknown_customer");
}

TEST_CASE("customers: whether a request may go ahead") {
  ApiStand stand;
  const std::string path = "POST " + kCustomers + "/u1/authorize";
  const ApiAnswer unknown = stand.done(path, R"({"tokens":5})");
  CHECK(unknown.at("/allowed") == "false");
  CHECK(unknown.at("/reason") == "unknown_customer");
  stand.done("POST /api/v1/usage", usage("u1", 1));
  for (int i = 0; i < 10; ++i) CHECK(stand.done(path, R"({"tokens":5})").at("/allowed") == "true");
  const ApiAnswer limited = stand.done(path);
  CHECK(limited.at("/allowed") == "false");
  CHECK(limited.at("/reason") == "rate_limited");
  CHECK(limited.json.at("retry_after").as_int64() > 0);
  CHECK(stand.ask(path, R"({"tokens":-1})").detail() ==
        "tokens is -1; it takes an integer from 0 to 1000000000000");
  CHECK(stand.ask(path, "x").code() == "invalid_json");
}

TEST_CASE("customers: subscriptions, and how they stand") {
  ApiStand stand;
  CHECK(stand.ask("POST " + kCustomers, R"({"customer_id":"u","polar_customer_id":"p"})").status ==
        201);
  const auto subscription = [](const std::string& id, const std::string& status) {
    return R"({"id":")" + id + R"(","type":"subscription.updated","data":{"id":"s",)" +
           R"("customer_id":"p","product_id":"cortex_starter","status":")" + status + "\"}}";
  };
  stand.webhook(subscription("1", "active"));
  const ApiAnswer active = stand.done("GET " + kCustomers + "/u");
  CHECK(active.at("/tier") == "starter");
  CHECK(active.at("/subscriptions/0/id") == "s");
  CHECK(active.at("/subscriptions/0/product_id") == "cortex_starter");
  CHECK(active.at("/subscriptions/0/entitles") == "true");
  stand.webhook(subscription("2", "past_due"));
  const ApiAnswer past_due = stand.done("GET " + kCustomers + "/u");
  CHECK(past_due.at("/tier") == "free");
  CHECK(past_due.at("/status") == "past_due");
  CHECK(past_due.at("/subscriptions/0/entitles") == "false");
  CHECK(past_due.at("/subscriptions/0/past_due_since") == std::string(kNow));
}

}  // namespace reckoner::http::api
