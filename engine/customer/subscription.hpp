// The subscriptions of one customer, as Polar's events tell of them, in whatever order the events
// arrive (billing-rules.md, Tier and Webhooks). An event touches only the subscriptions of its own
// Polar customer; a customer can have had several of those, which are numbered here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/instant.hpp"
#include "engine/basics/text.hpp"
#include "engine/customer/polar_event.hpp"

namespace reckoner {

// A Polar customer, by its place in CustomerState::polar_ids.
using PolarNumber = std::uint32_t;

struct Subscription {
  Text id;
  Text product_id;
  EventOrder last;      // of the last event that set or confirmed its status
  EventOrder unlisted;  // of the last snapshot that should have listed it and did not
  Instant past_due_since = kDistantPast;  // while past due
  Instant grace_end = kDistantPast;       // while past due: entitles before this instant
  PolarNumber polar = 0;
  SubscriptionStatus status = SubscriptionStatus::incomplete;

  bool entitles(Instant at) const {
    return is_active_or_trialing(status) ||
           (status == SubscriptionStatus::past_due && at < grace_end);
  }
  bool ended() const {
    return status == SubscriptionStatus::canceled ||
           status == SubscriptionStatus::incomplete_expired;
  }
  // The last that was heard of it, be it that it was missing from a snapshot.
  EventOrder heard() const { return std::max(last, unlisted); }
  friend bool operator==(const Subscription&, const Subscription&) = default;
};

// How long after the last that was heard of it an ended subscription is kept, to tell a late event
// from a new one. Polar can redeliver for 90 days.
inline constexpr Micros kEndedSubscriptionKept = 400 * kDay;

class Subscriptions {
 public:
  // What `event` does to the subscriptions of the Polar customer `polar`. `grace` is what the book
  // in force gives a subscription that becomes past due now. Returns false if the event is a
  // subscription's own and stale, and so without effect.
  bool hear(const PolarEvent& event, PolarNumber polar, Micros grace);

  // The first end of grace after `after`; kDistantFuture if there is none.
  Instant next_grace_end(Instant after) const;

  // Removes and returns those that ended more than kEndedSubscriptionKept before `now`.
  std::vector<Subscription> forget_ended(Instant now);

  const CompactVector<Subscription>& all() const { return held_; }
  // Events up to here about a subscription that is not held are stale: it may have been forgotten.
  EventOrder forgotten() const { return forgotten_; }

  // For decoding.
  void restore(CompactVector<Subscription> held, EventOrder forgotten) {
    held_ = std::move(held);
    forgotten_ = forgotten;
  }
  friend bool operator==(const Subscriptions&, const Subscriptions&) = default;

 private:
  struct News;

  Subscription* find(PolarNumber polar, std::string_view id);
  Subscription* find_or_add(const News& news, std::string_view id);
  template <class Each>
  void each_meant(const PolarEvent& event, const News& news, Each each);

  static bool overtaken(const Subscription& subscription, std::optional<SubscriptionStatus> said,
                        const News& news);
  bool hear_subscription(const PolarEvent& event, const News& news);
  void hear_snapshot(const PolarEvent& event, const News& news);
  void hear_listed(const ListedSubscription& listed, const News& news);
  void hear_unlisted(Subscription& subscription, const News& news);
  void hear_deleted(const News& news);
  void hear_payment(const PolarEvent& event, const News& news);
  void hear_failure(const PolarEvent& event, const News& news);

  CompactVector<Subscription> held_;  // in order of first mention
  EventOrder forgotten_;
};

}  // namespace reckoner
