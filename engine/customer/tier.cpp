#include "engine/customer/tier.hpp"

#include <algorithm>

namespace reckoner {

PlanNumber entitled_plan(const Subscriptions& subscriptions, Instant at, const BookInForce& book) {
  PlanNumber best = book.default_plan();
  for (const Subscription& subscription : subscriptions.all()) {
    if (!subscription.entitles(at)) continue;
    const PlanNumber* plan = book.plan_of_product(subscription.product_id);
    if (plan != nullptr && book.rank(*plan) > book.rank(best)) best = *plan;
  }
  return best;
}

bool TierTimeline::enter(Instant from, PlanNumber plan, PlanNumber default_plan) {
  if (plan == latest(default_plan)) return false;
  if (entries_.empty() || entries_.back().from < from) {
    entries_.push_back({from, plan});
  } else {
    entries_.back().plan = plan;  // as of the last entry's instant, which stays the last
  }
  return true;
}

void TierTimeline::forget_before(Instant oldest) {
  if (entries_.empty()) return;
  const auto needed = std::find_if(entries_.begin() + 1, entries_.end(),
                                   [oldest](Entry next) { return next.from > oldest; });
  entries_.erase(entries_.begin(), needed - 1);
}

}  // namespace reckoner
