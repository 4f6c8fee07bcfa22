// Charges: money asked of Polar for accrued usage (billing-rules.md, Charges).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/text.hpp"

namespace reckoner {

enum class ChargeReason : std::uint8_t { threshold, cycle };
inline constexpr int kChargeReasons = 2;

// pending → unknown (an attempt is under way, or its outcome is not known) → submitted → paid;
// or failed (Polar refused this charge), held (waits for an operator), written_off.
enum class ChargeStatus : std::uint8_t {
  pending,
  held,
  unknown,
  submitted,
  paid,
  failed,
  written_off,
};
inline constexpr int kChargeStatuses = 7;

// As reports and the API name them: "pending", "written_off"; "threshold", "cycle".
std::string_view charge_status_name(ChargeStatus status);
std::string_view charge_reason_name(ChargeReason reason);

// A charge is open until it is paid or written off.
inline bool is_closed(ChargeStatus status) {
  return status == ChargeStatus::paid || status == ChargeStatus::written_off;
}
// Its customer gets no new charge until somebody has dealt with this one.
inline bool is_blocking(ChargeStatus status) {
  return status == ChargeStatus::failed || status == ChargeStatus::held;
}

struct Charge {
  Instant at;  // when it was decided
  Cents amount = 0;
  std::int64_t tokens = 0;   // that it covers
  Text polar_charge_id;      // once Polar took it
  std::uint32_t number = 0;  // 1, 2, 3 … of its customer
  ChargeReason reason = ChargeReason::threshold;
  ChargeStatus status = ChargeStatus::pending;

  friend bool operator==(const Charge&, const Charge&) = default;
};

// What Polar, or the adapter that talks to it, says of a charge.
struct Settlement {
  std::uint32_t charge_number = 0;
  ChargeStatus status = ChargeStatus::unknown;  // unknown, submitted, paid, failed, or pending:
                                                // looked up, Polar does not hold it
  std::string polar_charge_id;

  friend bool operator==(const Settlement&, const Settlement&) = default;
};

enum class OperatorDecision : std::uint8_t { retry, release, write_off };
inline constexpr int kOperatorDecisions = 3;

struct OperatorAct {
  std::uint32_t charge_number = 0;
  OperatorDecision decision = OperatorDecision::retry;

  friend bool operator==(const OperatorAct&, const OperatorAct&) = default;
};

// The status that a charge has after it; empty where it does not apply to a charge in that status
// (a held charge is not submitted, a closed one is not paid again).
std::optional<ChargeStatus> after_settlement(ChargeStatus now, ChargeStatus said);
std::optional<ChargeStatus> after_decision(ChargeStatus now, OperatorDecision decision);

// "<customer_id>:<number>": the charge's id and its idempotency key at Polar.
std::string charge_id(std::string_view customer_id, std::uint32_t number);
// The number in such an id of this customer.
std::optional<std::uint32_t> charge_number(std::string_view customer_id, std::string_view id);
// "Monthly usage: <tokens> tokens"
std::string charge_description(std::int64_t tokens);

}  // namespace reckoner
