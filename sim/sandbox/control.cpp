#include "sim/sandbox/control.hpp"

#include <array>
#include <utility>

#include "sim/sandbox/fields.hpp"
#include "sim/sandbox/object_json.hpp"

namespace reckoner::sim::sandbox {
namespace {

constexpr std::int64_t kMostSeconds = 10 * 366 * 86'400LL;

struct Call {
  State& state;
  const http::Request& request;
  Instant now;
  ControlOutcome out;

  void say(std::string body) { out.response.body = std::move(body); }
  void refuse(unsigned status, const Error& error) {
    out.response = error_response(status, error.code, error.detail);
  }
};

void get_state(Call& call) {
  call.say(state_json(call.state, false));
}

void get_totals(Call& call) {
  call.say(state_json(call.state, true));
}

void get_faults(Call& call) {
  call.say(faults_json(call.state.faults));
}

// {"faults":"500:0.1,down"} in place of what there was, {"add":"down"}, {"remove":"down"}; in this
// order, if there are several.
void post_faults(Call& call) {
  Result<Fields> fields = Fields::read(call.request.body);
  if (!fields) return call.refuse(422, fields.error());
  Faults changed = call.state.faults;  // so that all of it happens, or nothing
  for (const Field& field : fields->all()) {
    const bool known = field.name == "faults" || field.name == "add" || field.name == "remove";
    if (!known || field.kind != Field::Kind::string)
      return call.refuse(422, invalid(field.name + " is not known, or no string; there are "
                                                   "faults, add and remove, each a list"));
  }
  Status done = Done{};
  if (fields->find("faults") != nullptr) done = changed.set(fields->string("faults"), call.now);
  if (done && fields->find("add") != nullptr) done = changed.add(fields->string("add"), call.now);
  if (done && fields->find("remove") != nullptr) done = changed.remove(fields->string("remove"));
  if (!done) return call.refuse(422, done.error());
  call.state.faults = std::move(changed);
  get_faults(call);
}

void post_webhooks(Call& call) {
  const Result<std::string> id = send_webhook(call.state, call.request.body, call.now);
  if (!id) return call.refuse(id.error().code == "not_sent" ? 409 : 422, id.error());
  call.out.response.status = 202;
  call.say("{\"id\":" + quoted(*id) + '}');
}

void post_reset(Call& call) {
  call.state.model.clear();
  call.state.deliveries.clear();
  call.state.requests.clear();
  call.state.faults.forget_fired();
  get_totals(call);
}

void post_advance(Call& call) {
  Result<Fields> fields = Fields::read(call.request.body);
  if (!fields) return call.refuse(422, fields.error());
  const auto seconds = fields->money("seconds");
  if (!seconds || *seconds < Money{} || seconds->pico > kPicoPerUsd * kMostSeconds)
    return call.refuse(422, invalid("seconds takes a number from 0 up to ten years"));
  call.out.advance = static_cast<Micros>(seconds->pico / 1'000'000);
  call.state.advanced += call.out.advance;
  get_totals(call);
}

void disable_webhooks(Call& call) {
  call.state.deliveries.set_enabled(false);
  get_totals(call);
}

void enable_webhooks(Call& call) {
  call.state.deliveries.set_enabled(true);
  get_totals(call);
}

struct Route {
  std::string_view method, name;
  void (*handle)(Call&);
};

constexpr std::array<Route, 9> kRoutes = {{
    {"GET", "state", get_state},
    {"GET", "totals", get_totals},
    {"GET", "faults", get_faults},
    {"POST", "faults", post_faults},
    {"POST", "webhooks", post_webhooks},
    {"POST", "reset", post_reset},
    {"POST", "advance", post_advance},
    {"POST", "disable-webhooks", disable_webhooks},
    {"POST", "enable-webhooks", enable_webhooks},
}};

}  // namespace

Result<std::string> send_webhook(State& state, std::string_view body, Instant now) {
  Result<Fields> fields = Fields::read(body);
  if (!fields) return fields.error();
  Webhook webhook{std::string(fields->id("id")), std::string(fields->string("type")),
                  std::string(body)};
  if (webhook.id.empty()) webhook.id = state.model.new_event_id();
  std::string id = webhook.id;
  if (!state.deliveries.add(std::move(webhook), state.faults.on_webhook(now), now))
    return Error{"not_sent", "webhooks have no endpoint, are disabled, or too many wait"};
  return id;
}

ControlOutcome control(State& state, const http::Request& request, Instant now) {
  Call call{state, request, now, {}};
  std::string_view name = request.path;
  name.remove_prefix(std::min(name.size(), kControlPath.size()));
  bool is_path = false;
  for (const Route& route : kRoutes) {
    if (route.name != name) continue;
    is_path = true;
    if (route.method != request.method) continue;
    route.handle(call);
    return std::move(call.out);
  }
  call.refuse(is_path ? 405 : 404, {is_path ? "MethodNotAllowed" : "NotFound",
                                    "there is no " + request.method + ' ' + request.path});
  return std::move(call.out);
}

}  // namespace reckoner::sim::sandbox
