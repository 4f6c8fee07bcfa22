// What is under /_sandbox: looking at the sandbox, and making it do things.
#pragma once

#include <string_view>

#include "actors/http/message.hpp"
#include "sim/sandbox/state.hpp"

namespace reckoner::sim::sandbox {

inline constexpr std::string_view kControlPath = "/_sandbox/";

struct ControlOutcome {
  http::Response response;
  Micros advance = 0;  // of the sandbox's time
};

// `now`: the sandbox's time.
ControlOutcome control(State& state, const http::Request& request, Instant now);

// Sends a body as it stands; its `id`, or one of the sandbox's own, is the webhook's. Errors:
// `invalid_json`, `not_sent` (no endpoint, disabled, or too many wait). Returns the id.
Result<std::string> send_webhook(State& state, std::string_view body, Instant now);

}  // namespace reckoner::sim::sandbox
