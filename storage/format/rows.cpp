#include "storage/format/rows.hpp"

#include <boost/json.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <utility>
#include <vector>

#include "engine/basics/sha256.hpp"
#include "engine/limits.hpp"
#include "storage/format/keys.hpp"
#include "storage/sdk/row.hpp"

namespace reckoner::storage {
namespace {

// The namespace of the ids of billing events: part of the format.
constexpr boost::uuids::uuid kBillingEvents = {{0x7d, 0x1c, 0x0b, 0x52, 0x6e, 0x4a, 0x5f, 0x0e,
                                                0x9a, 0x31, 0xc4, 0x6e, 0x2d, 0x85, 0x90, 0x17}};

std::string uuid_of(const std::string& name) {
  return boost::uuids::to_string(boost::uuids::name_generator_sha1(kBillingEvents)(name));
}

// Always with six digits, so that it sorts.
std::string sortable(Instant at) {
  std::string text = format_instant(at);
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000000");
  return text;
}

std::string_view status_of(const CustomerState& state) {
  if (state.set_aside != SetAside::no) return "set_aside";
  return state.blocked() ? "blocked" : "active";
}

std::string_view row_status(ChargeStatus status) {
  switch (status) {
    case ChargeStatus::paid:
      return "completed";
    case ChargeStatus::failed:
    case ChargeStatus::written_off:
      return "failed";
    default:
      return "pending";
  }
}

void add_if_given(boost::json::object& to, std::string_view name, std::string_view value) {
  if (!value.empty()) to[boost::json::string_view(name.data(), name.size())] = std::string(value);
}

std::string metadata_of(const PolarEvent& event) {
  boost::json::object out;
  add_if_given(out, "polar_customer_id", event.polar_customer_id);
  add_if_given(out, "subscription_id", event.subscription_id);
  add_if_given(out, "product_id", event.product_id);
  add_if_given(out, "object_id", event.object_id);
  add_if_given(out, "order_id", event.order_id);
  add_if_given(out, "charge_id", event.charge_id);
  if (event.sent) add_if_given(out, "sent_at", format_instant(*event.sent));
  return boost::json::serialize(out);
}

std::string metadata_of(std::string_view id, const Charge& charge) {
  boost::json::object out;
  add_if_given(out, "charge_id", id);
  out["tokens"] = charge.tokens;
  add_if_given(out, "reason", charge_reason_name(charge.reason));
  add_if_given(out, "charge_status", charge_status_name(charge.status));
  add_if_given(out, "polar_charge_id", charge.polar_charge_id);
  return boost::json::serialize(out);
}

std::string upper_case(std::string text) {
  for (char& letter : text)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

std::string day_text(std::int32_t day) {
  return format_instant(Instant{day * kDay}).substr(0, 10);
}

constexpr std::size_t kUsageCells = 3;

}  // namespace

Row users_row(const CustomerState& state, const Books& books) {
  const PlanNumber default_plan = books.at(state.brought_to).default_plan();
  sdk::RowWriter row;
  row.text_or_null(state.email).text_or_null(state.name).text_or_null(state.company);
  row.text(books.plan_id(state.timeline.latest(default_plan)));
  row.text_or_null(state.polar_customer_id()).integer(state.billing_days.asked());
  row.text(status_of(state));
  return {state.id.str(), row.take()};
}

Row charge_row(std::string_view customer_id, const Charge& charge) {
  const std::string id = charge_id(customer_id, charge.number);
  const std::string_view status = row_status(charge.status);
  sdk::RowWriter row;
  row.null().text(status == "failed" ? "usage_charge_failed" : "usage_charge");
  row.decimal(format_cents(Money::of_cents(charge.amount))).text("USD").text(status);
  row.text(charge_description(charge.tokens)).json(metadata_of(id, charge));
  return {billing_event_key(customer_id, sortable(charge.at), uuid_of("charge:" + id)), row.take()};
}

Row polar_event_row(std::string_view customer_id, Instant at, std::uint64_t sequence,
                    std::size_t place, const PolarEvent& event) {
  std::string name = "event:";
  name.append(customer_id).append(1, '\0');
  name += std::to_string(sequence) + ':' + std::to_string(place);
  sdk::RowWriter row;
  row.text_or_null(event.webhook_id).text(event.type);
  if (event.amount) {
    row.decimal(format_cents(Money::of_cents(*event.amount)));
    row.text(event.foreign_currency.empty() ? "USD" : upper_case(event.foreign_currency));
  } else {
    row.null().null();
  }
  row.text(event.kind == PolarEventKind::payment_failed ? "failed" : "completed");
  row.null().json(metadata_of(event));
  return {billing_event_key(customer_id, sortable(at), uuid_of(name)), row.take()};
}

std::string usage_daily_key(std::string_view customer_id, std::int32_t day,
                            std::string_view operation) {
  return usage_daily_key(customer_id, day_text(day), operation);
}

std::string usage_daily_value(const DailyUsage& usage) {
  return sdk::RowWriter()
      .integer(usage.tokens)
      .integer(usage.requests)
      .decimal(format_money(usage.cost))
      .take();
}

bool add_usage_daily(std::string_view value, DailyUsage& usage) {
  std::vector<sdk::Cell> cells;
  const reckoner_typed_table& table = *sdk::typed_table(RECKONER_USAGE_DAILY);
  if (!sdk::read_row(value, table.column + table.keys, kUsageCells, cells)) return false;
  const auto cost = parse_money(cells[2].text);
  if (!cost || cells[0].number < 0 || cells[1].number < 0) return false;
  usage.tokens = add_saturating(usage.tokens, cells[0].number);
  usage.requests = add_saturating(usage.requests, cells[1].number);
  usage.cost += *cost;
  return true;
}

}  // namespace reckoner::storage
