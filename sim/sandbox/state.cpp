#include "sim/sandbox/state.hpp"

#include "engine/json/json_line.hpp"
#include "sim/sandbox/object_json.hpp"
#include "sim/sandbox/query.hpp"

namespace reckoner::sim::sandbox {
namespace {

using json::JsonLine;

constexpr std::size_t kMostPaths = 32;
constexpr std::int64_t kMinutesKept = 24 * 60;
constexpr Micros kMinute = 60 * kSecond;

std::string dollars(Money amount) {
  return quoted(amount_number(amount));
}

void member(JsonLine& out, std::string_view name, std::string_view value) {
  out.raw(",\"").raw(name).raw("\":").quoted(value);
}

void count(JsonLine& out, std::string_view name, std::uint64_t value) {
  out.raw(",\"").raw(name).raw("\":").number(static_cast<std::int64_t>(value));
}

// `write` writes each of `count` items.
template <class Write>
void array(JsonLine& out, std::string_view name, std::size_t count, Write write) {
  out.raw(",\"").raw(name).raw("\":[");
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.raw(",");
    write(i);
  }
  out.raw("]");
}

void write_charge(JsonLine& out, const Holdings& holdings, std::uint32_t number) {
  const Charge& charge = holdings.charges()[number];
  out.raw("{\"id\":").quoted(holdings.charge_id(number));
  if (charge.key.empty())
    out.raw(",\"idempotency_key\":null");
  else
    member(out, "idempotency_key", charge.key);
  member(out, "customer_id", holdings.customer_of(charge));
  out.raw(",\"amount_usd\":").raw(dollars(charge.amount));
  member(out, "description", charge.description);
  member(out, "status", charge_status_name(charge.status));
  count(out, "requests", charge.requests);
  count(out, "conflicts", charge.conflicts);
  out.raw(",\"created_at\":").time(charge.created).raw("}");
}

void write_webhook(JsonLine& out, const DeliveryRecord& record) {
  out.raw("{\"id\":").quoted(record.id);
  member(out, "type", record.type);
  count(out, "attempts", record.attempts);
  const bool delivered = record.state == DeliveryState::delivered;
  out.raw(",\"delivered\":").raw(delivered ? "true" : "false");
  member(out, "state", delivery_state_name(record.state));
  count(out, "last_status", record.last_status);
  out.raw("}");
}

void write_requests(JsonLine& out, const RequestCounts& requests) {
  out.raw(",\"requests\":{");
  const char* before = "";
  for (const auto& [path, by_minute] : requests.all()) {
    out.raw(before).quoted(path).raw(":{");
    before = "";
    for (const auto& [minute, count] : by_minute) {
      out.raw(before).time({minute * kMinute}).raw(":").number(static_cast<std::int64_t>(count));
      before = ",";
    }
    out.raw("}");
    before = ",";
  }
  out.raw("}");
}

void write_totals(JsonLine& out, const State& state) {
  const Totals totals = state.totals();
  out.raw("\"totals\":{\"total_usd\":").raw(dollars(totals.charged));
  count(out, "count", totals.charges);
  count(out, "requests", totals.charge_requests);
  count(out, "conflicts", totals.conflicts);
  count(out, "customers", totals.customers);
  count(out, "subscriptions", totals.subscriptions);
  const DeliveryCounts& counts = state.deliveries.counts();
  out.raw("},\"deliveries\":{\"enabled\":").raw(state.deliveries.enabled() ? "true" : "false");
  count(out, "created", counts.created);
  count(out, "sent", counts.attempts);
  count(out, "acknowledged", counts.delivered);
  count(out, "failed", counts.failed);
  count(out, "skipped", counts.skipped);
  count(out, "pending", counts.pending);
  count(out, "not_created", counts.not_created);
  out.raw("},\"faults\":").raw(faults_json(state.faults));
}

}  // namespace

void RequestCounts::count(const http::Request& request, Instant now) {
  std::string path = request.method;
  const std::vector<std::string> parts = path_parts(request.path);
  path += ' ';
  for (std::size_t i = 0; i < parts.size() && i < 3; ++i) path += '/' + parts[i];
  if (parts.size() > 3) path += "/{id}";
  if (!by_path_.contains(path) && by_path_.size() >= kMostPaths) path = "others";
  ByMinute& minutes = by_path_[path];
  const std::int64_t minute = now.micros / kMinute;
  ++minutes[minute];
  while (minutes.begin()->first < minute - kMinutesKept) minutes.erase(minutes.begin());
}

Totals State::totals() const {
  const Holdings& holdings = model.holdings();
  Totals out;
  out.customers = holdings.customers().size();
  out.subscriptions = holdings.subscriptions().size();
  out.charges = holdings.charges().size();
  out.charged = holdings.charged();
  out.charge_requests = holdings.charge_requests();
  out.conflicts = holdings.conflicts();
  return out;
}

std::string faults_json(const Faults& faults) {
  JsonLine out;
  out.raw("{\"active\":[");
  const char* before = "";
  for (const Fault& fault : faults.all()) {
    out.raw(before).quoted(fault.text);
    before = ",";
  }
  out.raw("],\"fired\":{");
  before = "";
  for (const auto& [kind, fired] : faults.fired()) {
    out.raw(before).quoted(fault_name(kind)).raw(":").number(static_cast<std::int64_t>(fired));
    before = ",";
  }
  out.raw("}}");
  return std::string(out.view());
}

std::string state_json(const State& state, bool brief) {
  JsonLine out;
  out.raw("{");
  write_totals(out, state);
  if (!brief) {
    const Holdings& holdings = state.model.holdings();
    array(out, "customers", holdings.customers().size(),
          [&](std::size_t i) { out.raw(customer_json(holdings, holdings.customers()[i], false)); });
    array(out, "subscriptions", holdings.subscriptions().size(),
          [&](std::size_t i) { out.raw(subscription_json(holdings.subscriptions()[i])); });
    array(out, "charges", holdings.charges().size(),
          [&](std::size_t i) { write_charge(out, holdings, static_cast<std::uint32_t>(i)); });
    array(out, "orders", 0, [](std::size_t) {});  // of Polar's own API, which is not there yet
    array(out, "events", 0, [](std::size_t) {});
    array(out, "webhooks", state.deliveries.records().size(),
          [&](std::size_t i) { write_webhook(out, state.deliveries.records()[i]); });
    write_requests(out, state.requests);
  }
  out.raw("}\n");
  return std::string(out.view());
}

}  // namespace reckoner::sim::sandbox
