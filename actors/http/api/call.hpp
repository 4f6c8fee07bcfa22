// One request on its way through the API, from the route that it matched to its one answer.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/engine/engine.hpp"
#include "actors/http/api/access_record.hpp"
#include "actors/http/api/admission.hpp"
#include "actors/http/message.hpp"
#include "actors/keys/key_ring.hpp"
#include "engine/polar/signature.hpp"

namespace reckoner::http::api {

struct FrontDoorOptions {
  std::size_t max_batch = 10'000;  // events
  std::size_t max_webhook_body = 1024 * 1024;
  // Comma-separated; all are valid at once. Empty: webhooks are refused.
  std::string webhook_secrets;
  polar::Scheme webhook_scheme = polar::Scheme::any;
  // In flight: events of usage, webhooks, and all other requests.
  Admission::Bounds usage{200'000, 256 * 1024 * 1024};
  Admission::Bounds webhooks{4'000, 64 * 1024 * 1024};
  Admission::Bounds others{4'000, 64 * 1024 * 1024};
  // Now, which signatures are judged by. Empty: the system's clock.
  std::function<Instant()> now;
  // Of each answer; on whatever thread gave it. May be empty.
  std::function<void(const AccessRecord&)> on_access;
};

// Verifiers are used by one thread at a time: as many as are at work at once.
class Verifiers {
 public:
  explicit Verifiers(std::string secrets) : secrets_(std::move(secrets)) {}

  bool any() const { return !secrets_.empty(); }
  polar::Verdict verify(const polar::SignatureHeaders& headers, std::string_view body,
                        std::int64_t now, polar::Scheme scheme);

 private:
  const std::string secrets_;  // good
  std::mutex mutex_;
  std::vector<polar::SignatureVerifier> free_;
};

// What all requests share; lives as long as the last of them.
struct Core {
  explicit Core(FrontDoorOptions given);

  const FrontDoorOptions options;
  Admission usage, webhooks, others, heavy;
  Verifiers verifiers;

  std::atomic<bool> ready{false};
  actors::Engine* engine = nullptr;        // once ready
  const keys::KeyRing* keys = nullptr;     // once ready
  std::string why_not_ready = "starting";  // under `mutex`
  std::mutex mutex;

  Instant now() const;
};

class Call {
 public:
  Call(std::shared_ptr<Core> core, Request sent, Reply reply);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Core& core() { return *core_; }
  actors::Engine& engine() { return *core_->engine; }
  const FrontDoorOptions& options() const { return core_->options; }

  Request request;
  std::string_view route;           // its pattern, for the log
  std::vector<std::string> params;  // of the path, decoded, in order
  std::string customer_id, key_id;  // for the log
  Admission::Ticket ticket;         // let go with the answer

  // Once, from any thread.
  void answer(Response response);
  void answer(const Error& error);
  // 200, or another status that is no error, with a JSON text.
  void answer_json(std::string body, unsigned status = 200);

 private:
  std::shared_ptr<Core> core_;
  Reply reply_;
  std::chrono::steady_clock::time_point began_;
  std::size_t bytes_in_;
};

using CallPtr = std::shared_ptr<Call>;
using Endpoint = void (*)(const CallPtr& call);

// What an error of the engine, or of reading a request, is as an answer.
Response answer_to(const Error& error);

}  // namespace reckoner::http::api
