#include "engine/customer/usage.hpp"

#include "engine/basics/ids.hpp"
#include "engine/limits.hpp"

namespace reckoner {

std::string_view rejection_code(Rejection rejection) {
  switch (rejection) {
    case Rejection::invalid_tokens:
      return "invalid_tokens";
    case Rejection::invalid_field:
      return "invalid_field";
    case Rejection::missing_idempotency_key:
      return "missing_idempotency_key";
    case Rejection::invalid_timestamp:
      return "invalid_timestamp";
    case Rejection::timestamp_in_future:
      return "timestamp_in_future";
    case Rejection::timestamp_too_old:
      return "timestamp_too_old";
    case Rejection::unknown_customer:
      return "unknown_customer";
    default:
      return "";
  }
}

Rejection judge_fields(const UsageRequest& request, const Settings& settings) {
  const Usage& usage = request.usage;
  if (!request.tokens_readable || usage.tokens < 0 || usage.tokens > kMaxTokens)
    return Rejection::invalid_tokens;
  if (!request.unreadable_field.empty()) return Rejection::invalid_field;
  if (!is_valid_id(usage.operation, kMaxOperationBytes)) return Rejection::invalid_field;
  if (usage.idempotency_key.empty()) {
    return settings.require_idempotency_key ? Rejection::missing_idempotency_key : Rejection::none;
  }
  return is_valid_id(usage.idempotency_key) ? Rejection::none : Rejection::invalid_field;
}

Rejection judge_time(const UsageRequest& request, Instant at, const Books& books) {
  if (!request.timestamp_readable) return Rejection::invalid_timestamp;
  if (!request.usage.timestamp) return Rejection::none;
  const Instant timestamp = *request.usage.timestamp;
  if (timestamp - at > books.at(at).settings().max_future()) return Rejection::timestamp_in_future;
  if (timestamp < books.oldest_usage(at)) return Rejection::timestamp_too_old;
  return Rejection::none;
}

}  // namespace reckoner
