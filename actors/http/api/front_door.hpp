// The HTTP API on the engine: routes, access, limits on what is in flight, errors as problem+json.
//
//   start Server with handler() ─▶ open the engine ─▶ ready(engine, keys) … not_ready("stopping")
//   ─▶ stop the Server ─▶ stop the engine
//
// Before ready() and after not_ready(): /healthz is 200, /readyz 503 with the reason, everything
// else 503 with Retry-After.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/http/api/call.hpp"
#include "actors/http/message.hpp"

namespace reckoner::http::api {

class FrontDoor {
 public:
  // Error: `invalid_setting`, of the webhook secrets (which it does not print).
  static Result<std::unique_ptr<FrontDoor>> make(FrontDoorOptions options);
  ~FrontDoor();

  // For Server::start. May outlive the front door; then it answers as it did last.
  Handler handler() const;
  // For ServerOptions::on_refused: goes to on_access.
  std::function<void(const Request&, const Response&)> on_refused() const;

  // From now on requests go to the engine. Both outlive the server that calls handler().
  void ready(actors::Engine& engine, const keys::KeyRing& keys);
  void not_ready(std::string why);

 private:
  explicit FrontDoor(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  std::shared_ptr<Core> core_;
};

}  // namespace reckoner::http::api
