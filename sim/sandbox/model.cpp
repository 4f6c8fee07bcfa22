#include "sim/sandbox/model.hpp"

#include <algorithm>
#include <array>

#include "engine/basics/ids.hpp"
#include "engine/json/json_line.hpp"
#include "sim/sandbox/object_json.hpp"
#include "sim/sandbox/query.hpp"

namespace reckoner::sim::sandbox {
namespace {

constexpr std::array<std::string_view, 9> kStatuses = {
    "active", "cancelled", "canceled",   "trialing",           "past_due",
    "unpaid", "paused",    "incomplete", "incomplete_expired",
};

bool is_cancelled(std::string_view status) {
  return status == "cancelled" || status == "canceled";
}

std::string known_statuses() {
  std::string out;
  for (const std::string_view status : kStatuses)
    out += (out.empty() ? "" : ", ") + std::string(status);
  return out;
}

}  // namespace

http::Response error_response(unsigned status, std::string_view error, std::string_view detail) {
  http::Response out;
  out.status = status;
  out.body = "{\"error\":" + quoted(error) + ",\"detail\":" + quoted(detail) + '}';
  return out;
}

// --- requests -------------------------------------------------------------------------------

Outcome Model::answer(const http::Request& request, Instant now) {
  Call call{request, now, {}, {}, {}};
  if (!is_authorized(request)) {
    call.refuse(401, "Unauthorized", "the request needs Authorization: Bearer with the API key");
    call.out.response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return std::move(call.out);
  }
  const std::vector<std::string> parts = path_parts(request.path);
  const bool is_api =
      parts.size() >= 3 && parts.size() <= 4 && parts[0] == "api" && parts[1] == "v1";
  if (is_api) call.collection = parts[2];
  if (parts.size() == 4) call.id = parts[3];
  route(call);
  return std::move(call.out);
}

bool Model::is_authorized(const http::Request& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* sent = request.header("authorization");
  if (sent == nullptr || !sent->starts_with(kBearer)) return false;
  const std::string_view key = std::string_view(*sent).substr(kBearer.size());
  return options_.api_key.empty() ? !key.empty() : key == options_.api_key;
}

void Model::route(Call& call) {
  struct Route {
    std::string_view method, collection;
    bool one;  // of the collection
    void (Model::*handle)(Call&);
  };
  static constexpr std::array<Route, 7> kRoutes = {{
      {"POST", "customers", false, &Model::post_customer},
      {"GET", "customers", true, &Model::get_customer},
      {"POST", "subscriptions", false, &Model::post_subscription},
      {"PATCH", "subscriptions", true, &Model::patch_subscription},
      {"POST", "charges", false, &Model::post_charge},
      {"GET", "charges", false, &Model::list_charges},
      {"GET", "charges", true, &Model::get_charge},
  }};
  bool is_path = false;
  for (const Route& route : kRoutes) {
    if (route.collection != call.collection || route.one == call.id.empty()) continue;
    if (route.method == call.request.method) return (this->*route.handle)(call);
    is_path = true;
  }
  if (is_path)
    call.refuse(405, "MethodNotAllowed", call.request.method + " is not for this path");
  else
    call.refuse(404, "NotFound", "there is no " + call.request.path);
}

std::optional<Fields> Model::read_body(Call& call,
                                       std::initializer_list<std::string_view> known) const {
  Result<Fields> fields = Fields::read(call.request.body);
  if (!fields) {
    call.refuse_field(fields.error().detail);
    return std::nullopt;
  }
  if (options_.strict) {
    for (const Field& field : fields->all()) {
      if (std::ranges::count(known, field.name) > 0) continue;
      call.refuse_field(field.name + " is not a field of this request");
      return std::nullopt;
    }
  }
  return std::move(*fields);
}

// --- customers ------------------------------------------------------------------------------

void Model::post_customer(Call& call) {
  const auto fields = read_body(call, {"email", "name", "metadata"});
  if (!fields) return;
  const std::string_view email = fields->id("email");
  if (email.find('@') == std::string_view::npos)
    return call.refuse_field("email is missing or no e-mail address");
  if (const Customer* same = held_.customer_with_email(email)) {
    if (options_.strict)
      return call.refuse_field("a customer with this email address already exists");
    return call.say(200, customer_json(held_, *same, true));
  }
  Customer customer;
  customer.email = email;
  customer.name = fields->string("name");
  customer.metadata = fields->object("metadata");
  customer.created = call.now;
  const Customer& added = held_.add_customer(std::move(customer));
  send(call, "customer.created", customer_json(held_, added, false));
  call.say(201, customer_json(held_, added, true));
}

void Model::get_customer(Call& call) {
  const Customer* customer = held_.customer(call.id);
  if (customer == nullptr)
    return call.refuse(404, "ResourceNotFound", "there is no customer " + call.id);
  call.say(200, customer_json(held_, *customer, true));
}

// --- subscriptions --------------------------------------------------------------------------

void Model::post_subscription(Call& call) {
  const auto fields = read_body(call, {"customer_id", "product_id", "status", "start_date"});
  if (!fields) return;
  const std::string_view customer_id = fields->id("customer_id");
  const std::string_view product_id = fields->id("product_id");
  if (customer_id.empty() || product_id.empty())
    return call.refuse_field("customer_id and product_id are needed, as ids");
  const Customer* customer = held_.customer(customer_id);
  if (customer == nullptr && options_.strict)
    return call.refuse_field("there is no customer " + std::string(customer_id));
  std::string_view status = fields->string("status");
  if (status.empty()) status = "active";
  if (std::ranges::count(kStatuses, status) == 0)
    return call.refuse_field("status is '" + std::string(status) + "'; it takes " +
                             known_statuses());
  if (customer != nullptr && status == "active") cancel_active(call, *customer);
  Subscription subscription;
  subscription.customer_id = customer_id;
  subscription.product_id = product_id;
  subscription.status = status;
  subscription.start_date = fields->string("start_date");
  subscription.created = subscription.modified = call.now;
  const Subscription& added = held_.add_subscription(std::move(subscription));
  send(call, "subscription.created", subscription_json(added));
  call.say(201, subscription_json(added));
}

// An upgrade, in the guide, is a further subscription: the one before it ends first, so that who
// goes by the last webhook is right.
void Model::cancel_active(Call& call, const Customer& customer) {
  for (const std::uint32_t number : customer.subscriptions) {
    Subscription& before = *held_.subscription(held_.subscriptions()[number].id);
    if (before.status.view() == "active") set_status(call, before, "cancelled");
  }
}

// As at Polar, the general event comes before the one that says what happened.
void Model::set_status(Call& call, Subscription& subscription, std::string_view status) {
  const bool ends = is_cancelled(status) && !is_cancelled(subscription.status);
  subscription.status = status;
  subscription.modified = call.now;
  send(call, "subscription.updated", subscription_json(subscription));
  if (ends) send(call, "subscription.cancelled", subscription_json(subscription));
}

void Model::patch_subscription(Call& call) {
  const auto fields = read_body(call, {"status"});
  if (!fields) return;
  Subscription* subscription = held_.subscription(call.id);
  if (subscription == nullptr)
    return call.refuse(404, "ResourceNotFound", "there is no subscription " + call.id);
  const std::string_view status = fields->string("status");
  if (std::ranges::count(kStatuses, status) == 0)
    return call.refuse_field("status is '" + std::string(status) + "'; it takes " +
                             known_statuses());
  set_status(call, *subscription, status);
  call.say(200, subscription_json(*subscription));
}

// --- events ---------------------------------------------------------------------------------

// No two events bear the same time, so that their order is that in which they happened.
Webhook Model::event(std::string_view type, std::string_view data, Instant now) {
  last_event_ = std::max(now, last_event_ + 1);
  Webhook out{new_event_id(), std::string(type), {}};
  json::JsonLine line;
  line.raw("{\"id\":").quoted(out.id).raw(",\"type\":").quoted(type);
  line.raw(",\"timestamp\":").time(last_event_).raw(",\"data\":").raw(data).raw("}");
  out.body = line.view();
  return out;
}

std::optional<Webhook> Model::settle(std::uint32_t charge, bool paid, Instant now) {
  if (charge >= held_.charges().size()) return std::nullopt;
  if (held_.charges()[charge].status != ChargeStatus::pending) return std::nullopt;
  held_.settle_charge(charge, paid ? ChargeStatus::paid : ChargeStatus::failed);
  return event(paid ? "invoice.paid" : "invoice.payment_failed",
               invoice_json(held_, charge, held_.new_id("in"), paid), now);
}

}  // namespace reckoner::sim::sandbox
