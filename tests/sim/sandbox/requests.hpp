// Requests of the sandbox's API, as the model gets them.
#pragma once

#include <string>

#include "actors/http/message.hpp"
#include "sim/sandbox/fields.hpp"
#include "sim/sandbox/model.hpp"

namespace reckoner::sim::sandbox {

inline constexpr Instant kNow{1'767'600'000 * kSecond};  // 2026-01-05T08:00:00Z

inline http::Request request(std::string method, std::string path, std::string body = {},
                             std::string key = {}) {
  http::Request out;
  out.method = std::move(method);
  const std::size_t query = path.find('?');
  if (query != std::string::npos) out.query = path.substr(query + 1);
  out.path = "/api/v1" + path.substr(0, query);
  out.headers = {{"authorization", "Bearer test"}};
  if (!key.empty()) out.headers.emplace_back("idempotency-key", std::move(key));
  out.body = std::move(body);
  return out;
}

inline std::string charge_body(const std::string& customer, const std::string& amount) {
  return "{\"customer_id\":\"" + customer + "\",\"amount_usd\":" + amount +
         ",\"description\":\"Monthly usage: 7 tokens\",\"type\":\"usage\",\"currency\":\"USD\","
         "\"metadata\":{\"charge_id\":\"u1:1\"}}";
}

// A member of a JSON object: a string's value, else as written.
inline std::string member(const std::string& object, std::string_view name) {
  const Result<Fields> fields = Fields::read(object);
  const Field* found = fields ? fields->find(name) : nullptr;
  return found == nullptr ? "" : found->text;
}

}  // namespace reckoner::sim::sandbox
