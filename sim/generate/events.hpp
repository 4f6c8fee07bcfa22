// What happens in a made-up history, before it becomes lines. Small: those of a time slice, and all
// that is on its way, are kept in memory.
#pragma once

#include <cstdint>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"

namespace reckoner::sim {

enum class HookType : std::uint8_t {
  signed_up,  // the application's own line, no webhook
  customer_created,
  customer_state,
  subscription_created,
  subscription_active,
  subscription_updated,
  subscription_scheduled_end,
  subscription_ended,
  payment_failed,
  paid,
  refunded,        // as `refund.created`
  order_refunded,  // as `order.refunded`
};

// A webhook about a customer, or its sign-up.
struct Hook {
  Instant at;                // when it arrives
  Instant sent;              // when Polar says that it happened
  std::uint64_t number = 0;  // unlike any other's, but for a second delivery
  Cents amount = 0;
  std::uint32_t who = 0;
  std::uint16_t subscription = 0;  // the customer's first, second ...
  std::uint16_t payment = 0;
  std::int16_t plan = -1;  // -1: none
  HookType type = HookType::signed_up;
  bool first_payment = false;  // of its subscription
};

enum class Flaw : std::uint8_t { none, tokens_as_text };

struct UsageEvent {
  Instant at;
  Instant timestamp;         // kDistantPast: not given
  std::uint64_t number = 0;  // what its idempotency key is made of; a repeat has the same
  std::int64_t tokens = 0;
  std::uint32_t who = 0;
  std::uint8_t operation = 0;
  Flaw flaw = Flaw::none;
};

}  // namespace reckoner::sim
