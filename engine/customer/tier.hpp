// Which plan a customer was on at which time (billing-rules.md, Tier).
#pragma once

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/instant.hpp"
#include "engine/books/books.hpp"
#include "engine/customer/subscription.hpp"

namespace reckoner {

// The highest-ranked plan among the subscriptions that entitle at `at`; none: the default plan.
PlanNumber entitled_plan(const Subscriptions& subscriptions, Instant at, const BookInForce& book);

class TierTimeline {
 public:
  struct Entry {
    Instant from;
    PlanNumber plan;
    friend bool operator==(Entry, Entry) = default;
  };

  // The plan in force: the last entry at or before `at`; before the first, `default_plan`.
  PlanNumber at(Instant at, PlanNumber default_plan) const {
    for (std::size_t i = entries_.size(); i-- > 0;)
      if (entries_[i].from <= at) return entries_[i].plan;
    return default_plan;
  }
  PlanNumber latest(PlanNumber default_plan) const {
    return entries_.empty() ? default_plan : entries_.back().plan;
  }

  // `plan` holds from `from` on, but not from before the last entry. Returns whether that changes
  // the latest plan.
  bool enter(Instant from, PlanNumber plan, PlanNumber default_plan);

  // Drops entries that no instant from `oldest` on needs.
  void forget_before(Instant oldest);

  const CompactVector<Entry>& entries() const { return entries_; }
  void restore(CompactVector<Entry> entries) { entries_ = std::move(entries); }
  friend bool operator==(const TierTimeline&, const TierTimeline&) = default;

 private:
  CompactVector<Entry> entries_;  // by `from`, no two at one instant
};

}  // namespace reckoner
