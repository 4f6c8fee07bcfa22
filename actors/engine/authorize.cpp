#include "actors/engine/authorize.hpp"

#include "actors/engine/usage_totals.hpp"
#include "engine/limits.hpp"

namespace reckoner::actors {

Authorization authorize(const CustomerView& view, std::int64_t tokens, bool enforce_allowance,
                        RequestRate& rate) {
  const Plan& tier = view.tier();
  if (view.state.blocked()) return {false, "payment_required", 0};
  if (enforce_allowance) {
    const std::int64_t used = totals_of_period(view.state, period_at(view.state, view.now)).tokens;
    if (add_saturating(used, tokens) > tier.tokens_per_month)
      return {false, "allowance_exceeded", 0};
  }
  if (!rate.take(tier.rate_limit, view.now))
    return {false, "rate_limited", rate.seconds_to_wait(tier.rate_limit)};
  return {};
}

}  // namespace reckoner::actors
