#include "tests/bench/service/traffic.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "actors/engine/engine.hpp"
#include "engine/json/json_line.hpp"
#include "tests/bench/service/server_process.hpp"

namespace reckoner::bench {
namespace {

std::string request(std::string_view path, std::string_view headers, std::string_view type,
                    std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
      path, headers, type, body.size(), body);
}

void write_event(json::JsonLine& to, const storage::UsageEvent& event) {
  const Usage& usage = event.request.usage;
  to.raw(R"({"customer_id":)").quoted(event.customer_id);
  to.raw(R"(,"tokens":)").number(usage.tokens);
  to.raw(R"(,"operation":)").quoted(usage.operation);
  to.raw(R"(,"idempotency_key":)").quoted(usage.idempotency_key);
  to.raw(R"(,"metadata":)").raw(usage.metadata).raw("}");
}

// As Polar words it, without what nobody reads.
constexpr std::string_view kSubscription =
    R"({{"type":"subscription.updated","timestamp":"{at}","data":{{"created_at":"{at}",)"
    R"("modified_at":"{at}","id":"5a1f0c2e-7b3d-4e19-8f60-{rank:012}","amount":2900,)"
    R"("currency":"usd","recurring_interval":"month","status":"active",)"
    R"("current_period_start":"{at}","current_period_end":null,"cancel_at_period_end":false,)"
    R"("customer_id":"{customer}","product_id":"cortex_starter","discount_id":null,)"
    R"("metadata":{{}},"customer":{{"id":"{customer}","email":"customer-{rank}@example.com",)"
    R"("name":"Customer {rank}"}},"product":{{"id":"cortex_starter","name":"Starter"}}}}}})";
constexpr std::string_view kPayment =
    R"({{"type":"order.paid","timestamp":"{at}","data":{{"created_at":"{at}","modified_at":"{at}",)"
    R"("id":"9c4e7d10-2a6b-4f85-b1d3-{number:012}","status":"paid","paid":true,)"
    R"("subtotal_amount":2900,"discount_amount":0,"net_amount":2900,"tax_amount":0,)"
    R"("total_amount":2900,"currency":"usd","billing_reason":"subscription_cycle",)"
    R"("customer_id":"{customer}","product_id":"cortex_starter",)"
    R"("subscription_id":"5a1f0c2e-7b3d-4e19-8f60-{rank:012}","metadata":{{}},)"
    R"("customer":{{"id":"{customer}","email":"customer-{rank}@example.com"}}}}}})";

}  // namespace

std::string polar_customer_id(std::uint32_t rank) {
  return fmt::format("0b1c2d3e-4f50-4617-8293-{:012}", rank);
}

Traffic::Traffic(std::string api_key, std::uint64_t next)
    : api_key_(std::move(api_key)),
      next_(next),
      key_(polar::keys_of_secret(kWebhookSecret).front()) {}

std::vector<Prepared> Traffic::make(Kind kind, std::size_t count, std::size_t in_batch) {
  std::vector<Prepared> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(kind == Kind::webhook ? webhook(webhooks_++)
                                        : usage(kind, kind == Kind::single ? 1 : in_batch));
  return out;
}

Prepared Traffic::usage(Kind kind, std::size_t events) {
  maker_.make(next_, events, made_);
  next_ += events;
  json::JsonLine body;
  if (kind == Kind::batch) body.raw(R"({"events":[)");
  for (std::size_t i = 0; i < events; ++i) {
    if (kind == Kind::batch && i > 0) body.raw(",");
    write_event(body, made_.events[i]);
    if (kind == Kind::lines) body.raw("\n");
  }
  if (kind == Kind::batch) body.raw("]}");
  Prepared out;
  const std::string access = fmt::format("Authorization: Bearer {}\r\n", api_key_);
  out.bytes =
      request(kind == Kind::single ? "/api/v1/usage" : "/api/v1/usage/batch", access,
              kind == Kind::lines ? "application/x-ndjson" : "application/json", body.view());
  out.events = static_cast<std::uint32_t>(events);
  out.accepted = 0;
  for (const storage::Verdict::Kind expected : made_.expected)
    out.accepted += expected == storage::Verdict::Kind::accepted;
  return out;
}

// Three changes of a subscription to one payment, of all the active customers in turn.
Prepared Traffic::webhook(std::uint64_t number) {
  const auto rank = static_cast<std::uint32_t>(number * 7'919 % kActiveCustomers);
  const Instant now = actors::system_now();
  const auto body =
      fmt::format(fmt::runtime(number % 4 == 3 ? kPayment : kSubscription),
                  fmt::arg("at", format_instant(now)), fmt::arg("rank", rank),
                  fmt::arg("number", number), fmt::arg("customer", polar_customer_id(rank)));
  const std::string id = fmt::format("msg_{:x}_{:012}", now.micros, number);
  const std::string seconds = std::to_string(now.micros / kSecond);
  const std::string signature = polar::sign_standard(key_, id, seconds, body);
  return {
      request("/api/v1/webhooks/polar",
              fmt::format("webhook-id: {}\r\nwebhook-timestamp: {}\r\nwebhook-signature: {}\r\n",
                          id, seconds, signature),
              "application/json", body),
      1, 1};
}

std::string Traffic::authorize(const std::string& customer_id) const {
  return request(fmt::format("/api/v1/customers/{}/authorize", customer_id),
                 fmt::format("Authorization: Bearer {}\r\n", api_key_), "application/json",
                 R"({"tokens":1})");
}

}  // namespace reckoner::bench
