// Webhooks from the sandbox to a real server.
#include <catch2/catch.hpp>

#include <set>

#include "engine/polar/body.hpp"
#include "tests/sim/sandbox/requests.hpp"
#include "tests/sim/sandbox/stand.hpp"
#include "tests/support/closed_port.hpp"

namespace reckoner::sim::sandbox {
namespace {

// Base64, so that the wrong of Polar's two keys would show.
const std::string kSecret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0";

SandboxOptions options_for(const Receiver& receiver, WebhookScheme scheme = WebhookScheme::guide) {
  SandboxOptions out;
  out.webhooks = {receiver.url(), kSecret, scheme};
  out.speed = 10'000;
  return out;
}

std::vector<std::string> types_of(const std::vector<http::Request>& webhooks) {
  std::vector<std::string> out;
  for (const http::Request& webhook : webhooks) out.push_back(member(webhook.body, "type"));
  return out;
}

}  // namespace

TEST_CASE("sandbox webhooks: in order, signed either way, and read by the engine",
          "[sandbox][webhooks]") {
  for (const WebhookScheme scheme : {WebhookScheme::guide, WebhookScheme::standard}) {
    Receiver receiver;
    const auto sandbox = start_sandbox(options_for(receiver, scheme));
    Caller caller(sandbox->url());
    const std::string customer =
        member(caller.post("/api/v1/customers",
                           R"({"email":"a@example.com","metadata":{"user_id":"u1"}})"),
               "id");
    const std::string subscription =
        member(caller.post("/api/v1/subscriptions", R"({"customer_id":")" + customer +
                                                        R"(","product_id":"cortex_starter"})"),
               "id");
    CHECK(caller.call("PATCH", "/api/v1/subscriptions/" + subscription, R"({"status":"cancelled"})")
              .ok());
    const auto webhooks = receiver.wait_for(4);
    CHECK(types_of(webhooks) == std::vector<std::string>{"customer.created", "subscription.created",
                                                         "subscription.updated",
                                                         "subscription.cancelled"});
    const bool guide = scheme == WebhookScheme::guide;
    const polar::Scheme wanted = guide ? polar::Scheme::guide : polar::Scheme::standard;
    polar::BodyReader reader;
    for (const http::Request& webhook : webhooks) {
      CHECK(webhook.path == "/api/v1/webhooks/polar");
      CHECK(verdict_of(webhook, kSecret, wanted) == polar::Verdict::valid);
      CHECK(verdict_of(webhook, "another_secret", wanted) == polar::Verdict::invalid_signature);
      CHECK((webhook.header("webhook-id") == nullptr) == guide);
      if (!guide) {
        // With the secret's own bytes: as of a secret that is no base64.
        polar::HmacKey key(kSecret);
        CHECK(*webhook.header("webhook-signature") ==
              polar::sign_standard(key, *webhook.header("webhook-id"),
                                   *webhook.header("webhook-timestamp"), webhook.body));
        CHECK(*webhook.header("webhook-id") == member(webhook.body, "id"));
      }
      const auto body = reader.read(webhook.body, kDistantFuture);
      REQUIRE(body.ok());
      CHECK(body->event.polar_customer_id == customer);
      CHECK(body->event.sent.has_value());
    }
    wait_until([&] { return sandbox->deliveries().delivered == 4; });
    CHECK(sandbox->deliveries().attempts == 4);
  }
}

TEST_CASE("sandbox webhooks: a charge is paid once, a moment later", "[sandbox][webhooks]") {
  Receiver receiver;
  SandboxOptions options = options_for(receiver);
  options.pay_charges = true;
  const auto sandbox = start_sandbox(options);
  Caller caller(sandbox->url());
  for (int i = 0; i < 3; ++i) caller.post("/api/v1/charges", charge_body("c1", "1.10"), "k:1");
  caller.post("/api/v1/charges", charge_body("c1", "0.40"), "k:2");
  const auto webhooks = receiver.wait_for(2);
  CHECK(types_of(webhooks) == std::vector<std::string>{"invoice.paid", "invoice.paid"});
  polar::BodyReader reader;
  const auto body = reader.read(webhooks[0].body, kDistantFuture);
  REQUIRE(body.ok());
  CHECK(body->event.kind == PolarEventKind::payment);
  CHECK(body->event.charge_id == "u1:1");
  CHECK(body->event.amount == 110);
  CHECK(sandbox->state().find("\"status\":\"pending\"") == std::string::npos);

  REQUIRE(sandbox->set_faults("payment_failed").ok());
  caller.post("/api/v1/charges", charge_body("c1", "2"), "k:3");
  CHECK(types_of(receiver.wait_for(3)).back() == "invoice.payment_failed");
  CHECK(sandbox->state().find("\"status\":\"failed\"") != std::string::npos);
}

TEST_CASE("sandbox webhooks: without --pay-charges none is paid", "[sandbox][webhooks]") {
  Receiver receiver;
  const auto sandbox = start_sandbox(options_for(receiver));
  Caller caller(sandbox->url());
  caller.post("/api/v1/charges", charge_body("c1", "1.10"), "k:1");
  sandbox->advance(kDay);
  // What is asked for later comes, and nothing before it.
  REQUIRE(sandbox->send_webhook(R"({"id":"last","type":"t"})").ok());
  CHECK(member(receiver.wait_for(1).at(0).body, "id") == "last");
}

TEST_CASE("sandbox webhooks: retried until taken", "[sandbox][webhooks]") {
  Receiver receiver;
  receiver.answer_with(503);
  SandboxOptions options = options_for(receiver, WebhookScheme::standard);
  options.speed = 1;  // so that nothing is retried before it is advanced
  const auto sandbox = start_sandbox(options);
  REQUIRE(sandbox->send_webhook(R"({"id":"evt_1","type":"invoice.paid"})").ok());
  wait_until([&] { return sandbox->deliveries().attempts == 1; });
  receiver.wait_for(1);
  receiver.answer_with(200);
  wait_until([&] {
    sandbox->advance(4 * kSecond);  // until the answer to the first attempt was seen, too
    return sandbox->deliveries().delivered == 1;
  });
  const auto webhooks = receiver.wait_for(2);
  REQUIRE(webhooks.size() == 2);
  CHECK(*webhooks[0].header("webhook-id") == *webhooks[1].header("webhook-id"));
  for (const http::Request& webhook : webhooks)  // the signature bears the world's time
    CHECK(verdict_of(webhook, kSecret, polar::Scheme::standard) == polar::Verdict::valid);
  CHECK(sandbox->state().find(R"("attempts":2,"delivered":true)") != std::string::npos);
}

TEST_CASE("sandbox webhooks: ten attempts each, and ten in a row disable", "[sandbox][webhooks]") {
  Receiver receiver;
  receiver.answer_with(500);
  SandboxOptions options = options_for(receiver);
  options.speed = 1'000'000;
  const auto sandbox = start_sandbox(options);
  for (int i = 0; i < 10; ++i) REQUIRE(sandbox->send_webhook(R"({"type":"invoice.paid"})").ok());
  wait_until([&] { return sandbox->deliveries().failed == 10; });
  CHECK(receiver.count() == 100);
  const auto refused = sandbox->send_webhook("{}");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "not_sent");
  CHECK(sandbox->state(true).find(R"("enabled":false)") != std::string::npos);

  receiver.answer_with(200);
  Caller caller(sandbox->url());
  caller.post("/_sandbox/enable-webhooks", "");
  REQUIRE(sandbox->send_webhook("{}").ok());
  wait_until([&] { return sandbox->deliveries().delivered == 1; });
}

TEST_CASE("sandbox webhooks: an endpoint that is not there", "[sandbox][webhooks]") {
  const support::ClosedPort port;
  SandboxOptions options;
  options.webhooks = {port.url() + "/", kSecret, WebhookScheme::guide};
  options.speed = 1'000'000;
  const auto sandbox = start_sandbox(options);
  REQUIRE(sandbox->send_webhook("{}").ok());
  wait_until([&] { return sandbox->deliveries().failed == 1; });
  CHECK(sandbox->deliveries().attempts == 10);
  CHECK(sandbox->state().find(R"("last_status":0)") != std::string::npos);
}

TEST_CASE("sandbox webhooks: a given body goes out as it stands", "[sandbox][webhooks]") {
  Receiver receiver;
  const auto sandbox = start_sandbox(options_for(receiver));
  Caller caller(sandbox->url());
  const std::string body = R"( {"id":"mine","type":"order.paid","data":{"net_amount":1.0e2}} )";
  const auto sent = caller.call("POST", "/_sandbox/webhooks", body);
  CHECK(sent->status == 202);
  CHECK(sent->body == R"({"id":"mine"})");
  CHECK(receiver.wait_for(1).at(0).body == body);
  CHECK(caller.call("POST", "/_sandbox/webhooks", "nothing")->status == 422);
  caller.post("/_sandbox/disable-webhooks", "");
  CHECK(caller.call("POST", "/_sandbox/webhooks", "{}")->status == 409);
  CHECK(caller.call("POST", "/_sandbox/advance", R"({"seconds":60})")->status == 200);
  CHECK(caller.call("POST", "/_sandbox/advance", R"({"seconds":-1})")->status == 422);
  CHECK(caller.call("GET", "/_sandbox/advance")->status == 405);
  CHECK(caller.call("GET", "/_sandbox/odd")->status == 404);
}

TEST_CASE("sandbox webhooks: advancing moves the time of events", "[sandbox][webhooks]") {
  Receiver receiver;
  const auto sandbox = start_sandbox(options_for(receiver));
  Caller caller(sandbox->url());
  caller.post("/api/v1/customers", R"({"email":"a@example.com"})");
  caller.post("/_sandbox/advance", R"({"seconds":86400})");
  caller.post("/api/v1/customers", R"({"email":"b@example.com"})");
  const auto webhooks = receiver.wait_for(2);
  const auto sent = [&](std::size_t i) {
    return parse_instant(member(webhooks.at(i).body, "timestamp")).value();
  };
  CHECK(sent(1) - sent(0) >= kDay);
}

}  // namespace reckoner::sim::sandbox
