// The guide's API without I/O: answers, and the webhooks that come with them.
#include "sim/sandbox/model.hpp"

#include <catch2/catch.hpp>

#include "engine/polar/body.hpp"
#include "sim/sandbox/object_json.hpp"
#include "tests/sim/sandbox/requests.hpp"

namespace reckoner::sim::sandbox {
namespace {

struct Stand {
  Model model;
  explicit Stand(ModelOptions options = {}) : model(std::move(options)) {}

  Outcome call(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& key = {}) {
    return model.answer(request(method, path, body, key), kNow);
  }
  std::string make_customer(const std::string& email = "a@example.com") {
    return member(call("POST", "/customers", R"({"email":")" + email + "\"}").response.body, "id");
  }
  unsigned status(const std::string& path, const std::string& body) {
    return call("POST", path, body).response.status;
  }
};

PolarEvent event_of(const Webhook& webhook) {
  polar::BodyReader reader;
  const Result<polar::Body> body = reader.read(webhook.body, kNow + kDay);
  REQUIRE(body.ok());
  CHECK(body->id == webhook.id);
  CHECK(body->type == webhook.type);
  return body->event;
}

}  // namespace

TEST_CASE("sandbox model: a customer is made, told of, and shown", "[sandbox]") {
  Stand stand;
  const Outcome made = stand.call(
      "POST", "/customers",
      R"({"email":"a@example.com","name":"A \"B\"","metadata":{"user_id":"u1","company":null}})");
  CHECK(made.response.status == 201);
  const std::string id = member(made.response.body, "id");
  REQUIRE(made.webhooks.size() == 1);
  CHECK(made.webhooks[0].type == "customer.created");
  const PolarEvent event = event_of(made.webhooks[0]);
  CHECK(event.kind == PolarEventKind::customer_created);
  CHECK(event.polar_customer_id == id);
  CHECK(event.email == "a@example.com");
  CHECK(event.names_customer == "u1");
  CHECK(event.sent == kNow);

  const Outcome shown = stand.call("GET", "/customers/" + id);
  CHECK(shown.response.status == 200);
  CHECK(shown.response.body == made.response.body);
  CHECK(member(shown.response.body, "name") == "A \"B\"");
  CHECK(member(shown.response.body, "metadata") == R"({"user_id":"u1","company":null})");
  CHECK(member(shown.response.body, "subscriptions") == "[]");
  CHECK(stand.call("GET", "/customers/cus_none").response.status == 404);
  CHECK(stand.status("/customers", R"({"name":"A"})") == 422);
  CHECK(stand.status("/customers", R"({"email":"no address"})") == 422);
}

TEST_CASE("sandbox model: the same e-mail is the same customer, or refused", "[sandbox]") {
  for (const bool strict : {false, true}) {
    Stand stand({{}, strict, 1});
    const std::string id = stand.make_customer();
    const Outcome again = stand.call("POST", "/customers", R"({"email":"A@example.com"})");
    CHECK(again.response.status == (strict ? 422 : 200));
    CHECK(again.webhooks.empty());
    if (!strict) CHECK(member(again.response.body, "id") == id);
    CHECK(stand.model.holdings().customers().size() == 1);
  }
}

TEST_CASE("sandbox model: subscribing, upgrading, cancelling", "[sandbox]") {
  Stand stand;
  const std::string customer = stand.make_customer();
  const auto subscribe = [&](const std::string& product) {
    return stand.call("POST", "/subscriptions",
                      R"({"customer_id":")" + customer + R"(","product_id":")" + product +
                          R"(","status":"active","start_date":"2026-01-05T08:00:00.123456"})");
  };
  const Outcome first = subscribe("cortex_starter");
  CHECK(first.response.status == 201);
  const std::string first_id = member(first.response.body, "id");
  REQUIRE(first.webhooks.size() == 1);
  const PolarEvent created = event_of(first.webhooks[0]);
  CHECK(created.type == "subscription.created");
  CHECK(created.polar_customer_id == customer);
  CHECK(created.subscription_id == first_id);
  CHECK(created.product_id == "cortex_starter");
  CHECK(created.status == SubscriptionStatus::active);

  // What an upgrade ends is told of before what it begins.
  const Outcome second = subscribe("cortex_professional");
  REQUIRE(second.webhooks.size() == 3);
  const PolarEvent ended = event_of(second.webhooks[1]);
  CHECK(second.webhooks[0].type == "subscription.updated");
  CHECK(ended.type == "subscription.cancelled");
  CHECK(ended.subscription_id == first_id);
  CHECK(ended.status == SubscriptionStatus::canceled);
  CHECK(second.webhooks[2].type == "subscription.created");
  CHECK(event_of(second.webhooks[0]).order() < ended.order());
  CHECK(ended.order() < event_of(second.webhooks[2]).order());

  const std::string second_id = member(second.response.body, "id");
  const Outcome patched =
      stand.call("PATCH", "/subscriptions/" + second_id, R"({"status":"cancelled"})");
  CHECK(patched.response.status == 200);
  CHECK(member(patched.response.body, "status") == "cancelled");
  REQUIRE(patched.webhooks.size() == 2);
  CHECK(patched.webhooks[1].type == "subscription.cancelled");
  const std::string shown = stand.call("GET", "/customers/" + customer).response.body;
  CHECK(shown.find(first_id) < shown.find(second_id));

  const Outcome past_due =
      stand.call("PATCH", "/subscriptions/" + second_id, R"({"status":"past_due"})");
  REQUIRE(past_due.webhooks.size() == 1);
  CHECK(event_of(past_due.webhooks[0]).status == SubscriptionStatus::past_due);
  CHECK(stand.call("PATCH", "/subscriptions/" + second_id, R"({"status":"odd"})").response.status ==
        422);
  CHECK(stand.call("PATCH", "/subscriptions/none", R"({"status":"active"})").response.status ==
        404);
  CHECK(stand.status("/subscriptions", R"({"customer_id":"c"})") == 422);
}

TEST_CASE("sandbox model: a charge is taken once for each key", "[sandbox][charges]") {
  Stand stand;
  const Outcome first = stand.call("POST", "/charges", charge_body("c1", "1.10"), "u1:1");
  CHECK(first.response.status == 201);
  CHECK(first.taken_charge == 0u);
  CHECK(member(first.response.body, "amount_usd") == "1.10");
  CHECK(member(first.response.body, "status") == "pending");
  CHECK(member(first.response.body, "idempotency_key") == "u1:1");

  // The same amount, however it is written.
  for (const char* amount : {"1.10", "1.1", "11e-1", "\"1.10\""}) {
    INFO(amount);
    const Outcome again = stand.call("POST", "/charges", charge_body("c1", amount), "u1:1");
    CHECK(again.response.status == 200);
    CHECK(again.response.body == first.response.body);
    CHECK_FALSE(again.taken_charge.has_value());
  }
  for (const std::string& other :
       {charge_body("c1", "1.11"), charge_body("c2", "1.10"),
        std::string(R"({"customer_id":"c1","amount_usd":1.10,"description":"else"})")}) {
    INFO(other);
    CHECK(stand.call("POST", "/charges", other, "u1:1").response.status == 409);
  }
  const Charge& held = stand.model.holdings().charges()[0];
  CHECK(held.requests == 8);
  CHECK(held.conflicts == 3);
  CHECK(held.amount == Money::of_cents(110));

  CHECK(stand.call("POST", "/charges", charge_body("c1", "0.0022"), "u1:2").response.status == 201);
  // Without a key each is one of its own.
  stand.call("POST", "/charges", charge_body("c2", "2"));
  stand.call("POST", "/charges", charge_body("c2", "2"));
  CHECK(stand.model.holdings().charges().size() == 4);
  CHECK(format_money(stand.model.holdings().charged()) == "5.1022");
}

TEST_CASE("sandbox model: amounts are read exactly", "[sandbox][charges]") {
  const std::vector<std::pair<const char*, const char*>> kAmounts = {
      {"0.1", "0.1"},
      {"0.000000000001", "0.000000000001"},
      {"90071992.54", "90071992.54"},
      {"1e-7", "0.0000001"},
      {"29", "29"},
      {"1.005", "1.005"},
      {"0.30000000000000004", ""},  // more than 12 decimals
      {"0", ""},
      {"-1", ""},
      {"1000000000.01", ""},
      {"true", ""},
      {"\"abc\"", ""},
      {"null", ""},
  };
  for (const auto& [sent, read] : kAmounts) {
    INFO(sent);
    Stand stand;
    const Outcome outcome = stand.call("POST", "/charges", charge_body("c", sent), "k");
    CHECK(outcome.response.status == (*read == '\0' ? 422 : 201));
    if (*read != '\0') CHECK(format_money(stand.model.holdings().charged()) == read);
  }
  Stand stand;
  for (int i = 0; i < 10; ++i)
    stand.call("POST", "/charges", charge_body("c", "0.1"), std::to_string(i));
  CHECK(format_money(stand.model.holdings().charged()) == "1");
}

TEST_CASE("sandbox model: charges are found by id, key and customer", "[sandbox][charges]") {
  Stand stand;
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i)
    ids.push_back(
        member(stand
                   .call("POST", "/charges", charge_body(i % 2 == 0 ? "even" : "odd", "1"),
                         "u 1:" + std::to_string(i))
                   .response.body,
               "id"));
  CHECK(stand.call("GET", "/charges/" + ids[7]).response.body.find("\"u 1:7\"") !=
        std::string::npos);
  for (const char* none : {"ch_1", "none", "ch_00000000_1", "7"})
    CHECK(stand.call("GET", "/charges/" + std::string(none)).response.status == 404);

  const auto count = [&](const std::string& query) {
    const std::string body = stand.call("GET", "/charges?" + query).response.body;
    return member(member(body, "pagination"), "total_count");
  };
  CHECK(count("idempotency_key=u%201%3A7") == "1");
  CHECK(count("idempotency_key=u+1:7&customer_id=odd") == "1");
  CHECK(count("idempotency_key=u+1:7&customer_id=even") == "0");
  CHECK(count("idempotency_key=none") == "0");
  CHECK(count("customer_id=odd") == "12");
  CHECK(count("customer_id=none") == "0");
  CHECK(count("") == "25");

  const std::string page =
      stand.call("GET", "/charges?customer_id=odd&limit=5&page=3").response.body;
  CHECK(page.find(ids[3] + '"') < page.find(ids[1] + '"'));  // newest first
  CHECK(page.find(ids[5] + '"') == std::string::npos);
  CHECK(page.find(ids[1] + '"') != std::string::npos);
  CHECK(member(member(page, "pagination"), "max_page") == "3");
  const std::string last = stand.call("GET", "/charges?limit=10&page=3").response.body;
  CHECK(last.find(ids[0] + '"') != std::string::npos);
  CHECK(last.find(ids[5] + '"') == std::string::npos);
}

TEST_CASE("sandbox model: strict refuses what the guide does not send", "[sandbox][charges]") {
  Stand lenient, strict({{}, true, 1});
  const std::string known = strict.make_customer();
  const std::string good = charge_body(known, "1.5");
  CHECK(strict.status("/charges", good) == 201);
  const std::vector<std::string> bodies = {
      charge_body("unknown", "1.5"),
      charge_body(known, "1.005"),
      charge_body(known, "\"1.50\""),
      R"({"customer_id":")" + known + R"(","amount_usd":1,"description":"d","type":"usage"})",
      good.substr(0, good.size() - 1) + R"(,"more":1})",
  };
  for (const std::string& body : bodies) {
    INFO(body);
    CHECK(strict.status("/charges", body) == 422);
    CHECK(lenient.status("/charges", body) == 201);
  }
  const std::string more = strict.call("POST", "/charges", bodies.back()).response.body;
  CHECK(member(more, "detail").starts_with("more "));
  CHECK(strict.model.holdings().charges().size() == 1);
}

TEST_CASE("sandbox model: keys, paths and methods that are wrong", "[sandbox]") {
  Stand stand({"polar_test", false, 1});
  http::Request asked = request("GET", "/charges");
  CHECK(stand.model.answer(asked, kNow).response.status == 401);
  asked.headers = {{"authorization", "Bearer polar_test"}};
  CHECK(stand.model.answer(asked, kNow).response.status == 200);
  asked.headers = {{"authorization", "polar_test"}};
  CHECK(stand.model.answer(asked, kNow).response.status == 401);
  asked.headers.clear();
  CHECK(stand.model.answer(asked, kNow).response.status == 401);

  Stand any;
  CHECK(any.call("GET", "/nothing").response.status == 404);
  CHECK(any.call("GET", "/charges/a/b").response.status == 404);
  CHECK(any.call("DELETE", "/charges").response.status == 405);
  for (const char* body : {"", "[]", "\"a\"", "{", "{} {}"}) {
    INFO(body);
    CHECK(any.status("/charges", body) == 422);
  }
}

TEST_CASE("sandbox model: a paid charge names the engine's charge", "[sandbox][charges]") {
  Stand stand;
  stand.call("POST", "/charges", charge_body("c1", "1.50"), "k1");
  stand.call("POST", "/charges", R"({"customer_id":"c1","amount_usd":2,"metadata":{"a":1}})", "k2");
  stand.call("POST", "/charges", R"({"customer_id":"c1","amount_usd":3})", "k3");
  const auto paid = stand.model.settle(0, true, kNow);
  REQUIRE(paid.has_value());
  const PolarEvent event = event_of(*paid);
  CHECK(event.kind == PolarEventKind::payment);
  CHECK(event.charge_id == "u1:1");  // of the charge's own metadata
  CHECK(event.amount == 150);
  CHECK(event.polar_customer_id == "c1");
  CHECK_FALSE(event.object_id.empty());
  CHECK(event.foreign_currency.empty());
  CHECK_FALSE(stand.model.settle(0, true, kNow).has_value());  // once
  CHECK(member(stand.call("POST", "/charges", charge_body("c1", "1.50"), "k1").response.body,
               "status") == "paid");

  const auto failed = stand.model.settle(1, false, kNow);
  REQUIRE(failed.has_value());
  CHECK(event_of(*failed).kind == PolarEventKind::payment_failed);
  CHECK(failed->body.find(R"({"charge_id":"k2","a":1})") != std::string::npos);
  CHECK(event_of(*stand.model.settle(2, true, kNow)).charge_id == "k3");
  CHECK_FALSE(stand.model.settle(3, true, kNow).has_value());
}

TEST_CASE("sandbox model: a cleared one gives no id twice", "[sandbox]") {
  Stand stand;
  const std::string customer = stand.make_customer();
  const auto charge = [&] {
    return member(stand.call("POST", "/charges", charge_body("c", "1"), "k").response.body, "id");
  };
  const std::string before = charge();
  stand.model.clear();
  CHECK(stand.call("GET", "/customers/" + customer).response.status == 404);
  CHECK(stand.call("GET", "/charges/" + before).response.status == 404);
  CHECK(stand.make_customer() != customer);
  const std::string after = charge();
  CHECK(after != before);
  CHECK(stand.call("GET", "/charges/" + after).response.status == 200);
  Stand other({{}, false, 2});
  CHECK(other.make_customer() != customer);
}

}  // namespace reckoner::sim::sandbox
