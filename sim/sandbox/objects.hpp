// What the sandbox holds, as the guide knows it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/text.hpp"

namespace reckoner::sim::sandbox {

struct Customer {
  Text id, email, name;
  Text metadata;  // a JSON object as it was sent; empty: none
  Instant created;
  std::vector<std::uint32_t> subscriptions;
};

struct Subscription {
  Text id, customer_id, product_id, status, start_date;
  Instant created, modified;
};

enum class ChargeStatus : std::uint8_t { pending, paid, failed };
inline const char* charge_status_name(ChargeStatus status) {
  if (status == ChargeStatus::paid) return "paid";
  return status == ChargeStatus::failed ? "failed" : "pending";
}

// Taken once and for good. Numbered from 0 in the order taken.
struct Charge {
  Text key;       // its Idempotency-Key; empty: it came without
  Text metadata;  // as of a customer
  Text description, type;
  Money amount;
  Instant created;
  std::uint32_t payer = 0;       // who it is for: a number
  std::uint32_t before = kNone;  // the charge before of that payer
  std::uint32_t requests = 0;    // how often it was asked for, the first time included
  std::uint32_t conflicts = 0;   // among them those with other content
  ChargeStatus status = ChargeStatus::pending;

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
};

// A customer_id that charges name; the sandbox need not know the customer.
struct Payer {
  Text customer_id;
  std::uint32_t last = Charge::kNone;
  std::uint32_t charges = 0;
};

}  // namespace reckoner::sim::sandbox
