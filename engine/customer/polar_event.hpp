// What a webhook says, in the engine's own words: the guide's and Polar's bodies both become this
// (polar/body.hpp), and only this is folded. A value; owns its strings.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"

namespace reckoner {

enum class SubscriptionStatus : std::uint8_t {
  incomplete,
  incomplete_expired,
  trialing,
  active,
  past_due,
  canceled,
  unpaid,
  paused,
};
inline constexpr int kSubscriptionStatuses = 8;

inline bool is_active_or_trialing(SubscriptionStatus status) {
  return status == SubscriptionStatus::active || status == SubscriptionStatus::trialing;
}

// The rows of the table in billing-rules.md, Webhooks.
enum class PolarEventKind : std::uint8_t {
  customer_created,
  customer_updated,
  customer_state_changed,
  customer_deleted,
  subscription,    // subscription.*
  payment,         // invoice.paid, order.paid
  payment_failed,  // invoice.payment_failed
  order_refunded,
  refund,  // refund.*
  other,   // anything else, and a subscription event without an id: changes nothing
};
inline constexpr int kPolarEventKinds = 10;

// Which subscriptions a payment or a failure speaks of.
enum class Meant : std::uint8_t { none, named, of_product, all };
inline constexpr int kMeant = 4;

// A subscription in a customer.state_changed.
struct ListedSubscription {
  std::string id;
  std::string product_id;
  std::optional<SubscriptionStatus> status;  // empty: one that the engine does not know
  std::optional<Instant> past_due_at;

  friend bool operator==(const ListedSubscription&, const ListedSubscription&) = default;
};

// In order of time: by the envelope's timestamp, then by data.modified_at.
struct EventOrder {
  Instant sent = kDistantPast;
  Instant modified = kDistantPast;

  friend auto operator<=>(const EventOrder&, const EventOrder&) = default;
};

// Empty strings and optionals are "not given". Fields below a heading are for those kinds only.
struct PolarEvent {
  PolarEventKind kind = PolarEventKind::other;
  std::string type;               // as Polar names it, for people: "subscription.canceled"
  std::string webhook_id;         // that it came with; empty in the webhook's own entry, and where
                                  // the webhook had none
  std::string polar_customer_id;  // empty: about nobody
  Instant arrived;                // when the engine took the webhook in
  std::optional<Instant> sent;    // the envelope's timestamp, as sent
  std::optional<Instant> modified;

  // customer_created, _updated, _state_changed
  std::string email;
  std::string names_customer;  // external_id, else metadata.user_id
  std::optional<std::vector<ListedSubscription>> listed;

  // subscription; the first two also payment and payment_failed
  std::string subscription_id;
  std::string product_id;
  std::optional<SubscriptionStatus> status;  // empty: not said, or one that is not known
  std::optional<Instant> past_due_at;        // also payment_failed

  // payment, payment_failed, order_refunded, refund
  Meant meant = Meant::none;
  bool revives = false;    // a payment that makes what is past due active again
  bool succeeded = false;  // a refund
  std::string object_id;   // the invoice, order or refund
  std::string order_id;    // what a refund is of
  std::optional<Cents> amount;
  std::string foreign_currency;  // empty: USD
  std::string charge_id;         // the engine's charge that a payment names

  // When it took effect: the envelope's timestamp, but not after its arrival.
  Instant effective() const { return sent ? std::min(*sent, arrived) : arrived; }
  EventOrder order() const {
    if (!sent) return {arrived, kDistantPast};
    return {*sent, modified.value_or(kDistantPast)};
  }
  friend bool operator==(const PolarEvent&, const PolarEvent&) = default;
};

}  // namespace reckoner
