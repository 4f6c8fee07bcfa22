#include "sim/replay/report_table.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "actors/console/numbers.hpp"

namespace reckoner::sim {
namespace {

using console::grouped;

std::string usd(Money amount) {
  return grouped(format_cents(amount));
}

struct TierRow {
  std::int64_t customers = 0, requests = 0, tokens = 0, charges = 0;
  Money cost, charged, accrued;

  void add(const CustomerReport& customer) {
    ++customers;
    charges += static_cast<std::int64_t>(customer.charges.size());
    for (const PeriodReport& period : customer.periods) {
      requests += period.requests;
      tokens += period.tokens;
      cost += period.cost;
    }
    for (const Charge& charge : customer.charges) charged += Money::of_cents(charge.amount);
    accrued += customer.state->accrued;
  }
};

constexpr std::string_view kRow = "{:<16}{:>11}{:>14}{:>20}{:>18}{:>11}{:>18}{:>14}\n";

std::string row(std::string_view name, const TierRow& tier) {
  return fmt::format(kRow, name, grouped(tier.customers), grouped(tier.requests),
                     grouped(tier.tokens), usd(tier.cost), grouped(tier.charges), usd(tier.charged),
                     usd(tier.accrued));
}

std::string tiers(const Report& report, const Books& books) {
  std::map<std::string, TierRow> by_tier;
  TierRow total;
  for (const CustomerReport& customer : report.customers) {
    by_tier[customer.tier].add(customer);
    total.add(customer);
  }
  std::string out = fmt::format(kRow, "tier", "customers", "requests", "tokens", "cost $",
                                "charges", "charged $", "accrued $");
  for (const Plan& plan : books.latest().book().prices.plans)
    if (by_tier.contains(plan.id)) out += row(plan.id, by_tier[plan.id]);
  return out + row("all", total);
}

std::string history(const HistoryCounts& counts) {
  std::string out = fmt::format(
      "{} events: {} accepted, {} parked, {} duplicates ({} conflicts), {} rejected; "
      "{} stale\n",
      grouped(counts.events), grouped(counts.accepted), grouped(counts.parked),
      grouped(counts.duplicates), grouped(counts.conflicts), grouped(counts.rejected),
      grouped(counts.stale));
  for (const auto& [code, count] : counts.rejected_by_code)
    out += fmt::format("  rejected as {}: {}\n", code, grouped(count));
  if (counts.from && counts.until)
    out += fmt::format("from {} until {}\n", format_instant(*counts.from),
                       format_instant(*counts.until));
  return out;
}

// What an operator would have to look at.
std::string attention(const Report& report) {
  std::map<ChargeStatus, std::pair<std::int64_t, Money>> charges;
  std::int64_t unlinked = 0;
  Money unlinked_accrued;
  for (const CustomerReport& customer : report.customers) {
    for (const Charge& charge : customer.charges) {
      auto& [count, sum] = charges[charge.status];
      ++count;
      sum += Money::of_cents(charge.amount);
    }
    if (customer.state->linked() || customer.state->accrued == Money{}) continue;
    ++unlinked;
    unlinked_accrued += customer.state->accrued;
  }
  std::string out = "charges:";
  for (const auto& [status, sum] : charges)
    out += fmt::format(" {} {} ($ {}),", grouped(sum.first), charge_status_name(status),
                       usd(sum.second));
  if (charges.empty()) out += " none,";
  out.back() = '\n';
  if (unlinked > 0)
    out += fmt::format("not linked to a Polar customer, and so not charged: {} customers, $ {}\n",
                       grouped(unlinked), usd(unlinked_accrued));
  if (report.set_aside > 0)
    out += fmt::format("SET ASIDE, nothing applied any more: {} customers\n",
                       grouped(report.set_aside));
  return out;
}

}  // namespace

std::string report_table(const Report& report, const Books& books) {
  const bool holds = report.conservation_gap == Money{};
  return history(report.history) + '\n' + tiers(report, books) + '\n' + attention(report) +
         fmt::format("payments: {} ($ {})\n", grouped(report.revenue.transactions),
                     usd(report.revenue.total)) +
         fmt::format("conservation {}: cost - charged - accrued = $ {}\n",
                     holds ? "holds" : "DOES NOT HOLD", format_money(report.conservation_gap)) +
         fmt::format("state hash {}\n", report.state_hash);
}

}  // namespace reckoner::sim
