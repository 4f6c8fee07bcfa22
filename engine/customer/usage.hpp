// Usage: tokens used by one operation. First a request, as an application sent it; once the rules
// have admitted it, an entry of the journal (billing-rules.md, Usage, in order of checks).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/basics/instant.hpp"
#include "engine/books/books.hpp"

namespace reckoner {

// Why the rules refuse an event. The names (rejection_code) are part of the API.
enum class Rejection : std::uint8_t {
  none,
  invalid_tokens,
  invalid_field,
  missing_idempotency_key,
  invalid_timestamp,
  timestamp_in_future,
  timestamp_too_old,
  unknown_customer,
};
std::string_view rejection_code(Rejection rejection);

// Views into whatever buffer the event was read from or decoded from: valid as long as it is.
struct Usage {
  std::int64_t tokens = 0;
  std::string_view operation;
  std::string_view idempotency_key;  // empty: none
  std::optional<Instant> timestamp;  // empty: when it was accepted
  std::string_view metadata;         // the JSON object as it came; empty: none

  // The same key with other content is a conflict. As sent: a timestamp left out equals only one
  // left out.
  friend bool operator==(const Usage&, const Usage&) = default;
};

// What could not be read as what it should be.
struct UsageRequest {
  Usage usage;
  bool tokens_readable = true;
  bool timestamp_readable = true;
  std::string_view unreadable_field;  // the name of another field that is not what it should be
};

// Checks 1 (tokens, fields, a key where one is required) and 3 (age). Check 2, whether the key was
// used before, lies between them and is the caller's, who alone knows: judge_fields, then the key,
// then judge_time.
Rejection judge_fields(const UsageRequest& request, const Settings& settings);
Rejection judge_time(const UsageRequest& request, Instant at, const Books& books);

}  // namespace reckoner
