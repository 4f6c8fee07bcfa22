#include "engine/customer/charge.hpp"

#include <charconv>

namespace reckoner {

std::string_view charge_status_name(ChargeStatus status) {
  static constexpr std::string_view kNames[kChargeStatuses] = {
      "pending", "held", "unknown", "submitted", "paid", "failed", "written_off"};
  return kNames[static_cast<int>(status)];
}

std::string_view charge_reason_name(ChargeReason reason) {
  return reason == ChargeReason::threshold ? "threshold" : "cycle";
}

std::optional<ChargeStatus> after_settlement(ChargeStatus now, ChargeStatus said) {
  const bool answer = said == ChargeStatus::paid || said == ChargeStatus::failed;
  bool applies = false;
  switch (now) {
    case ChargeStatus::pending:
    case ChargeStatus::unknown:
      applies = said != ChargeStatus::held && said != ChargeStatus::written_off;
      break;
    case ChargeStatus::submitted:  // Polar has it: it is not sent again
      applies = answer || said == ChargeStatus::submitted;
      break;
    case ChargeStatus::failed:  // nobody but an operator starts these anew,
    case ChargeStatus::held:    // but they can turn out to be paid
      applies = said == ChargeStatus::paid;
      break;
    default:
      break;
  }
  return applies ? std::optional(said) : std::nullopt;
}

std::optional<ChargeStatus> after_decision(ChargeStatus now, OperatorDecision decision) {
  switch (decision) {
    case OperatorDecision::retry:
      if (now == ChargeStatus::failed) return ChargeStatus::pending;
      return std::nullopt;
    case OperatorDecision::release:
      if (now == ChargeStatus::held) return ChargeStatus::pending;
      return std::nullopt;
    default:  // write_off: not while Polar may hold it
      if (is_blocking(now) || now == ChargeStatus::pending) return ChargeStatus::written_off;
      return std::nullopt;
  }
}

std::string charge_id(std::string_view customer_id, std::uint32_t number) {
  return std::string(customer_id) + ':' + std::to_string(number);
}

std::optional<std::uint32_t> charge_number(std::string_view customer_id, std::string_view id) {
  if (id.size() <= customer_id.size() || id.substr(0, customer_id.size()) != customer_id)
    return std::nullopt;
  if (id[customer_id.size()] != ':') return std::nullopt;
  const std::string_view digits = id.substr(customer_id.size() + 1);
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  if (digits.front() == '0') return std::nullopt;
  return number;
}

std::string charge_description(std::int64_t tokens) {
  return "Monthly usage: " + std::to_string(tokens) + " tokens";
}

}  // namespace reckoner
