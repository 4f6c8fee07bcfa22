#include "engine/customer/customer_state.hpp"

namespace reckoner {

CustomerState::CustomerState(const CustomerState& other)
    : id(other.id),
      email(other.email),
      name(other.name),
      company(other.company),
      polar_ids(other.polar_ids),
      billing_days(other.billing_days),
      subscriptions(other.subscriptions),
      timeline(other.timeline),
      usage(other.usage),
      charges(other.charges),
      payments(other.payments),
      departed(other.departed ? std::make_unique<Departed>(*other.departed) : nullptr),
      accrued(other.accrued),
      unbilled_tokens(other.unbilled_tokens),
      charges_made(other.charges_made),
      link(other.link),
      set_aside(other.set_aside),
      blocking_charges(other.blocking_charges),
      brought_to(other.brought_to),
      current(other.current),
      own_due(other.own_due) {}

Period period_at(const CustomerState& state, Instant at) {
  if (state.current.holds(at)) return state.current;
  const BillingDays& days = state.billing_days;
  if (at < state.current.end || days.asked() == days.segments().back().day)
    return days.period_of(at);
  BillingDays then = days;
  then.period_ends(state.current.end);
  return then.period_of(at);
}

Money conservation_gap(const CustomerState& state) {
  Money gap;
  for (const PeriodUsage& usage : state.usage) gap += usage.cost;
  for (const Charge& charge : state.charges) gap -= Money::of_cents(charge.amount);
  if (state.departed) gap += state.departed->cost - state.departed->charged;
  return gap - state.accrued;
}

}  // namespace reckoner
