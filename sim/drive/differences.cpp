#include "sim/drive/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <string_view>

namespace reckoner::sim {
namespace {

namespace bj = boost::json;
using Fields = std::map<std::string, std::string>;

constexpr std::string_view kNone = "-";
constexpr std::size_t kAtOnce = 500;

// "5" and "5.00" are the same money; what is no money is compared as it stands.
bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto left = parse_money(a), right = parse_money(b);
  return left && right && *left == *right;
}

void compare(const std::string& where, const Fields& engine, const Fields& replay,
             std::vector<Difference>& out) {
  std::set<std::string> names;
  for (const auto& [name, value] : engine) names.insert(name);
  for (const auto& [name, value] : replay) names.insert(name);
  for (const std::string& name : names) {
    const auto left = engine.find(name), right = replay.find(name);
    const std::string engine_says = left == engine.end() ? std::string(kNone) : left->second;
    const std::string replay_says = right == replay.end() ? std::string(kNone) : right->second;
    if (!same(engine_says, replay_says)) out.push_back({where, name, engine_says, replay_says});
  }
}

std::string text_in(const bj::object& object, std::string_view name) {
  const bj::value* found = object.if_contains(name);
  if (found == nullptr || found->is_null()) return std::string(kNone);
  return found->is_string() ? std::string(found->get_string()) : bj::serialize(*found);
}

void for_objects_in(const bj::object& object, std::string_view name, auto each) {
  const bj::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return;
  for (const bj::value& one : list->get_array())
    if (one.is_object()) each(one.get_object());
}

constexpr std::string_view kOfCustomer[] = {"accrued_usd", "billing_day", "polar_customer_id",
                                            "tier", "unbilled_tokens"};

Fields fields_of(std::string_view json) {
  Fields out;
  bj::error_code failure;
  const bj::value read = bj::parse({json.data(), json.size()}, failure);
  if (failure || !read.is_object()) return out;
  const bj::object& customer = read.get_object();
  for (const std::string_view name : kOfCustomer) out[std::string(name)] = text_in(customer, name);
  for_objects_in(customer, "periods", [&](const bj::object& period) {
    const std::string prefix = "period " + text_in(period, "start") + ' ';
    for (const std::string_view name : {"tokens", "requests", "cost_usd"})
      out[prefix + std::string(name)] = text_in(period, name);
  });
  for_objects_in(customer, "charges", [&](const bj::object& charge) {
    out["charge " + text_in(charge, "id")] = text_in(charge, "amount_usd");
  });
  return out;
}

Fields fields_of(const CustomerReport& customer) {
  const CustomerState& state = *customer.state;
  Fields out;
  out["accrued_usd"] = format_money(state.accrued);
  out["billing_day"] = std::to_string(state.billing_days.asked());
  out["polar_customer_id"] = state.linked() ? std::string(state.polar_customer_id()) : kNone;
  out["tier"] = customer.tier;
  out["unbilled_tokens"] = std::to_string(state.unbilled_tokens);
  for (const PeriodReport& period : customer.periods) {
    const std::string prefix = "period " + format_instant(period.period.start) + ' ';
    out[prefix + "tokens"] = std::to_string(period.tokens);
    out[prefix + "requests"] = std::to_string(period.requests);
    out[prefix + "cost_usd"] = format_money(period.cost);
  }
  for (const Charge& charge : customer.charges)
    out["charge " + charge_id(state.id, charge.number)] =
        format_cents(Money::of_cents(charge.amount));
  return out;
}

// Those that only the engine has.
Status add_strangers(const EngineFace& engine, const Report& replay, std::vector<Difference>& out) {
  const Result<std::vector<std::string>> ids = engine.customer_ids();
  if (!ids) return ids.error();
  std::set<std::string_view> known;
  for (const CustomerReport& customer : replay.customers) known.insert(customer.state->id.view());
  for (const std::string& id : *ids)
    if (!known.contains(id)) out.push_back({id, "customer", "is there", "is not there"});
  return Done{};
}

}  // namespace

std::vector<Difference> different_totals(const EngineHashes& engine, const Report& replay) {
  const ReportTotals& totals = replay.totals;
  Fields all = {{"customers", std::to_string(totals.customers)},
                {"requests", std::to_string(totals.requests)},
                {"tokens", std::to_string(totals.tokens)},
                {"cost_usd", format_money(totals.cost)},
                {"charges", std::to_string(totals.charges)},
                {"charged_usd", format_cents(totals.charged)},
                {"accrued_usd", format_money(totals.accrued)},
                {"payments_usd", format_cents(replay.revenue.total)}};
  Fields told;
  for (const auto& [name, value] : engine.totals)
    if (all.contains(name)) told[name] = value;
  std::erase_if(all, [&](const auto& one) { return !told.contains(one.first); });
  std::vector<Difference> out;
  compare("all", told, all, out);
  return out;
}

Result<std::vector<Difference>> different_customers(const EngineFace& engine, const Report& replay,
                                                    std::size_t at_most) {
  std::vector<Difference> out;
  for (std::size_t begin = 0; begin < replay.customers.size() && out.size() < at_most;
       begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, replay.customers.size());
    std::map<std::string, const CustomerReport*> wanted;
    std::vector<std::string> ids;
    for (std::size_t i = begin; i < end; ++i) {
      ids.emplace_back(replay.customers[i].state->id.view());
      wanted[ids.back()] = &replay.customers[i];
    }
    const Status asked = engine.customers(ids, [&](const std::string& id, std::string_view json) {
      if (json.empty()) {
        out.push_back({id, "customer", "is not there", "is there"});
      } else {
        compare(id, fields_of(json), fields_of(*wanted.at(id)), out);
      }
    });
    if (!asked) return asked.error();
  }
  if (out.size() < at_most)
    if (Status asked = add_strangers(engine, replay, out); !asked) return asked.error();
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.where < b.where; });
  if (out.size() > at_most) out.resize(at_most);
  return out;
}

std::vector<Difference> different_charges(const std::vector<SandboxCharge>& taken,
                                          const Report& replay, std::size_t at_most) {
  struct Taken {
    std::size_t times = 0;
    std::string amount;
    bool conflicts = false;

    std::string text() const {
      if (times > 1) return "taken " + std::to_string(times) + " times";
      return conflicts ? "asked for with other content, too" : amount;
    }
  };
  std::map<std::string, Taken> by_id;
  for (const SandboxCharge& charge : taken) {
    Taken& one = by_id[charge.idempotency_key];
    ++one.times;
    one.amount = charge.amount_usd;
    one.conflicts = one.conflicts || charge.conflicts;
  }
  std::vector<Difference> out;
  for (const CustomerReport& customer : replay.customers) {
    for (const Charge& charge : customer.charges) {
      if (charge.status == ChargeStatus::held) continue;
      const std::string id = charge_id(customer.state->id, charge.number);
      const std::string amount = format_cents(Money::of_cents(charge.amount));
      const auto found = by_id.find(id);
      const std::string sandbox = found == by_id.end() ? "not taken" : found->second.text();
      if (!same(sandbox, amount)) out.push_back({id, "at the sandbox", sandbox, amount});
      if (found != by_id.end()) by_id.erase(found);
    }
  }
  for (const auto& [id, charge] : by_id)
    out.push_back({id, "at the sandbox", charge.amount, "was never decided"});
  if (out.size() > at_most) out.resize(at_most);
  return out;
}

std::string differences_table(const std::vector<Difference>& differences) {
  std::size_t where = 8, field = 5, engine = 6;
  for (const Difference& one : differences) {
    where = std::max(where, one.where.size());
    field = std::max(field, one.field.size());
    engine = std::max(engine, one.engine.size());
  }
  std::string out;
  const auto row = [&](const Difference& one) {
    out += fmt::format("  {:<{}}  {:<{}}  {:<{}}  {}\n", one.where, where, one.field, field,
                       one.engine, engine, one.replay);
  };
  row({"customer", "field", "engine", "replay"});
  for (const Difference& one : differences) row(one);
  return out;
}

}  // namespace reckoner::sim
