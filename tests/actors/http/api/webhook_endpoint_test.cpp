#include <catch2/catch.hpp>

#include "engine/polar/signature.hpp"
#include "tests/actors/http/api/api_stand.hpp"

namespace reckoner::http::api {
namespace {

const std::string kWebhook = "POST /api/v1/webhooks/polar";
const std::string kBody =
    R"({"id":"evt_1","type":"customer.created","data":{"id":"pc_1","metadata":{"user_id":"u1"}}})";

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string seconds(std::string_view at) {
  return std::to_string(instant(at).micros / kSecond);
}

Headers standard(const std::string& id, const std::string& timestamp, const std::string& body) {
  polar::HmacKey key(kSecret);
  return {{"webhook-id", id},
          {"webhook-timestamp", timestamp},
          {"webhook-signature", polar::sign_standard(key, id, timestamp, body)}};
}

Headers guide(const std::string& body) {
  polar::HmacKey key(kSecret);
  return {{"x-polar-signature", polar::sign_guide(key, body)}};
}

}  // namespace

TEST_CASE("webhooks: by the guide's scheme the body's id counts, whatever the header says") {
  ApiStand stand;
  CHECK(stand.webhook(kBody).at("/status") == "success");
  Headers headers = guide(kBody);
  headers.emplace_back("webhook-id", "another");
  CHECK(stand.ask(kWebhook, kBody, "", headers).at("/status") == "duplicate");
  CHECK(stand.done("GET /api/v1/customers/u1").at("/polar_customer_id") == "pc_1");
  const std::string without_id = R"({"type":"product.updated","data":{}})";
  CHECK(stand.webhook(without_id).at("/status") == "success");
  CHECK(stand.webhook(without_id).at("/status") == "success");
}

TEST_CASE("webhooks: by Polar's scheme the header's id counts") {
  ApiStand stand;
  const std::string now = seconds(kNow);
  CHECK(stand.ask(kWebhook, kBody, "", standard("msg_1", now, kBody)).at("/status") == "success");
  CHECK(stand.ask(kWebhook, kBody, "", standard("msg_1", now, kBody)).at("/status") == "duplicate");
  CHECK(stand.ask(kWebhook, kBody, "", standard("msg_2", now, kBody)).at("/status") == "success");
  // Signed both ways: the id that is signed.
  Headers both = standard("msg_2", now, kBody);
  both.push_back(guide(kBody).front());
  CHECK(stand.ask(kWebhook, kBody, "", both).at("/status") == "duplicate");
}

TEST_CASE("webhooks: what is wrong with a signature") {
  ApiStand stand;
  const auto code = [&](const std::string& body, const Headers& headers) {
    const ApiAnswer answer = stand.ask(kWebhook, body, "", headers);
    CHECK(answer.status == 400);
    CHECK(answer.text.find(kSecret) == std::string::npos);
    return answer.code();
  };
  CHECK(code(kBody, {}) == "missing_signature");
  CHECK(code(kBody + " ", guide(kBody)) == "invalid_signature");
  CHECK(code(kBody, {{"x-polar-signature", "sha256="}}) == "invalid_signature");
  CHECK(code(kBody, standard("m", seconds("2026-01-10T12:05:01Z"), kBody)) ==
        "timestamp_out_of_tolerance");
  CHECK(code(kBody, standard("m", seconds("2026-01-10T11:54:59Z"), kBody)) ==
        "timestamp_out_of_tolerance");
  CHECK(code(kBody + " ", standard("m", seconds(kNow), kBody)) == "invalid_signature");
  Headers both = standard("m", seconds(kNow), kBody);
  both.emplace_back("x-polar-signature", "sha256=00");
  CHECK(code(kBody, both) == "invalid_signature");
  CHECK(code(kBody, standard(std::string(256, 'x'), seconds(kNow), kBody)) == "invalid_field");
  CHECK(stand.ask("GET /api/v1/customers/u1").status == 404);
}

TEST_CASE("webhooks: only a JSON object is one, of bounded size") {
  StandOptions options;
  options.door.max_webhook_body = 1'000;
  ApiStand stand(options);
  for (const std::string body : {"", "{", "[]", "5", " [ {} ]", "\xEF\xBB\xBF{}"}) {
    const ApiAnswer answer = stand.webhook(body);
    CHECK(answer.status == 400);
    CHECK(answer.code() == "invalid_json");
  }
  CHECK(stand.webhook(" {} ").status == 200);
  const ApiAnswer large = stand.webhook("{\"a\":\"" + std::string(1'000, 'x') + "\"}");
  CHECK(large.status == 413);
  CHECK(large.code() == "too_large");
}

TEST_CASE("webhooks: a scheme that is asked for alone") {
  StandOptions options;
  options.door.webhook_scheme = polar::Scheme::standard;
  ApiStand stand(options);
  CHECK(stand.webhook(kBody).code() == "missing_signature");
  CHECK(stand.ask(kWebhook, kBody, "", standard("m", seconds(kNow), kBody)).status == 200);
}

TEST_CASE("webhooks: without a secret none is taken") {
  FrontDoorOptions options;
  auto door = FrontDoor::make(options).value();
  ApiStand stand;
  NamedKeys keys;
  door->ready(stand.engine(), keys);
  Request request;
  request.method = "POST";
  request.path = "/api/v1/webhooks/polar";
  request.body = kBody;
  request.headers = guide(kBody);
  unsigned status = 0;
  door->handler()(request, [&](const Response& response) { status = response.status; });
  CHECK(status == 503);
}

TEST_CASE("webhooks: without a time of its own it took effect when it was accepted") {
  StandOptions options;
  options.door_behind = kSecond;
  ApiStand stand(options);
  stand.webhook(kBody);
  stand.webhook(R"({"id":"evt_2","type":"subscription.updated","data":{"id":"s1",)"
                R"("customer_id":"pc_1","product_id":"cortex_starter","status":"past_due"}})");
  CHECK(stand.done("GET /api/v1/customers/u1").at("/subscriptions/0/past_due_since") ==
        std::string(kNow));
}

TEST_CASE("webhooks: usage sent after the answer is priced after it") {
  ApiStand stand;
  stand.webhook(kBody);
  const std::string subscribed =
      R"({"id":"evt_2","type":"subscription.created","data":{"id":"s1","customer_id":"pc_1",)"
      R"("product_id":"cortex_starter","status":"active"}})";
  CHECK(stand.webhook(subscribed).at("/status") == "success");
  const ApiAnswer usage =
      stand.done("POST /api/v1/usage", R"({"customer_id":"u1","tokens":10,"operation":"a"})");
  CHECK(usage.at("/tier") == "starter");
  CHECK(usage.at("/cost_usd") == "0.001");
}

}  // namespace reckoner::http::api
