#include "sim/sandbox/object_json.hpp"

#include "engine/json/json_line.hpp"
#include "engine/json/walker.hpp"

namespace reckoner::sim::sandbox {
namespace {

using json::JsonLine;

void member(JsonLine& out, std::string_view name, std::string_view value) {
  out.raw(",\"").raw(name).raw("\":").quoted(value);
}

std::string_view object_or_empty(std::string_view object) {
  return object.empty() ? "{}" : object;
}

// The charge's metadata, with charge_id added where it has none of its own.
std::string metadata_of_invoice(const Charge& charge) {
  const std::string_view metadata = object_or_empty(charge.metadata);
  if (charge.key.empty() || !json::raw_member(metadata, "charge_id").empty())
    return std::string(metadata);
  const std::size_t rest = metadata.find_first_not_of(" \t\r\n", 1);
  const bool others = metadata[rest] != '}';
  return "{\"charge_id\":" + quoted(charge.key) + (others ? "," : "") +
         std::string(metadata.substr(rest));
}

}  // namespace

std::string quoted(std::string_view text) {
  return std::string(JsonLine().quoted(text).view());
}

std::string amount_number(Money amount) {
  return amount.pico % kPicoPerCent == 0 ? format_cents(amount) : format_money(amount);
}

std::string subscription_json(const Subscription& subscription) {
  JsonLine out;
  out.raw("{\"id\":").quoted(subscription.id);
  member(out, "customer_id", subscription.customer_id);
  member(out, "product_id", subscription.product_id);
  member(out, "status", subscription.status);
  if (!subscription.start_date.empty()) member(out, "start_date", subscription.start_date);
  out.raw(",\"created_at\":").time(subscription.created);
  out.raw(",\"modified_at\":").time(subscription.modified).raw("}");
  return std::string(out.view());
}

std::string customer_json(const Holdings& holdings, const Customer& customer,
                          bool with_subscriptions) {
  JsonLine out;
  out.raw("{\"id\":").quoted(customer.id);
  member(out, "email", customer.email);
  member(out, "name", customer.name);
  out.raw(",\"metadata\":").raw(object_or_empty(customer.metadata));
  out.raw(",\"created_at\":").time(customer.created);
  if (with_subscriptions) {
    out.raw(",\"subscriptions\":[");
    const char* before = "";
    for (const std::uint32_t number : customer.subscriptions) {
      out.raw(before).raw(subscription_json(holdings.subscriptions()[number]));
      before = ",";
    }
    out.raw("]");
  }
  out.raw("}");
  return std::string(out.view());
}

std::string charge_json(const Holdings& holdings, std::uint32_t number) {
  const Charge& charge = holdings.charges()[number];
  JsonLine out;
  out.raw("{\"id\":").quoted(holdings.charge_id(number));
  member(out, "customer_id", holdings.customer_of(charge));
  out.raw(",\"amount_usd\":").raw(amount_number(charge.amount));
  member(out, "currency", "USD");
  member(out, "description", charge.description);
  member(out, "type", charge.type);
  member(out, "status", charge_status_name(charge.status));
  if (!charge.key.empty()) member(out, "idempotency_key", charge.key);
  out.raw(",\"metadata\":").raw(object_or_empty(charge.metadata));
  out.raw(",\"created_at\":").time(charge.created).raw("}");
  return std::string(out.view());
}

std::string invoice_json(const Holdings& holdings, std::uint32_t charge, std::string_view id,
                         bool paid) {
  const Charge& of = holdings.charges()[charge];
  JsonLine out;
  out.raw("{\"id\":").quoted(id);
  member(out, "customer_id", holdings.customer_of(of));
  out.raw(",\"amount_usd\":").raw(amount_number(of.amount));
  member(out, "currency", "USD");
  member(out, "status", paid ? "paid" : "open");
  member(out, "description", of.description);
  out.raw(",\"metadata\":").raw(metadata_of_invoice(of)).raw("}");
  return std::string(out.view());
}

}  // namespace reckoner::sim::sandbox
