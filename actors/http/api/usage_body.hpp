// The body of a usage request as a batch for the engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/engine/requests.hpp"
#include "engine/basics/result.hpp"
#include "engine/json/usage_json.hpp"

namespace reckoner::http::api {

// An item that is not taken; the others are.
struct RejectedItem {
  std::size_t index = 0;  // in the body
  std::string code, detail;
};

// A batch, and what its views need beside the body.
struct UsageBody : actors::UsageBatch {
  json::TextStore unescaped;
  std::vector<std::string_view> texts;   // by event: as it stands in the body
  std::vector<std::uint32_t> places;     // by event: its index in the body
  std::vector<RejectedItem> unreadable;  // items that are no events
};
using UsageBodyPtr = std::shared_ptr<UsageBody>;

// One event, with totals. Errors: `invalid_json`, `invalid_field`.
Result<UsageBodyPtr> read_single(std::string body);
// {"events": […]}. Errors: `invalid_json`, `invalid_field`, `too_large`.
Result<UsageBodyPtr> read_batch(std::string body, std::size_t most);
// An event a line; blank ones are passed over, and do not count. Error: `too_large`.
Result<UsageBodyPtr> read_lines(std::string body, std::size_t most);

// Why the rules refused an event: the field, what came, what is taken.
std::string rejection_detail(Rejection rejection, const UsageBody& body, std::size_t event,
                             const Settings& settings);

}  // namespace reckoner::http::api
