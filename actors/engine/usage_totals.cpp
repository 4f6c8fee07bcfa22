#include "actors/engine/usage_totals.hpp"

#include "engine/limits.hpp"

namespace reckoner::actors {

PeriodTotals totals_of_period(const CustomerState& state, const Period& period) {
  PeriodTotals sum;
  for (const PeriodUsage& usage : state.usage) {
    if (usage.period_start < period.start || usage.period_start >= period.end) continue;
    sum.tokens = add_saturating(sum.tokens, usage.tokens);
    sum.requests += usage.requests;
    sum.cost += usage.cost;
  }
  return sum;
}

namespace {

UsageTotals totals(const CustomerState& state, const Books& books, const Period& period,
                   Instant at) {
  const BookInForce& book = books.at(at);
  const PeriodTotals sum = totals_of_period(state, period);
  UsageTotals out;
  out.tier = books.plan_id(state.timeline.latest(book.default_plan()));
  out.period = period;
  out.tokens = sum.tokens;
  out.requests = sum.requests;
  out.period_cost = sum.cost;
  out.accrued = state.accrued;
  return out;
}

}  // namespace

UsageTotals totals_after(const CustomerState& state, const Books& books, const Effects& effects,
                         const Usage& usage, Instant at) {
  // One who is set aside is neither priced nor counted.
  if (!effects.priced) return totals_as_they_are(state, books, usage, at);
  UsageTotals out = totals(state, books, effects.priced->period, at);
  out.cost = effects.priced->cost;
  return out;
}

UsageTotals totals_as_they_are(const CustomerState& state, const Books& books, const Usage& usage,
                               Instant at) {
  return totals(state, books, period_at(state, usage.timestamp.value_or(at)), at);
}

}  // namespace reckoner::actors
