#include "engine/json/report_json.hpp"

#include <boost/json.hpp>

namespace reckoner::json {
namespace {

namespace bj = boost::json;

bj::value instant_or_null(const std::optional<Instant>& at) {
  if (!at) return nullptr;
  return bj::value(format_instant(*at));
}

bj::object to_json(const HistoryCounts& counts) {
  bj::object codes;
  for (const auto& [code, count] : counts.rejected_by_code) codes[code] = count;
  return {{"events", counts.events},
          {"accepted", counts.accepted},
          {"duplicates", counts.duplicates},
          {"conflicts", counts.conflicts},
          {"rejected", counts.rejected},
          {"rejected_by_code", codes},
          {"stale", counts.stale},
          {"parked", counts.parked},
          {"from", instant_or_null(counts.from)},
          {"until", instant_or_null(counts.until)}};
}

bj::object to_json(const PeriodReport& period) {
  return {{"start", format_instant(period.period.start)},
          {"end", format_instant(period.period.end)},
          {"tokens", period.tokens},
          {"requests", period.requests},
          {"cost_usd", format_money(period.cost)}};
}

bj::object to_json(const Charge& charge, std::string_view customer_id) {
  bj::object out = {{"id", charge_id(customer_id, charge.number)},
                    {"number", charge.number},
                    {"at", format_instant(charge.at)},
                    {"amount_usd", format_cents(Money::of_cents(charge.amount))},
                    {"tokens", charge.tokens},
                    {"reason", bj::string(charge_reason_name(charge.reason))},
                    {"description", charge_description(charge.tokens)},
                    {"status", bj::string(charge_status_name(charge.status))}};
  if (!charge.polar_charge_id.empty()) out["polar_charge_id"] = charge.polar_charge_id.str();
  return out;
}

bj::object to_json(const CustomerReport& customer) {
  const CustomerState& state = *customer.state;
  bj::array periods, charges;
  for (const PeriodReport& period : customer.periods) periods.push_back(to_json(period));
  for (const Charge& charge : customer.charges) charges.push_back(to_json(charge, state.id));
  bj::value polar = nullptr;
  if (state.linked()) polar = bj::string(state.polar_customer_id());
  return {{"customer_id", state.id.str()},
          {"polar_customer_id", polar},
          {"tier", customer.tier},
          {"billing_day", state.billing_days.asked()},
          {"periods", periods},
          {"charges", charges},
          {"accrued_usd", format_money(state.accrued)},
          {"unbilled_tokens", state.unbilled_tokens},
          {"blocked", state.blocked()},
          {"set_aside", state.set_aside != SetAside::no}};
}

bj::object to_json(const ReportTotals& totals, const RevenueReport& revenue) {
  return {{"customers", totals.customers},
          {"requests", totals.requests},
          {"tokens", totals.tokens},
          {"cost_usd", format_money(totals.cost)},
          {"charges", totals.charges},
          {"charged_usd", format_cents(totals.charged)},
          {"accrued_usd", format_money(totals.accrued)},
          {"payments_usd", format_cents(revenue.total)}};
}

bj::object to_json(const RevenueReport& revenue) {
  bj::object by_product;
  for (const auto& [product, amount] : revenue.by_product)
    by_product[product] = format_cents(amount);
  return {{"total_usd", format_cents(revenue.total)},
          {"by_product", by_product},
          {"transactions", revenue.transactions}};
}

}  // namespace

std::string customer_text(const CustomerReport& customer) {
  return bj::serialize(to_json(customer));
}

std::string charge_text(const Charge& charge, std::string_view customer_id) {
  return bj::serialize(to_json(charge, customer_id));
}

void write_report(const Report& report, const std::function<void(std::string_view)>& sink) {
  const auto member = [&](std::string_view before, const bj::value& value) {
    sink(before);
    sink(bj::serialize(value));
  };
  member("{\"history\":", to_json(report.history));
  member(",\n\"totals\":", to_json(report.totals, report.revenue));
  member(",\n\"revenue\":", to_json(report.revenue));
  member(",\n\"conservation\":",
         bj::object{{"holds", report.conservation_gap == Money{}},
                    {"difference_usd", format_money(report.conservation_gap)}});
  member(",\n\"state_hash\":", bj::string(report.state_hash));
  member(",\n\"money_hash\":", bj::string(report.money_hash));
  sink(",\n\"customers\":[");
  for (std::size_t i = 0; i < report.customers.size(); ++i)
    member(i == 0 ? "\n" : ",\n", to_json(report.customers[i]));
  sink("]}\n");
}

}  // namespace reckoner::json
