#include "actors/http/api/front_door.hpp"

#include "actors/http/api/endpoints.hpp"
#include "actors/http/api/router.hpp"
#include "actors/http/problem.hpp"
#include "actors/keys/api_key.hpp"
#include "engine/basics/ids.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::int64_t kRetrySeconds = 1;

const Router& router() {
  static const Router the_router({
      {"POST", "/api/v1/usage", Access::usage, post_usage, true},
      {"POST", "/api/v1/usage/batch", Access::usage, post_usage_batch, true},
      {"POST", "/api/v1/webhooks/polar", Access::signature, post_polar_webhook, true},
      {"POST", "/api/v1/customers/{customer_id}/authorize", Access::usage, post_authorize},
      {"GET", "/api/v1/customers/{customer_id}/entitlement", Access::read, get_entitlement},
      {"GET", "/api/v1/customers/{customer_id}", Access::read, get_customer},
      {"PATCH", "/api/v1/customers/{customer_id}", Access::admin, patch_customer},
      {"GET", "/api/v1/customers", Access::read, list_customers},
      {"POST", "/api/v1/customers", Access::admin, post_customer},
      {"GET", "/api/v1/charges", Access::read, list_charges},
      {"POST", "/api/v1/charges/{charge_id}/retry", Access::admin, retry_charge},
      {"POST", "/api/v1/charges/{charge_id}/release", Access::admin, release_charge},
      {"POST", "/api/v1/charges/{charge_id}/write-off", Access::admin, write_off_charge},
      {"GET", "/api/v1/hashes", Access::admin, get_hashes},
      {"GET", "/healthz", Access::open, get_healthz, true, true},
      {"GET", "/readyz", Access::open, get_readyz, true, true},
      {"GET", "/openapi.json", Access::open, get_openapi, true},
  });
  return the_router;
}

std::string_view scope_name(Access access) {
  switch (access) {
    case Access::usage:
      return "usage";
    case Access::read:
      return "read";
    default:
      return "admin";
  }
}

bool has_scope(const keys::Scopes& scopes, Access access) {
  switch (access) {
    case Access::usage:
      return scopes.usage;
    case Access::read:
      return scopes.read;
    case Access::admin:
      return scopes.admin;
    default:
      return true;
  }
}

// As it was sent; empty: none was.
std::string_view key_of(const Request& request) {
  static constexpr std::string_view kBearer = "bearer ";
  if (const std::string* field = request.header("authorization")) {
    const std::string_view text = *field;
    if (fold_case(text.substr(0, kBearer.size())) == kBearer) {
      const std::string_view key = text.substr(kBearer.size());
      return key.substr(std::min(key.find_first_not_of(' '), key.size()));
    }
  }
  const std::string* field = request.header("x-api-key");
  return field == nullptr ? std::string_view() : std::string_view(*field);
}

Response unauthorized(std::string_view detail) {
  Response response = problem(401, "unauthorized", detail);
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

// False: it was answered.
bool may_enter(const CallPtr& call, Access access) {
  if (access == Access::open || access == Access::signature) return true;
  const std::string_view key = key_of(call->request);
  if (key.empty()) {
    call->answer(
        unauthorized("the request has no API key; it takes Authorization: Bearer KEY, or "
                     "X-API-Key: KEY"));
    return false;
  }
  const std::optional<keys::Scopes> scopes = call->core().keys->scopes_of(key);
  if (!scopes) {
    call->answer(unauthorized("the API key is none that is known, or was revoked"));
    return false;
  }
  if (const auto parts = keys::split_api_key(key)) call->key_id = parts->id;
  if (has_scope(*scopes, access)) return true;
  call->answer(
      problem(403, "forbidden", "the API key lacks the scope " + std::string(scope_name(access))));
  return false;
}

Response not_ready(Core& core) {
  const std::lock_guard lock(core.mutex);
  return problem_later(503, "unavailable", "not ready: " + core.why_not_ready, kRetrySeconds);
}

Response no_route(const Router::Match& match, const Request& request) {
  if (match.found == Router::Found::bad_path)
    return problem(
        400, "bad_request",
        "the path is '" + request.path + "'; behind a % it takes two hexadecimal digits");
  if (match.found == Router::Found::no_path)
    return problem(404, "not_found", "there is nothing at '" + request.path + "'");
  Response response =
      problem(405, "method_not_allowed",
              "the method is " + request.method + "; '" + request.path + "' takes " + match.allow);
  response.headers.emplace_back("Allow", match.allow);
  return response;
}

void handle(const std::shared_ptr<Core>& core, Request request, Reply reply) {
  Router::Match match = router().match(request.method, request.path);
  const auto call = std::make_shared<Call>(core, std::move(request), std::move(reply));
  const Route* route = match.route;
  if (route != nullptr) call->route = route->pattern;
  if (!core->ready && (route == nullptr || !route->before_ready))
    return call->answer(not_ready(*core));
  if (match.found != Router::Found::route) return call->answer(no_route(match, call->request));
  call->params = std::move(match.params);
  if (!may_enter(call, route->access)) return;
  if (!route->own_bound) {
    auto ticket = core->others.admit(1, call->request.body.size());
    if (!ticket)
      return call->answer(
          problem_later(503, "unavailable", "too many requests are in flight", kRetrySeconds));
    call->ticket = std::move(*ticket);
  }
  route->endpoint(call);
}

}  // namespace

Result<std::unique_ptr<FrontDoor>> FrontDoor::make(FrontDoorOptions options) {
  if (!options.webhook_secrets.empty()) {
    const auto verifier = polar::SignatureVerifier::of_secrets(options.webhook_secrets);
    if (!verifier) return verifier.error();
  }
  auto core = std::make_shared<Core>(std::move(options));
  return std::unique_ptr<FrontDoor>(new FrontDoor(std::move(core)));
}

FrontDoor::~FrontDoor() = default;

Handler FrontDoor::handler() const {
  return [core = core_](Request request, Reply reply) {
    handle(core, std::move(request), std::move(reply));
  };
}

std::function<void(const Request&, const Response&)> FrontDoor::on_refused() const {
  return [core = core_](const Request& request, const Response& response) {
    if (!core->options.on_access) return;
    AccessRecord record;
    record.method = request.method;
    record.status = response.status;
    record.bytes_in = request.body.size();
    record.bytes_out = response.body.size();
    record.request_id = request.id;
    record.remote = request.remote;
    core->options.on_access(record);
  };
}

void FrontDoor::ready(actors::Engine& engine, const keys::KeyRing& keys) {
  core_->engine = &engine;
  core_->keys = &keys;
  core_->ready = true;
}

void FrontDoor::not_ready(std::string why) {
  core_->ready = false;
  const std::lock_guard lock(core_->mutex);
  core_->why_not_ready = std::move(why);
}

}  // namespace reckoner::http::api
