// The sandbox on a real socket: the API, what it shows of itself, and how it ends.
#include <catch2/catch.hpp>

#include <atomic>

#include "tests/sim/sandbox/requests.hpp"
#include "tests/sim/sandbox/stand.hpp"

namespace reckoner::sim::sandbox {

TEST_CASE("sandbox: the guide's client, call by call", "[sandbox][http]") {
  const auto sandbox = start_sandbox();
  Caller caller(sandbox->url());
  const std::string customer =
      member(caller.post("/api/v1/customers", R"({"email":"a@example.com","name":"A"})"), "id");
  const std::string subscription =
      member(caller.post("/api/v1/subscriptions",
                         R"({"customer_id":")" + customer + R"(","product_id":"cortex_starter"})"),
             "id");
  const std::string patch = "/api/v1/subscriptions/" + subscription;
  CHECK(caller.call("PATCH", patch, R"({"status":"past_due"})")->status == 200);
  const std::string shown = caller.get("/api/v1/customers/" + customer);
  CHECK(shown.find("\"status\":\"past_due\"") != std::string::npos);

  const auto first = caller.call("POST", "/api/v1/charges", charge_body(customer, "1.10"), "u:1");
  const auto again = caller.call("POST", "/api/v1/charges", charge_body(customer, "1.10"), "u:1");
  const auto other = caller.call("POST", "/api/v1/charges", charge_body(customer, "1.20"), "u:1");
  CHECK(first->status == 201);
  CHECK(again->status == 200);
  CHECK(again->body == first->body);
  CHECK(other->status == 409);
  const std::string found = caller.get("/api/v1/charges?idempotency_key=u%3A1");
  CHECK(found.find(first->body) != std::string::npos);
  CHECK(caller.get("/api/v1/charges/" + member(first->body, "id")) == first->body);
}

TEST_CASE("sandbox: a wrong key, and a wrong start", "[sandbox][http]") {
  const auto sandbox = start_sandbox();
  SandboxOptions same;
  same.listen = "127.0.0.1:" + std::to_string(sandbox->port());
  CHECK(Sandbox::start(same).error().code == "address_in_use");
  SandboxOptions faulty;
  faulty.listen = "127.0.0.1:0";
  faulty.faults = "nope";
  CHECK(Sandbox::start(faulty).error().code == "invalid_faults");
  SandboxOptions unsigned_webhooks;
  unsigned_webhooks.listen = "127.0.0.1:0";
  unsigned_webhooks.webhooks.url = "http://127.0.0.1:1/";
  CHECK(Sandbox::start(unsigned_webhooks).error().detail.starts_with("webhook-secret "));
  unsigned_webhooks.webhooks = {"ftp://nowhere", "secret_secret", WebhookScheme::guide};
  CHECK(Sandbox::start(unsigned_webhooks).error().detail.starts_with("webhook-url "));

  http::ClientRequest request;
  request.url = sandbox->url() + "/api/v1/charges";
  request.headers = {{"Authorization", "Bearer polar_other"}};
  std::atomic<unsigned> status{0};
  Caller caller(sandbox->url());
  caller.client().send(request, [&](Result<http::ClientResponse> response) {
    status = response ? response->status : 1;
  });
  wait_until([&] { return status != 0; });
  CHECK(status == 401);
}

TEST_CASE("sandbox: what it shows of itself", "[sandbox][http]") {
  const auto sandbox = start_sandbox();
  Caller caller(sandbox->url());
  caller.post("/api/v1/charges", charge_body("c1", "1.10"), "u:1");
  caller.post("/api/v1/charges", charge_body("c1", "1.10"), "u:1");
  caller.post("/api/v1/charges", charge_body("c1", "0.0022"), "u:2");
  caller.get("/api/v1/charges/none");
  const std::string state = caller.get("/_sandbox/state");
  CHECK(state == sandbox->state());
  const std::string totals = member(state, "totals");
  CHECK(member(totals, "count") == "2");
  CHECK(member(totals, "total_usd") == "1.1022");
  CHECK(member(totals, "requests") == "3");
  const std::string charges = member(state, "charges");
  CHECK(charges.find(R"("idempotency_key":"u:1","customer_id":"c1","amount_usd":"1.10",)"
                     R"("description":"Monthly usage: 7 tokens","status":"pending","requests":2,)"
                     R"("conflicts":0)") != std::string::npos);
  const std::string requests = member(state, "requests");
  CHECK(requests.find(R"("POST /api/v1/charges":{")") != std::string::npos);
  CHECK(requests.find(R"(:3})") != std::string::npos);
  CHECK(requests.find(R"("GET /api/v1/charges/{id}")") != std::string::npos);

  const std::string brief = caller.get("/_sandbox/totals");
  CHECK(member(brief, "totals") == totals);
  CHECK(member(brief, "charges").empty());
  caller.post("/_sandbox/reset", "");
  CHECK(sandbox->totals().charges == 0);
  CHECK(member(caller.get("/_sandbox/state"), "charges") == "[]");
}

TEST_CASE("sandbox: many calls at once take each charge once", "[sandbox][http]") {
  const auto sandbox = start_sandbox();
  Caller caller(sandbox->url());
  constexpr int kCharges = 200, kTimes = 4;
  std::atomic<int> answered{0}, made{0};
  for (int i = 0; i < kCharges * kTimes; ++i) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = sandbox->url() + "/api/v1/charges";
    request.headers = {{"Authorization", "Bearer polar_test"},
                       {"Idempotency-Key", "u:" + std::to_string(i % kCharges)}};
    request.body = charge_body("c", "0.01");
    caller.client().send(request, [&](Result<http::ClientResponse> response) {
      made += response && response->status == 201;
      ++answered;
    });
  }
  wait_until([&] { return answered == kCharges * kTimes; });
  CHECK(made == kCharges);
  CHECK(sandbox->totals().charge_requests == kCharges * kTimes);
  CHECK(sandbox->totals().charged == Money::of_cents(kCharges));
}

TEST_CASE("sandbox: what it holds is there after it was stopped", "[sandbox][http]") {
  const auto sandbox = start_sandbox();
  Caller caller(sandbox->url(), std::chrono::seconds(5));
  caller.post("/api/v1/charges", charge_body("c1", "1"), "u:1");
  sandbox->stop();
  CHECK(sandbox->totals().charges == 1);
  CHECK_FALSE(caller.call("GET", "/_sandbox/state").ok());
}

}  // namespace reckoner::sim::sandbox
