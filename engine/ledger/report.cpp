#include "engine/ledger/report.hpp"

#include <algorithm>

#include "engine/ledger/state_hash.hpp"
#include "engine/limits.hpp"

namespace reckoner {
namespace {

void add_period(std::vector<PeriodReport>& periods, Period period, const PeriodUsage& usage) {
  if (periods.empty() || periods.back().period.start != period.start)
    periods.push_back({period, 0, 0, {}});
  PeriodReport& sum = periods.back();
  sum.tokens = add_saturating(sum.tokens, usage.tokens);
  sum.requests += usage.requests;
  sum.cost += usage.cost;
}

void add_totals(ReportTotals& totals, const CustomerReport& customer) {
  ++totals.customers;
  for (const PeriodReport& period : customer.periods) {
    totals.requests += period.requests;
    totals.tokens = add_saturating(totals.tokens, period.tokens);
    totals.cost += period.cost;
  }
  for (const Charge& charge : customer.charges) totals.charged += Money::of_cents(charge.amount);
  totals.charges += static_cast<std::int64_t>(customer.charges.size());
  totals.accrued += customer.state->accrued;
}

void add_revenue(RevenueReport& revenue, const CustomerState& state) {
  for (const Payment& payment : state.payments.all()) {
    if (!payment.paid) continue;
    ++revenue.transactions;
    revenue.total += payment.revenue();
    const bool unknown = payment.product_id.empty();
    revenue.by_product[unknown ? "unknown" : payment.product_id.str()] += payment.revenue();
  }
}

}  // namespace

void ClosedRows::keep(const CustomerState& state, const Effects& effects) {
  const bool charge_closed =
      std::any_of(effects.charges.begin(), effects.charges.end(),
                  [](const Charge& charge) { return is_closed(charge.status); });
  if (effects.closed_usage.empty() && !charge_closed) return;
  Rows& rows = rows_[state.id.str()];
  rows.usage.insert(rows.usage.end(), effects.closed_usage.begin(), effects.closed_usage.end());
  for (const Charge& charge : effects.charges)
    if (is_closed(charge.status)) rows.charges.push_back(charge);
}

void ClosedRows::keep(std::string_view customer_id, const ClosedUsage& usage) {
  rows_[std::string(customer_id)].usage.push_back(usage);
}

void ClosedRows::keep(std::string_view customer_id, const Charge& charge) {
  rows_[std::string(customer_id)].charges.push_back(charge);
}

const ClosedRows::Rows* ClosedRows::find(std::string_view customer_id) const {
  const auto found = rows_.find(customer_id);
  return found == rows_.end() ? nullptr : &found->second;
}

CustomerReport report_customer(const CustomerState& state, const ClosedRows::Rows* closed,
                               const Books& books) {
  CustomerReport out;
  out.state = &state;
  const PlanNumber default_plan = books.at(state.brought_to).default_plan();
  out.tier = books.plan_id(state.timeline.latest(default_plan));
  if (closed != nullptr) {
    for (const ClosedUsage& row : closed->usage) add_period(out.periods, row.period, row.usage);
    out.charges = closed->charges;
  }
  for (const PeriodUsage& usage : state.usage)
    add_period(out.periods, period_at(state, usage.period_start), usage);
  out.charges.insert(out.charges.end(), state.charges.begin(), state.charges.end());
  std::sort(out.charges.begin(), out.charges.end(),
            [](const Charge& a, const Charge& b) { return a.number < b.number; });
  return out;
}

Report make_report(Ledger& ledger, ClosedRows& closed, const HistoryCounts& counts) {
  Report report;
  report.history = counts;
  Effects effects;
  if (counts.until) {
    for (CustomerState& state : ledger.customers()) {
      effects.clear();
      bring_forward(state, *counts.until, ledger.books(), effects);
      closed.keep(state, effects);
    }
  }
  for (const CustomerState* state : ledger.sorted()) {
    report.customers.push_back(report_customer(*state, closed.find(state->id), ledger.books()));
    add_totals(report.totals, report.customers.back());
    add_revenue(report.revenue, *state);
    if (state->set_aside != SetAside::no) ++report.set_aside;
  }
  // From the rows themselves, not from any running sum.
  report.conservation_gap = report.totals.cost - report.totals.charged - report.totals.accrued;
  const Instant at = counts.until.value_or(Instant{});
  report.state_hash = to_hex(state_hash(ledger, at));
  report.money_hash = to_hex(money_hash(ledger, at));
  return report;
}

}  // namespace reckoner
